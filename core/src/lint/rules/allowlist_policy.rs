//! `csp/allowlist-policy`.

use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::LOADED_SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/allowlist-policy",
    severity: Severity::Info,
    summary: "scripts are allowed by where they come from, and not by what they are",
    rationale: "Nonces and hashes allow single scripts, and `'strict-dynamic'` lets these load others; nobody has to know which hosts are harmless. Most lists of hosts turned out to have a way around them.",
    example: Example::Policy("script-src https://static.example"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'strict-dynamic'"),
    fix: "allow scripts by nonce or hash, with `'strict-dynamic'` for what they load",
    references: &["https://www.w3.org/TR/CSP3/#strict-csp", "https://web.dev/articles/strict-csp"],
    equivalents: &[("csp-evaluator", &["STRICT_DYNAMIC"]), ("lighthouse", &["strictDynamic"])],
    check: Check::ListLets {
        about: LOADED_SCRIPT,
        kinds: Kinds::HOST.or(Kinds::SCHEME),
        unless: Kinds::STRICT,
    },
    message: |place| {
        format!("`{}` allows scripts by host or scheme, without `'strict-dynamic'`", place.name())
    },
    ..Rule::BASE
};
