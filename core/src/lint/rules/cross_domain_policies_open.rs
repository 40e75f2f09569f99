//! `cross-domain-policies/open`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cross-domain-policies/open",
    severity: Severity::Low,
    summary: "X-Permitted-Cross-Domain-Policies lets other sites in",
    rationale: "Programs that still read policy files of Flash and PDF then read data across origins, with the cookies of the visitor.",
    example: Example::Head("X-Permitted-Cross-Domain-Policies: all"),
    good: Example::Head("X-Permitted-Cross-Domain-Policies: none"),
    fix: "write `none`, or leave the header out where nothing reads it",
    references: &[
        "https://owasp.org/www-project-secure-headers/#x-permitted-cross-domain-policies",
    ],
    equivalents: &[
        ("humble", &["X-Permitted-Cross-Domain-Policies"]),
        ("shcheck", &["X-Permitted-Cross-Domain-Policies"]),
        ("owasp", &["X-Permitted-Cross-Domain-Policies"]),
        ("koenbuyens", &["X-Permitted-Cross-Domain-Policies"]),
    ],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "X-Permitted-Cross-Domain-Policies", |value| {
            !value.trim().eq_ignore_ascii_case("none")
        });
    }),
    message: |place| {
        format!("`{}` lets documents of other sites read data", place.written().trim())
    },
    ..Rule::BASE
};
