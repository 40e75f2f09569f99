//! `csp/duplicate-value`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/duplicate-value",
    severity: Severity::Info,
    summary: "a value stands in a list twice",
    rationale: "The second one changes nothing and makes the header longer.",
    example: Example::Policy("img-src https://a.example HTTPS://A.example"),
    good: Example::Policy("img-src https://a.example"),
    fix: "take one of them out",
    references: &["https://www.w3.org/TR/CSP3/#source-lists"],
    check: Check::Issue(IssueCode::DuplicateValue),
    message: |place| format!("`{}` stands in `{}` twice", place.written(), place.name()),
    mend: |place| place.delete_value(true),
    ..Rule::BASE
};
