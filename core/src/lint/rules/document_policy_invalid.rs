//! `document-policy/invalid`.

use crate::diagnostic::Severity;
use crate::header::DocumentPolicy;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "document-policy/invalid",
    severity: Severity::Low,
    summary: "Document-Policy holds nothing that browsers know",
    rationale: "Browsers ignore a feature that they do not know, and the whole header if they cannot read a part of it.",
    example: Example::Head("Document-Policy: unsized-images=?0"),
    good: Example::Head("Document-Policy: js-profiling"),
    fix: "name features that browsers know, such as `js-profiling`",
    references: &[
        "https://wicg.github.io/document-policy/",
        "https://chromestatus.com/feature/5756689661820928",
    ],
    equivalents: &[("humble", &["Document-Policy"])],
    check: Check::Response(|subject, found| at_issues::<DocumentPolicy>(subject, found, |_| true)),
    message: |place| format!("browsers cannot read `{}` in {}", place.written(), place.header()),
    ..Rule::BASE
};
