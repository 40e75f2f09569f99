//! `csp/short-nonce`.

use crate::csp::{Policy, SourceExpression};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Hit, Rule};

/// 128 bits in base64, without padding (CSP Level 3, section 7.1).
const ENOUGH: usize = 22;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/short-nonce",
    severity: Severity::Medium,
    summary: "a nonce is short enough to be guessed",
    rationale: "A nonce protects only as long as nobody can guess it; the specification asks for 128 random bits.",
    example: "script-src 'nonce-abc123'",
    fix: "make each nonce from 16 random bytes, anew for each response",
    references: &["https://www.w3.org/TR/CSP3/#security-nonces"],
    equivalents: &[("csp-evaluator", &["NONCE_LENGTH"])],
    check: Check::Mistake(check),
};

fn check(policy: &Policy<'_>) -> Vec<Hit> {
    let counting = policy.directives.iter().filter(|directive| !directive.duplicate);
    counting
        .flat_map(|directive| {
            directive.values.iter().filter_map(move |value| {
                let SourceExpression::Nonce(nonce) = value.source_expression() else { return None };
                let length = nonce.trim_end_matches('=').len();
                let message = format!(
                    "`{}` has {length} base64 digits, and 128 bits take {ENOUGH}",
                    value.text
                );
                (length < ENOUGH).then(|| Hit::at_value(directive, value, message))
            })
        })
        .collect()
}
