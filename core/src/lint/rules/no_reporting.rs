//! `csp/no-reporting`.

use crate::csp::{Delivery, Directive};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/no-reporting",
    severity: Severity::Info,
    summary: "violations are not reported",
    rationale: "Without reports nobody learns that the policy breaks a page, or that someone tries to get around it.",
    example: Example::Policy("script-src 'self'"),
    good: Example::Policy("script-src 'self'; report-to main"),
    fix: "add `report-to` with the header Reporting-Endpoints, and `report-uri` for older browsers",
    references: &["https://www.w3.org/TR/CSP3/#reporting"],
    equivalents: &[
        ("csp-evaluator", &["REPORTING_DESTINATION_MISSING"]),
        ("lighthouse", &["reportingDestinationMissing"]),
    ],
    check: Check::Member(|_, member, found| {
        let names_one = |directive| member.get(directive).is_some_and(|found| !found.is_empty());
        let reports = [Directive::ReportTo, Directive::ReportUri];
        if member.delivery != Delivery::Meta && !reports.into_iter().any(names_one) {
            found.at_policy(member);
        }
    }),
    message: |_| {
        "neither `report-to` nor `report-uri` is there, so violations go unseen".to_owned()
    },
    ..Rule::BASE
};
