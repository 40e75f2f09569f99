//! `csp/empty-source-list`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/empty-source-list",
    severity: Severity::Low,
    summary: "a directive has no sources",
    rationale: "Browsers read that as `'none'`; readers and other tools take it for a mistake.",
    example: Example::Policy("object-src; script-src 'self'"),
    good: Example::Policy("object-src 'none'; script-src 'self'"),
    fix: "write `'none'`, so that it is seen to be meant",
    references: &["https://www.w3.org/TR/CSP3/#match-url-to-source-list"],
    equivalents: &[("csp-evaluator", &["MISSING_DIRECTIVES"])],
    check: Check::Issue(IssueCode::EmptySourceList),
    message: |place| {
        format!("`{}` has no sources, which browsers read as `'none'`", place.written())
    },
    mend: |place| place.replace(format!("{} 'none'", place.written()), true),
    ..Rule::BASE
};
