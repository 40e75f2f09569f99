//! `csp/unsafe-hashes`.

use crate::csp::Keyword;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unsafe-hashes",
    severity: Severity::Low,
    summary: "`'unsafe-hashes'` lets hashed code run as any event handler",
    rationale: "A hash of a handler opens every handler with that text on every element, and `javascript:` URLs too, so that an attacker may attach it where it does harm.",
    example: Example::Policy(
        "script-src 'self' 'unsafe-hashes' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    ),
    good: Example::Policy(
        "script-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    ),
    fix: "register the handlers with addEventListener in a script",
    references: &["https://www.w3.org/TR/CSP3/#unsafe-hashes-usage"],
    equivalents: &[
        ("shcheck", &["unsafe-hashes"]),
        ("csp-evaluator", &["SCRIPT_UNSAFE_HASHES"]),
        ("zap", &["10055-7"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Lets {
        about: SCRIPT,
        kinds: Kinds::keyword(Keyword::UnsafeHashes),
        unless: Kinds::EMPTY,
        test: |_, _| true,
    },
    message: |place| {
        format!(
            "`{}` in `{}` lets hashed code run as any event handler",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};
