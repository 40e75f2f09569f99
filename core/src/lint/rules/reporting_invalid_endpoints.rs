//! `reporting/invalid-endpoints`.

use crate::diagnostic::Severity;
use crate::header::ReportingEndpoints;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "reporting/invalid-endpoints",
    severity: Severity::Low,
    summary: "Reporting-Endpoints holds nothing that browsers know",
    rationale: "One member that cannot be read, and browsers drop the whole header: no report arrives anywhere.",
    example: Example::Head("Reporting-Endpoints: csp=https://reports.example/"),
    good: Example::Head("Reporting-Endpoints: csp=\"https://reports.example/\""),
    fix: "write names and quoted URLs: `csp=\"https://reports.example/csp\"`",
    references: &["https://www.w3.org/TR/reporting-1/#header"],
    equivalents: &[("humble", &["Reporting-Endpoints"])],
    check: Check::Response(|subject, found| {
        at_issues::<ReportingEndpoints>(subject, found, |_| true)
    }),
    message: |place| format!("browsers cannot read `{}` in {}", place.written(), place.header()),
    ..Rule::BASE
};
