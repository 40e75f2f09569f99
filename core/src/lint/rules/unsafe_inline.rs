//! `csp/unsafe-inline`.

use super::{SCRIPT, allows_all_inline, keyword_hits};
use crate::csp::{Directive, Keyword, ParsedDirective};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Hit, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unsafe-inline",
    severity: Severity::High,
    summary: "`'unsafe-inline'` lets any inline script run",
    rationale: "An attacker who can put markup into the page can put a script there, and with `'unsafe-inline'` the browser runs it: the policy gives no protection against cross-site scripting.",
    example: "script-src 'self' 'unsafe-inline'",
    fix: "allow inline scripts by their hashes (`cspc build` computes them) or by a nonce made anew for each response",
    references: &["https://www.w3.org/TR/CSP3/#allow-all-inline"],
    equivalents: &[
        ("csp-evaluator", &["SCRIPT_UNSAFE_INLINE"]),
        ("observatory", &["csp-implemented-with-unsafe-inline"]),
    ],
    check: Check::Weakness { decided_for: &SCRIPT, find },
};

fn find(deciding: &ParsedDirective<'_>, _directive: Directive) -> Vec<Hit> {
    if !allows_all_inline(deciding, true) {
        return Vec::new();
    }
    keyword_hits(deciding, Keyword::UnsafeInline, |name| {
        format!("`'unsafe-inline'` in `{name}` lets any inline script run")
    })
}
