//! `csp/missing-base-uri`.

use super::missing;
use crate::csp::{Directive, Policy};
use crate::diagnostic::Severity;
use crate::lint::rule::{Hit, Kind, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-base-uri",
    severity: Severity::Medium,
    summary: "nothing limits `<base>`",
    rationale: "An injected `<base>` makes the page's own relative script URLs point at an attacker's host: with nonces or hashes and `'strict-dynamic'` they would run. No other directive is a fallback for it.",
    example: "default-src 'self'",
    fix: "add `base-uri 'none'`, or `base-uri 'self'` if the site uses `<base>`",
    references: &["https://www.w3.org/TR/CSP3/#directive-base-uri"],
    equivalents: &[("csp-evaluator", &["MISSING_DIRECTIVES"])],
    kind: Kind::Weakness,
    check,
};

fn check(policy: &Policy<'_>) -> Vec<Hit> {
    missing(
        policy,
        Directive::BaseUri,
        "`base-uri` is missing, so injected markup can redirect relative URLs",
    )
}
