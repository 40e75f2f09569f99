//! `csp/report-only-alone`.

use crate::csp::Delivery;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::Member;
use crate::response::Extent;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/report-only-alone",
    severity: Severity::Low,
    summary: "the policy only reports",
    rationale: "Nothing is blocked by a policy that only reports: it is for trying out.",
    example: Example::Head(
        "Content-Type: text/html\nContent-Security-Policy-Report-Only: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    good: Example::Head(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    fix: "send it as Content-Security-Policy once the reports are quiet",
    references: &["https://www.w3.org/TR/CSP3/#cspro-header"],
    equivalents: &[
        ("lighthouse", &["csp-xss"]),
        ("zap", &["10038-3"]),
        ("observatory", &["csp-not-implemented-but-reporting-enabled"]),
        ("humble", &["CSP-RO"]),
    ],
    check: Check::Response(|subject, found| {
        let is_enforced = |member: &Member<'_>| member.delivery != Delivery::ReportOnly;
        if subject.response.extent == Extent::Head && !subject.members.iter().any(is_enforced) {
            for (index, member) in subject.members.iter().enumerate() {
                found.member = Some(index);
                found.at_policy(member);
            }
        }
    }),
    message: |_| "this policy only reports, and no other one is enforced".to_owned(),
    ..Rule::BASE
};
