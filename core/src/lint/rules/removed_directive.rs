//! `csp/removed-directive`.

use crate::csp::{Directive, IssueCode};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/removed-directive",
    severity: Severity::Low,
    summary: "no current browser understands a directive",
    rationale: "It was in a draft or an old specification; whatever it was to stop is not stopped.",
    example: Example::Policy("plugin-types application/pdf; object-src 'self'"),
    good: Example::Policy("object-src 'none'"),
    fix: "take it out",
    references: &["https://www.w3.org/TR/CSP3/#framework-directive"],
    equivalents: &[
        (
            "csp-evaluator",
            &[
                "DEPRECATED_DIRECTIVE",
                "UNKNOWN_DIRECTIVE",
                "MISSING_SEMICOLON",
                "INVALID_KEYWORD",
                "SRC_HTTP",
                "IP_SOURCE",
                "NONCE_CHARSET",
                "NONCE_LENGTH",
            ],
        ),
        ("lighthouse", &["deprecatedReflectedXSS", "deprecatedReferrer", "deprecatedDisownOpener"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Issue(IssueCode::RemovedDirective),
    message: |place| format!("no browser understands `{}` any more", place.written()),
    help: |place| instead(place),
    ..Rule::BASE
};

fn instead(place: &Place<'_>) -> Option<String> {
    let instead = Directive::from_name(place.written())?.instead()?;
    Some(format!("take it out; {instead} is used now"))
}
