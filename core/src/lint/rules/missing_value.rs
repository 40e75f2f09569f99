//! `csp/missing-value`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-value",
    severity: Severity::Medium,
    summary: "a directive lacks the value that it needs",
    rationale: "Without a value it does nothing.",
    example: Example::Policy("require-trusted-types-for"),
    good: Example::Policy("require-trusted-types-for 'script'"),
    fix: "write one, or take the directive out",
    references: &["https://www.w3.org/TR/CSP3/#framework-directive"],
    equivalents: &[("csp-evaluator", &["REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS"])],
    check: Check::Issue(IssueCode::MissingValue),
    message: |place| format!("`{}` needs a value", place.written()),
    ..Rule::BASE
};
