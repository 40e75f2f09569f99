//! `csp/hash-length`.

use crate::csp::SourceExpression;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/hash-length",
    severity: Severity::Medium,
    summary: "a hash has not the length of its algorithm",
    rationale: "No content has such a hash, so nothing is allowed by it; yet it makes browsers ignore `'unsafe-inline'`.",
    example: Example::Policy("script-src 'sha256-YWJj'"),
    good: Example::Policy("script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"),
    fix: "compute it again, as base64 of the digest itself and not of its hexadecimal form",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-hash-source"],
    equivalents: &[("humble", &["CSP"])],
    check: Check::Source {
        kinds: |_| Kinds::HASH,
        beside: Kinds::ANY,
        test: |_, source| is_wrong(source.expression),
    },
    message: |place| {
        format!(
            "`{}` holds {} bytes, and a digest of its algorithm has {}",
            place.written(),
            lengths(place.written()).0,
            lengths(place.written()).1
        )
    },
    ..Rule::BASE
};

/// The bytes that the base64 holds, and those of a digest.
fn lengths(written: &str) -> (usize, usize) {
    match SourceExpression::parse(written) {
        // Four base64 digits hold three bytes; padding adds none.
        SourceExpression::Hash(algorithm, digest) => {
            (digest.trim_end_matches('=').len() * 3 / 4, algorithm.digest_length())
        }
        _ => (0, 0),
    }
}

fn is_wrong(expression: SourceExpression<'_>) -> bool {
    let SourceExpression::Hash(algorithm, digest) = expression else { return false };
    !algorithm.fits(digest)
}
