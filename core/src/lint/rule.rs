//! What a rule is.

use crate::csp::{Delivery, Directive, ParsedDirective, Policy, Value};
use crate::diagnostic::{Finding, Severity};
use crate::text::Span;

use super::PolicyText;

/// Findings of another tool that a rule covers.
pub type Equivalent = (&'static str, &'static [&'static str]);

/// How a rule looks for what it finds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// It is said wrongly, whatever other policies say.
    Mistake(fn(&Policy<'_>) -> Vec<Hit>),
    /// A directive lets something through, which the one that decides in another policy may stop.
    Weakness {
        /// What it lets through: loads and code that these directives, or those they fall back to, decide about.
        decided_for: &'static [Directive],
        /// Looks in the deciding directive.
        find: fn(&ParsedDirective<'_>, Directive) -> Vec<Hit>,
    },
    /// No policy has the directive, nor one that it falls back to.
    Missing {
        /// Which.
        directive: Directive,
        /// What that means.
        message: &'static str,
    },
}

/// A rule: its documentation, and its check.
#[derive(Debug)]
pub struct Rule {
    /// Its id, such as `csp/unsafe-inline`.
    pub id: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What it finds, in a line.
    pub summary: &'static str,
    /// Why that matters.
    pub rationale: &'static str,
    /// A policy in which it finds something.
    pub example: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Where it is specified or explained.
    pub references: &'static [&'static str],
    /// What other tools call it.
    pub equivalents: &'static [Equivalent],
    pub(super) check: Check,
}

/// One place where a rule found something.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) span: Span,
    pub(super) directive: Option<String>,
    pub(super) value: Option<String>,
    pub(super) message: String,
}

impl Hit {
    /// At a value of a directive.
    pub(super) fn at_value(
        directive: &ParsedDirective<'_>,
        value: &Value<'_>,
        message: String,
    ) -> Self {
        Self {
            span: value.span,
            directive: Some(directive.name.to_ascii_lowercase()),
            value: Some(value.text.to_owned()),
            message,
        }
    }

    /// About the policy as a whole, for what it lacks.
    pub(super) fn at_policy(policy: &Policy<'_>, directive: &str, message: String) -> Self {
        let start = policy.directives.first().map_or(policy.span.start, |first| first.span.start);
        let end = policy.directives.last().map_or(policy.span.end, |last| last.span.end);
        Self {
            span: Span::new(start, end),
            directive: Some(directive.to_owned()),
            value: None,
            message,
        }
    }
}

impl Rule {
    pub(super) fn finding(&self, hit: Hit, text: &PolicyText<'_>) -> Finding {
        Finding {
            rule: self.id.to_owned(),
            severity: self.severity,
            header: Some(header(text.delivery).to_owned()),
            directive: hit.directive,
            value: hit.value,
            message: hit.message,
            help: self.fix.to_owned(),
            fix: None,
            location: None,
        }
    }
}

/// The header that a policy of this delivery stands in.
pub(super) const fn header(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Header | Delivery::Meta => "Content-Security-Policy",
        Delivery::ReportOnly => "Content-Security-Policy-Report-Only",
    }
}
