//! `csp/extra-value`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/extra-value",
    severity: Severity::Low,
    summary: "a directive has more values than it can have",
    rationale: "Browsers ignore the further ones. It may be that a semicolon is missing before the next directive.",
    example: Example::Policy("report-to main other"),
    good: Example::Policy("report-to main"),
    fix: "take it out",
    references: &["https://www.w3.org/TR/CSP3/#directive-report-to"],
    equivalents: &[(
        "csp-evaluator",
        &[
            "MISSING_SEMICOLON",
            "INVALID_KEYWORD",
            "SRC_HTTP",
            "IP_SOURCE",
            "NONCE_CHARSET",
            "NONCE_LENGTH",
        ],
    )],
    check: Check::Issue(IssueCode::ExtraValue),
    message: |place| format!("`{}` is one value too many for `{}`", place.written(), place.name()),
    ..Rule::BASE
};
