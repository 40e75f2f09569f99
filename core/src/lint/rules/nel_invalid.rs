//! `nel/invalid`.

use crate::diagnostic::Severity;
use crate::header::Nel;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "nel/invalid",
    severity: Severity::Low,
    summary: "NEL holds nothing that browsers know",
    rationale: "Browsers ignore it without `max_age`, and without `report_to` unless `max_age` is 0.",
    example: Example::Head("NEL: {\"report_to\":\"default\"}"),
    good: Example::Head("NEL: {\"report_to\":\"default\",\"max_age\":2592000}"),
    fix: "write both keys: `{\"report_to\":\"default\",\"max_age\":2592000}`",
    references: &["https://www.w3.org/TR/network-error-logging/#nel-response-header"],
    equivalents: &[("humble", &["NEL"])],
    check: Check::Response(|subject, found| at_issues::<Nel>(subject, found, |_| true)),
    message: |place| format!("browsers cannot read `{}` in {}", place.written(), place.header()),
    ..Rule::BASE
};
