//! `csp/style-unsafe-inline`.

use crate::csp::Keyword;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::STYLE;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/style-unsafe-inline",
    severity: Severity::Low,
    summary: "`'unsafe-inline'` lets any inline style apply",
    rationale: "Injected styles can hide or fake parts of the page and read attribute values out, letter by letter, through the requests that they make.",
    example: Example::Policy("style-src 'self' 'unsafe-inline'"),
    good: Example::Policy("style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"),
    fix: "allow inline styles by their hashes, or move them to style sheets",
    references: &["https://www.w3.org/TR/CSP3/#directive-style-src"],
    equivalents: &[
        ("observatory", &["csp-implemented-with-unsafe-inline-in-style-src-only"]),
        ("zap", &["10055-6"]),
        ("humble", &["CSP"]),
    ],
    yields_to: &["csp/unsafe-inline"],
    check: Check::Lets {
        about: STYLE,
        kinds: Kinds::keyword(Keyword::UnsafeInline),
        unless: Kinds::NONCE_OR_HASH,
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` lets any inline style apply", place.written(), place.name())
    },
    ..Rule::BASE
};
