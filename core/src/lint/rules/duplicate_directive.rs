//! `csp/duplicate-directive`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/duplicate-directive",
    severity: Severity::Medium,
    summary: "a directive stands in the policy a second time",
    rationale: "Browsers keep the first directive of a name and drop every later one, so that sources in a later one are not allowed, however they look.",
    example: Example::Policy("img-src 'self'; img-src https://cdn.example"),
    good: Example::Policy("img-src 'self' https://cdn.example"),
    fix: "put its sources into the first one",
    references: &["https://www.w3.org/TR/CSP3/#parse-serialized-policy"],
    equivalents: &[("zap", &["10055-3"]), ("observatory", &["csp-header-invalid"])],
    check: Check::Issue(IssueCode::DuplicateDirective),
    message: |place| {
        format!("`{}` stands here a second time, and browsers ignore it", place.written())
    },
    mend: |place| place.delete_directive(true),
    ..Rule::BASE
};
