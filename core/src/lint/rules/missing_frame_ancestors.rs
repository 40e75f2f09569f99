//! `csp/missing-frame-ancestors`.

use super::missing;
use crate::csp::{Directive, Policy};
use crate::diagnostic::Severity;
use crate::lint::rule::{Hit, Kind, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-frame-ancestors",
    severity: Severity::Low,
    summary: "nothing limits who may frame the page",
    rationale: "A page that anyone may frame can be overlaid, so that users click on what they do not see. `default-src` is no fallback for it.",
    example: "default-src 'self'",
    fix: "add `frame-ancestors 'none'`, or `'self'`; in a <meta> it does not count, so send it as a header",
    references: &["https://www.w3.org/TR/CSP3/#directive-frame-ancestors"],
    equivalents: &[("zap", &["10055"])],
    kind: Kind::Weakness,
    check,
};

fn check(policy: &Policy<'_>) -> Vec<Hit> {
    missing(
        policy,
        Directive::FrameAncestors,
        "`frame-ancestors` is missing, so any site may frame the page",
    )
}
