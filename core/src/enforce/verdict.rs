//! What is answered, and why.

use crate::csp::{Delivery, Directive, ParsedDirective};
use crate::text::Span;

/// A policy's disposition (section 2.2): what a violation of it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// It blocks.
    Enforce,
    /// It is reported, and nothing else.
    Report,
}

impl Disposition {
    /// Its name in the specification.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Report => "report",
        }
    }
}

impl From<Delivery> for Disposition {
    fn from(delivery: Delivery) -> Self {
        match delivery {
            Delivery::Header | Delivery::Meta => Self::Enforce,
            Delivery::ReportOnly => Self::Report,
        }
    }
}

/// Why a directive is violated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// No expression of the list matches the URL.
    NoSourceMatches,
    /// The list is empty or `'none'`.
    NothingAllowed,
    /// `'strict-dynamic'` makes the list of sources count for nothing, and the parser inserted the script.
    ParserInserted,
    /// No expression of the list allows the inline item.
    InlineNotAllowed,
    /// There is `'unsafe-inline'`, but a nonce, a hash or `'strict-dynamic'` beside it takes its force.
    UnsafeInlineIgnored,
    /// Its hash is there, but hashes count for attributes and `javascript:` URLs only with `'unsafe-hashes'`.
    UnsafeHashesMissing,
    /// The nonce is there, but the element's markup may be an attacker's (section 6.7.3.1).
    NotNonceable,
    /// Strings may not be compiled to code.
    EvalNotAllowed,
    /// There is `'trusted-types-eval'`, but no enforced policy requires Trusted Types.
    TrustedTypesNotRequired,
    /// WebAssembly may not be compiled.
    WasmNotAllowed,
    /// `webrtc` is anything but `'allow'`.
    WebrtcBlocked,
    /// One of the ancestors matches no expression.
    AncestorNotAllowed,
    /// The sandbox keeps scripts from running, or the worker from its origin.
    Sandboxed,
    /// A string is not of a trusted type.
    TrustedTypesRequired,
    /// A Trusted Types policy may not have this name.
    PolicyNameNotAllowed,
    /// There is a Trusted Types policy of this name already.
    PolicyNameTaken,
}

impl Reason {
    /// Its name in JSON.
    ///
    /// ```
    /// assert_eq!(cspc_core::enforce::Reason::NoSourceMatches.as_str(), "no-source-matches");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSourceMatches => "no-source-matches",
            Self::NothingAllowed => "nothing-allowed",
            Self::ParserInserted => "parser-inserted",
            Self::InlineNotAllowed => "inline-not-allowed",
            Self::UnsafeInlineIgnored => "unsafe-inline-ignored",
            Self::UnsafeHashesMissing => "unsafe-hashes-missing",
            Self::NotNonceable => "not-nonceable",
            Self::EvalNotAllowed => "eval-not-allowed",
            Self::TrustedTypesNotRequired => "trusted-types-not-required",
            Self::WasmNotAllowed => "wasm-not-allowed",
            Self::WebrtcBlocked => "webrtc-blocked",
            Self::AncestorNotAllowed => "ancestor-not-allowed",
            Self::Sandboxed => "sandboxed",
            Self::TrustedTypesRequired => "trusted-types-required",
            Self::PolicyNameNotAllowed => "policy-name-not-allowed",
            Self::PolicyNameTaken => "policy-name-taken",
        }
    }
}

/// One policy's objection (section 2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which policy, counted from 0 in the order asked.
    pub policy: usize,
    /// Whether it blocks or reports.
    pub disposition: Disposition,
    /// The directive most relevant to the question, which a report names.
    pub effective: Directive,
    /// The directive that decided: the effective one, or what it falls back to.
    pub directive: Directive,
    /// Where the deciding directive stands.
    pub directive_span: Span,
    /// Where the expression stands that is to blame, such as `'strict-dynamic'`, if one is.
    pub expression: Option<Span>,
    /// Why.
    pub reason: Reason,
    /// The smallest addition to the list that would allow it, if one is known; several expressions have spaces between
    /// them. In place of `'none'`, if that is the list.
    pub would_allow: Option<String>,
    /// The sample of the code that a report holds: 40 characters, if the list has `'report-sample'`.
    pub sample: Option<String>,
}

/// One policy's consent: what in it matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Which policy, counted from 0 in the order asked.
    pub policy: usize,
    /// The directive most relevant to the question.
    pub effective: Directive,
    /// The directive that decided.
    pub directive: Directive,
    /// Where it stands.
    pub directive_span: Span,
    /// Where the expression stands that allowed it, if one did.
    pub expression: Option<Span>,
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether no enforced policy objects.
    pub allowed: bool,
    /// The objections, those that are only reported among them, in the order of the policies.
    pub violations: Vec<Violation>,
    /// The consents. A policy that does not govern what was asked is in neither list.
    pub matches: Vec<Match>,
}

/// Which directive something is said of, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) directive: Directive,
    pub(super) span: Span,
}

impl Clause {
    pub(super) fn of(directive: &ParsedDirective<'_>) -> Option<Self> {
        Some(Self { directive: directive.directive?, span: directive.span })
    }
}

/// What is added to a violation.
#[derive(Debug, Default)]
pub(super) struct Advice {
    pub(super) would_allow: Option<String>,
    pub(super) sample: Option<String>,
}

/// What one policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) effective: Directive,
    pub(super) clause: Clause,
    pub(super) outcome: Outcome,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// By the expression at this place, if by one.
    Allowed(Option<Span>),
    /// For this reason, and because of the expression at this place, if of one.
    Blocked(Reason, Option<Span>),
}

impl Outcome {
    pub(super) const fn blocked(reason: Reason) -> Self {
        Self::Blocked(reason, None)
    }

    /// Allowed by what was found, or else blocked.
    pub(super) fn by(found: Option<Span>, otherwise: impl FnOnce() -> Self) -> Self {
        if found.is_some() { Self::Allowed(found) } else { otherwise() }
    }

    pub(super) const fn is_blocked(self) -> bool {
        matches!(self, Self::Blocked(..))
    }
}

impl Verdict {
    pub(super) const fn new() -> Self {
        Self { allowed: true, violations: Vec::new(), matches: Vec::new() }
    }

    pub(super) fn add(
        &mut self,
        policy: usize,
        disposition: Disposition,
        decision: Decision,
        advice: impl FnOnce(Reason) -> Advice,
    ) {
        let Decision { effective, clause, outcome } = decision;
        let Clause { directive, span: directive_span } = clause;
        match outcome {
            Outcome::Allowed(expression) => self.matches.push(Match {
                policy,
                effective,
                directive,
                directive_span,
                expression,
            }),
            Outcome::Blocked(reason, expression) => {
                self.allowed &= disposition == Disposition::Report;
                let Advice { would_allow, sample } = advice(reason);
                self.violations.push(Violation {
                    policy,
                    disposition,
                    effective,
                    directive,
                    directive_span,
                    expression,
                    reason,
                    would_allow,
                    sample,
                });
            }
        }
    }
}
