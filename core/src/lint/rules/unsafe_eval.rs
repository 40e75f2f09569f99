//! `csp/unsafe-eval`.

use super::keyword_hits;
use crate::csp::{Directive, Keyword, ParsedDirective};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Hit, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unsafe-eval",
    severity: Severity::Medium,
    summary: "`'unsafe-eval'` lets strings become code",
    rationale: "`eval`, `Function` and string timers run whatever reaches them; where that is an attacker's text, the policy does not stop it.",
    example: "script-src 'self' 'unsafe-eval'",
    fix: "find what calls eval, often a template compiler, and use its precompiled form",
    references: &["https://www.w3.org/TR/CSP3/#directive-script-src"],
    equivalents: &[
        ("csp-evaluator", &["SCRIPT_UNSAFE_EVAL"]),
        ("observatory", &["csp-implemented-with-unsafe-eval"]),
    ],
    check: Check::Weakness { decided_for: &[Directive::ScriptSrc], find },
};

fn find(deciding: &ParsedDirective<'_>, _directive: Directive) -> Vec<Hit> {
    keyword_hits(deciding, Keyword::UnsafeEval, |name| {
        format!("`'unsafe-eval'` in `{name}` lets strings become code")
    })
}
