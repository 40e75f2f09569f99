//! `csp/missing-object-src`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-object-src",
    severity: Severity::Medium,
    summary: "nothing limits plugins and embedded documents",
    rationale: "`<object>` and `<embed>` can load documents that run scripts.",
    example: Example::Policy("script-src 'self'"),
    good: Example::Policy("script-src 'self'; object-src 'none'"),
    fix: "add `object-src 'none'`",
    references: &["https://www.w3.org/TR/CSP3/#directive-object-src"],
    equivalents: &[
        ("csp-evaluator", &["MISSING_DIRECTIVES"]),
        ("lighthouse", &["missingObjectSrc"]),
        ("observatory", &["csp-implemented-with-unsafe-inline"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Missing(Directive::ObjectSrc),
    message: |_| {
        "neither `object-src` nor `default-src` is there, so any plugin content may load".to_owned()
    },
    mend: |place| place.add_directive("object-src 'none'"),
    ..Rule::BASE
};
