//! `csp/hash-length`.

use crate::csp::{Policy, SourceExpression};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Hit, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/hash-length",
    severity: Severity::Medium,
    summary: "a hash has not the length of its algorithm",
    rationale: "No content has such a hash, so nothing is allowed by it; yet it makes browsers ignore `'unsafe-inline'`.",
    example: "script-src 'sha256-YWJj'",
    fix: "compute it again, as base64 of the digest itself and not of its hexadecimal form",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-hash-source"],
    equivalents: &[],
    check: Check::Mistake(check),
};

fn check(policy: &Policy<'_>) -> Vec<Hit> {
    let counting = policy.directives.iter().filter(|directive| !directive.duplicate);
    counting
        .flat_map(|directive| {
            directive.values.iter().filter_map(move |value| {
                let SourceExpression::Hash(algorithm, digest) = value.source_expression() else {
                    return None;
                };
                // Four base64 digits hold three bytes; padding adds none.
                let bytes = digest.trim_end_matches('=').len() * 3 / 4;
                let right = algorithm.digest_length();
                let message = format!(
                    "`{}` holds {bytes} bytes, and a {} digest has {right}",
                    value.text,
                    algorithm.as_str()
                );
                (bytes != right).then(|| Hit::at_value(directive, value, message))
            })
        })
        .collect()
}
