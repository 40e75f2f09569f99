//! `csp/missing-base-uri`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-base-uri",
    severity: Severity::Medium,
    summary: "nothing limits `<base>`",
    rationale: "An injected `<base>` makes the page's own relative script URLs point at an attacker's host: with nonces or hashes and `'strict-dynamic'` they would run. No other directive is a fallback for it.",
    example: Example::Policy("default-src 'self'"),
    good: Example::Policy("default-src 'self'; base-uri 'none'"),
    fix: "add `base-uri 'none'`, or `base-uri 'self'` if the site uses `<base>`",
    references: &["https://www.w3.org/TR/CSP3/#directive-base-uri"],
    equivalents: &[
        ("csp-evaluator", &["MISSING_DIRECTIVES"]),
        ("lighthouse", &["missingBaseUri"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Missing(Directive::BaseUri),
    message: |_| "`base-uri` is missing, so injected markup can redirect relative URLs".to_owned(),
    mend: |place| place.add_directive("base-uri 'none'"),
    ..Rule::BASE
};
