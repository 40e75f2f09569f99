//! `csp/no-inline-fallback`.

use crate::csp::{Directive, DirectiveSet, Keyword};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/no-inline-fallback",
    severity: Severity::Info,
    summary: "browsers that know no nonces run no inline script at all",
    rationale: "Browsers of before 2016 know neither nonces nor hashes. Beside one, `'unsafe-inline'` changes nothing for today's browsers and keeps the page working in those.",
    example: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w=='"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'unsafe-inline'"),
    fix: "add `'unsafe-inline'` if such browsers matter",
    references: &["https://www.w3.org/TR/CSP3/#strict-csp"],
    equivalents: &[
        ("csp-evaluator", &["UNSAFE_INLINE_FALLBACK"]),
        ("lighthouse", &["unsafeInlineFallback"]),
    ],
    check: Check::ListLets {
        about: DirectiveSet::of(&[Directive::ScriptSrc]),
        kinds: Kinds::NONCE_OR_HASH,
        unless: Kinds::keyword(Keyword::UnsafeInline),
    },
    message: |place| {
        format!(
            "`{}` has a nonce or a hash without `'unsafe-inline'` for browsers of before 2016",
            place.name()
        )
    },
    ..Rule::BASE
};
