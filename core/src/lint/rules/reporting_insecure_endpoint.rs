//! `reporting/insecure-endpoint`.

use crate::diagnostic::Severity;
use crate::header::ReportingEndpoints;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "reporting/insecure-endpoint",
    severity: Severity::Low,
    summary: "reports go to an endpoint without HTTPS",
    rationale: "Browsers send reports over HTTPS only, so that none arrives.",
    example: Example::Head("Reporting-Endpoints: csp=\"http://r.example/csp\""),
    good: Example::Head("Reporting-Endpoints: csp=\"https://r.example/csp\""),
    fix: "write a URL with `https:`",
    references: &["https://www.w3.org/TR/reporting-1/#header"],
    equivalents: &[("humble", &["Reporting-Endpoints"])],
    check: Check::Response(|subject, found| {
        for (field, span, header) in parsed::<ReportingEndpoints>(subject) {
            for endpoint in
                header.endpoints.iter().filter(|endpoint| endpoint.url.starts_with("http:"))
            {
                found.at_header(field, endpoint.span.shifted(span.start));
            }
        }
    }),
    message: |place| format!("no report arrives at `{}`", place.written()),
    ..Rule::BASE
};
