//! `reporting/invalid-report-to`.

use crate::diagnostic::Severity;
use crate::header::ReportTo;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "reporting/invalid-report-to",
    severity: Severity::Low,
    summary: "Report-To holds nothing that browsers know",
    rationale: "Browsers read JSON objects here, each with `max_age` and `endpoints`; the syntax of Reporting-Endpoints is none.",
    example: Example::Head("Report-To: csp=\"https://reports.example/\""),
    good: Example::Head(
        "Report-To: {\"group\":\"csp\",\"max_age\":86400,\"endpoints\":[{\"url\":\"https://reports.example/\"}]}",
    ),
    fix: "send `Reporting-Endpoints` in its place; Network Error Logging still needs Report-To, as JSON",
    references: &["https://www.w3.org/TR/2018/WD-reporting-1-20180925/#header"],
    equivalents: &[("humble", &["Report-To"])],
    check: Check::Response(|subject, found| at_issues::<ReportTo>(subject, found, |_| true)),
    message: |place| format!("browsers cannot read `{}` in {}", place.written(), place.header()),
    ..Rule::BASE
};
