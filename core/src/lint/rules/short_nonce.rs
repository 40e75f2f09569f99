//! `csp/short-nonce`.

use crate::csp::SourceExpression;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/short-nonce",
    severity: Severity::Medium,
    summary: "a nonce is short enough to be guessed",
    rationale: "A nonce protects only as long as nobody can guess it; the specification asks for 128 random bits.",
    example: Example::Policy("script-src 'nonce-r4nd0mV4lue'"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w=='"),
    fix: "make each nonce from 16 random bytes, anew for each response",
    references: &["https://www.w3.org/TR/CSP3/#security-nonces"],
    equivalents: &[
        ("csp-evaluator", &["NONCE_LENGTH"]),
        ("lighthouse", &["nonceLength"]),
        ("humble", &["CSP"]),
    ],
    yields_to: &["csp/static-nonce"],
    check: Check::Source {
        kinds: |_| Kinds::NONCE,
        beside: Kinds::ANY,
        test: |_, source| is_short(source.expression),
    },
    message: |place| {
        format!(
            "`{}` has {} base64 digits, and 128 bits take {ENOUGH}",
            place.written(),
            digits(place.written())
        )
    },
    ..Rule::BASE
};

/// 128 bits in base64, without padding (CSP Level 3, section 7.1).
const ENOUGH: usize = 22;

fn is_short(expression: SourceExpression<'_>) -> bool {
    matches!(expression, SourceExpression::Nonce(nonce) if nonce.trim_end_matches('=').len() < ENOUGH)
}

fn digits(written: &str) -> usize {
    match SourceExpression::parse(written) {
        SourceExpression::Nonce(nonce) => nonce.trim_end_matches('=').len(),
        _ => 0,
    }
}
