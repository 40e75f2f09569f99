//! `csp/ignored-in-report-only`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/ignored-in-report-only",
    severity: Severity::Low,
    summary: "a directive does not count in a policy that only reports",
    rationale: "Browsers pass over `sandbox` and `upgrade-insecure-requests` there.",
    example: Example::ReportOnly("default-src 'none'; sandbox"),
    good: Example::ReportOnly("default-src 'none'"),
    fix: "take it out, or enforce it in a policy of its own",
    references: &["https://www.w3.org/TR/CSP3/#cspro-header"],
    equivalents: &[("humble", &["CSP-RO"])],
    check: Check::Issue(IssueCode::IgnoredInReportOnly),
    message: |place| format!("`{}` does not count in a policy that only reports", place.written()),
    mend: |place| place.delete_directive(true),
    ..Rule::BASE
};
