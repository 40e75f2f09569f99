//! `integrity-policy/invalid`.

use crate::diagnostic::Severity;
use crate::header::IntegrityPolicy;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "integrity-policy/invalid",
    severity: Severity::Medium,
    summary: "Integrity-Policy says nothing to browsers",
    rationale: "It is a dictionary of lists; anything else is dropped, and scripts load without integrity.",
    example: Example::Head("Integrity-Policy: blocked-destinations=script"),
    good: Example::Head("Integrity-Policy: blocked-destinations=(script)"),
    fix: "write `blocked-destinations=(script)`",
    references: &[
        "https://w3c.github.io/webappsec-subresource-integrity/#integrity-policy-section",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Integrity-Policy",
    ],
    equivalents: &[("humble", &["Integrity-Policy"])],
    check: Check::Response(|subject, found| at_issues::<IntegrityPolicy>(subject, found, |_| true)),
    message: |place| format!("browsers cannot use `{}`", place.written()),
    ..Rule::BASE
};
