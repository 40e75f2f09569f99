//! `csp/unexpected-value`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unexpected-value",
    severity: Severity::Low,
    summary: "a value follows a directive that takes none",
    rationale: "Browsers ignore it. It may be that a semicolon is missing before the next directive.",
    example: Example::Policy("upgrade-insecure-requests img-src 'self'"),
    good: Example::Policy("upgrade-insecure-requests; img-src 'self'"),
    fix: "take it out, or put a `;` before it",
    references: &["https://www.w3.org/TR/CSP3/#parse-serialized-policy"],
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
    check: Check::Issue(IssueCode::UnexpectedValue),
    message: |place| {
        format!("`{}` follows `{}`, which takes no value", place.written(), place.name())
    },
    ..Rule::BASE
};
