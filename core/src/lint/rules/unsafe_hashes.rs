//! `csp/unsafe-hashes`.

use super::{SCRIPT, keyword_hits};
use crate::csp::{Directive, Keyword, ParsedDirective};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Hit, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unsafe-hashes",
    severity: Severity::Low,
    summary: "`'unsafe-hashes'` lets hashed code run as any event handler",
    rationale: "A hash of a handler opens every handler with that text on every element, and `javascript:` URLs too, so that an attacker may attach it where it does harm.",
    example: "script-src 'self' 'unsafe-hashes' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    fix: "register the handlers with addEventListener in a script",
    references: &["https://www.w3.org/TR/CSP3/#unsafe-hashes-usage"],
    equivalents: &[("csp-evaluator", &["SCRIPT_UNSAFE_HASHES"])],
    check: Check::Weakness { decided_for: &SCRIPT, find },
};

fn find(deciding: &ParsedDirective<'_>, _directive: Directive) -> Vec<Hit> {
    keyword_hits(deciding, Keyword::UnsafeHashes, |name| {
        format!("`'unsafe-hashes'` in `{name}` lets hashed code run as any event handler")
    })
}
