//! `csp/report-to-only`.

use crate::csp::{Delivery, Directive};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/report-to-only",
    severity: Severity::Info,
    summary: "older browsers send no reports",
    rationale: "Firefox knows `report-to` since version 149, Safari since 16.4; before, `report-uri` is what they know. Where both are there, browsers that know `report-to` ignore the other.",
    example: Example::Policy("script-src 'self'; report-to main"),
    good: Example::Policy("script-src 'self'; report-to main; report-uri /csp"),
    fix: "add `report-uri` beside it",
    references: &["https://www.w3.org/TR/CSP3/#directive-report-to"],
    equivalents: &[("csp-evaluator", &["REPORT_TO_ONLY"]), ("lighthouse", &["reportToOnly"])],
    check: Check::Member(|_, member, found| {
        if member.present.contains(Directive::ReportTo)
            && member.values(Directive::ReportUri).next().is_none()
            && member.delivery != Delivery::Meta
        {
            found.at_name(member, Directive::ReportTo);
        }
    }),
    message: |_| "`report-to` stands without `report-uri`, which older browsers need".to_owned(),
    ..Rule::BASE
};
