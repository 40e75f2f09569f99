//! `csp/static-nonce`.

use crate::csp::SourceExpression;
use crate::diagnostic::{Confidence, Severity};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::plan::NONCE;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/static-nonce",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "a nonce is the same in every response",
    rationale: "A nonce in a `<meta>` of a file, or one that is a word or an example from a manual, does not change: an attacker reads it once and uses it in what they inject.",
    example: Example::Policy("script-src 'nonce-random'"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w=='"),
    fix: "make each nonce from 16 random bytes, anew for each response; pages that are files take hashes",
    references: &["https://www.w3.org/TR/CSP3/#security-nonces"],
    equivalents: &[("csp-evaluator", &["NONCE_LENGTH"])],
    check: Check::Source {
        kinds: |_| Kinds::NONCE,
        beside: Kinds::ANY,
        test: |_, source| is_placeholder(source.expression),
    },
    message: |place| format!("`{}` is not made anew for each response", place.written()),
    ..Rule::BASE
};

/// What manuals and templates write in the place of a nonce.
static PLACEHOLDERS: [&str; 21] = [
    "2726c7f26c",
    "416d1177-4d12-4e3b-b7c9-f6c409789fb8",
    "abc",
    "abc123",
    "csp-nonce",
    "CSP_NONCE",
    "csp_nonce",
    NONCE,
    "DhcnhD3khTMePgXwdayK9BsMqXjhguVV",
    "EDNnf03nceIOfn39fn3e9h3sdfa",
    "foobar",
    "nonce",
    "nonce-value",
    "NONCE",
    "rAnd0m",
    "r@nd0m",
    "random",
    "random123",
    "REPLACE_ME",
    "test",
    "xyz",
];

fn is_placeholder(expression: SourceExpression<'_>) -> bool {
    matches!(expression, SourceExpression::Nonce(nonce)
        if PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(nonce)))
}
