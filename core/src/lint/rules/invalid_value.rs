//! `csp/invalid-value`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/invalid-value",
    severity: Severity::Medium,
    summary: "a directive does not know a value",
    rationale: "Browsers ignore it.",
    example: Example::Policy("require-trusted-types-for 'scripts'"),
    good: Example::Policy("require-trusted-types-for 'script'"),
    fix: "correct it or take it out",
    references: &["https://www.w3.org/TR/trusted-types/#trusted-types-csp-directive"],
    equivalents: &[
        (
            "csp-evaluator",
            &[
                "INVALID_KEYWORD",
                "REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS",
                "MISSING_SEMICOLON",
                "SRC_HTTP",
                "IP_SOURCE",
                "NONCE_CHARSET",
                "NONCE_LENGTH",
            ],
        ),
        ("lighthouse", &["unknownKeyword"]),
    ],
    check: Check::Issue(IssueCode::InvalidValue),
    message: |place| format!("`{}` is no value that `{}` knows", place.written(), place.name()),
    help,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    (place.name().eq_ignore_ascii_case("require-trusted-types-for"))
        .then(|| "it knows `'script'`, quotes included, and nothing else".to_owned())
}
