//! `integrity-policy/missing`.

use crate::diagnostic::Severity;
use crate::header::{Header as _, IntegrityPolicy};
use crate::lint::headers::at_page_without;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "integrity-policy/missing",
    severity: Severity::Info,
    summary: "there is no Integrity-Policy",
    rationale: "A script without integrity is loaded as well as one with it: whoever is forgotten is not noticed.",
    example: Example::Head("Content-Type: text/html; charset=utf-8"),
    good: Example::Head(
        "Content-Type: text/html; charset=utf-8\nIntegrity-Policy: blocked-destinations=(script)",
    ),
    fix: "send `Integrity-Policy: blocked-destinations=(script)` once all scripts have integrity; `Integrity-Policy-Report-Only` shows which lack it",
    references: &[
        "https://www.w3.org/TR/sri-2/#integrity-policy-section",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Integrity-Policy",
    ],
    equivalents: &[("humble", &["Integrity-Policy"])],
    missing: Some("Integrity-Policy"),
    check: Check::Response(|subject, found| at_page_without(subject, found, IntegrityPolicy::NAME)),
    message: |_| "the page has no Integrity-Policy".to_owned(),
    ..Rule::BASE
};
