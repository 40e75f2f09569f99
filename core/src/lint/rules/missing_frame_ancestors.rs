//! `csp/missing-frame-ancestors`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-frame-ancestors",
    severity: Severity::Low,
    summary: "nothing limits who may frame the page",
    rationale: "A page that anyone may frame can be overlaid, so that users click on what they do not see. `default-src` is no fallback for it.",
    example: Example::Policy("default-src 'self'"),
    good: Example::Policy("default-src 'self'; frame-ancestors 'none'"),
    fix: "add `frame-ancestors 'none'`, or `'self'`; in a <meta> it does not count, so send it as a header",
    references: &["https://www.w3.org/TR/CSP3/#directive-frame-ancestors"],
    equivalents: &[
        ("zap", &["10055-13"]),
        ("lighthouse", &["clickjacking-mitigation"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Missing(Directive::FrameAncestors),
    message: |_| "`frame-ancestors` is missing, so any site may frame the page".to_owned(),
    mend: |place| place.add_directive("frame-ancestors 'self'"),
    ..Rule::BASE
};
