//! `csp/unknown-report-endpoint`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Found, Rule};
use crate::lint::subject::Subject;
use crate::response::{Extent, Field};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unknown-report-endpoint",
    severity: Severity::Medium,
    summary: "`report-to` names an endpoint that no header defines",
    rationale: "Browsers send reports to the address that Reporting-Endpoints gives to the name; without one they send none.",
    example: Example::Head(
        "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; report-to main\nContent-Type: text/html",
    ),
    good: Example::Head(
        "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; report-to main\nReporting-Endpoints: main=\"https://reports.example/\"",
    ),
    fix: "send `Reporting-Endpoints: name=\"https://…\"` with the page",
    references: &["https://www.w3.org/TR/reporting-1/#header"],
    check: Check::Response(find),
    message: |place| format!("no header says where the endpoint `{}` is", place.written()),
    ..Rule::BASE
};

fn find(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.response.extent != Extent::Head {
        return;
    }
    for (index, member) in subject.members.iter().enumerate() {
        let Some(directive) = member.get(Directive::ReportTo) else { continue };
        let at = member.policy.directives.iter().position(|other| other.span == directive.span);
        let Some(endpoint) = directive.values().next() else { continue };
        if !subject.response.fields.iter().any(|field| defines(field, endpoint.text)) {
            found.member = Some(index);
            found.at(member, at, endpoint.span);
        }
    }
}

/// Whether the header defines the endpoint: a key of Reporting-Endpoints, or a group of the older Report-To.
fn defines(field: &Field<'_>, endpoint: &str) -> bool {
    let Field::Header { name, value } = field else { return false };
    if name.eq_ignore_ascii_case("reporting-endpoints") {
        value
            .split(',')
            .any(|member| member.split('=').next().is_some_and(|key| key.trim() == endpoint))
    } else {
        name.eq_ignore_ascii_case("report-to") && value.contains(&format!("\"{endpoint}\""))
    }
}
