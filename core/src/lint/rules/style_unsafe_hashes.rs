//! `csp/style-unsafe-hashes`.

use crate::csp::Keyword;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::STYLE;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/style-unsafe-hashes",
    severity: Severity::Info,
    summary: "`'unsafe-hashes'` lets hashed styles apply to any element",
    rationale: "A hash of a style attribute opens every attribute with that text.",
    example: Example::Policy(
        "style-src 'self' 'unsafe-hashes' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    ),
    good: Example::Policy("style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"),
    fix: "move style attributes to classes of a style sheet",
    references: &["https://www.w3.org/TR/CSP3/#unsafe-hashes-usage"],
    equivalents: &[("zap", &["10055-8"])],
    yields_to: &["csp/unsafe-hashes"],
    check: Check::Lets {
        about: STYLE,
        kinds: Kinds::keyword(Keyword::UnsafeHashes),
        unless: Kinds::EMPTY,
        test: |_, _| true,
    },
    message: |place| {
        format!(
            "`{}` in `{}` lets hashed styles apply to any element",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};
