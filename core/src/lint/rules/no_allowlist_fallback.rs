//! `csp/no-allowlist-fallback`.

use crate::csp::{Directive, DirectiveSet};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/no-allowlist-fallback",
    severity: Severity::Info,
    summary: "browsers that do not know `'strict-dynamic'` load no scripts",
    rationale: "Safari knows `'strict-dynamic'` since version 15.4 of March 2022. Beside it, `https:` changes nothing for browsers that know it and keeps the page working in older ones.",
    example: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'strict-dynamic'"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'strict-dynamic' https:"),
    fix: "add `https:` if such browsers matter",
    references: &["https://www.w3.org/TR/CSP3/#strict-dynamic-usage"],
    equivalents: &[
        ("csp-evaluator", &["ALLOWLIST_FALLBACK"]),
        ("lighthouse", &["allowlistFallback"]),
    ],
    check: Check::ListLets {
        about: DirectiveSet::of(&[Directive::ScriptSrc]),
        kinds: Kinds::STRICT,
        unless: Kinds::HOST.or(Kinds::SCHEME),
    },
    message: |place| {
        format!("`{}` has `'strict-dynamic'` without `https:` for Safari before 15.4", place.name())
    },
    ..Rule::BASE
};
