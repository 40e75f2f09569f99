//! `csp/quoted-report-uri`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/quoted-report-uri",
    severity: Severity::Low,
    summary: "a keyword stands in place of the address for reports",
    rationale: "`report-uri` knows no keywords: browsers read `'none'` or `'self'` as a relative URL, and post reports to a page of that name.",
    example: Example::Policy("default-src 'none'; report-uri 'none'"),
    good: Example::Policy("default-src 'none'; report-uri /reports"),
    fix: "give the address of what takes reports, or take the directive out",
    references: &["https://www.w3.org/TR/CSP3/#directive-report-uri"],
    equivalents: &[("csp-evaluator", &["INVALID_KEYWORD", "NONCE_CHARSET", "NONCE_LENGTH"])],
    check: Check::Member(|_, member, found| {
        for (index, value) in member.values(Directive::ReportUri) {
            if value.text.starts_with('\'') {
                found.at(member, Some(index), value.span);
            }
        }
    }),
    message: |place| format!("browsers read `{}` as a relative URL", place.written()),
    ..Rule::BASE
};
