//! `csp/unknown-directive`.

use crate::csp::{IssueCode, Keyword};
use crate::diagnostic::Severity;
use crate::lint::nearest;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unknown-directive",
    severity: Severity::Medium,
    summary: "no browser knows a directive of this name",
    rationale: "Browsers pass over what they do not know without a word, so that a misspelt directive protects nothing.",
    example: Example::Policy("defaut-src 'self'"),
    good: Example::Policy("default-src 'self'"),
    fix: "correct its name or take it out",
    references: &["https://www.w3.org/TR/CSP3/#parse-serialized-policy"],
    equivalents: &[
        (
            "csp-evaluator",
            &[
                "UNKNOWN_DIRECTIVE",
                "INVALID_KEYWORD",
                "SRC_HTTP",
                "IP_SOURCE",
                "NONCE_CHARSET",
                "NONCE_LENGTH",
            ],
        ),
        ("lighthouse", &["unknownDirective"]),
        ("zap", &["10055-3"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Issue(IssueCode::UnknownDirective),
    message: |place| format!("`{}` is not a directive, and browsers ignore it", place.written()),
    help,
    mend: |place| place.replace(nearest::directive(place.written())?, false),
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    if let Some(name) = nearest::directive(place.written()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let unquoted = place.written().trim_matches('\'');
    Keyword::from_unquoted(unquoted)
        .map(|_| "a keyword follows the name of its directive".to_owned())
}
