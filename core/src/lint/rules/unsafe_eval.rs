//! `csp/unsafe-eval`.

use crate::csp::{Directive, DirectiveSet, Keyword};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unsafe-eval",
    severity: Severity::Medium,
    summary: "`'unsafe-eval'` lets strings become code",
    rationale: "`eval`, `Function` and string timers run whatever reaches them; where that is an attacker's text, the policy does not stop it.",
    example: Example::Policy("script-src 'self' 'unsafe-eval'"),
    good: Example::Policy("script-src 'self'"),
    fix: "find what calls eval, often a template compiler, and use its precompiled form; for WebAssembly alone `'wasm-unsafe-eval'` is enough",
    references: &["https://www.w3.org/TR/CSP3/#directive-script-src"],
    equivalents: &[
        ("shcheck", &["unsafe-eval"]),
        ("csp-evaluator", &["SCRIPT_UNSAFE_EVAL"]),
        ("observatory", &["csp-implemented-with-unsafe-eval"]),
        ("zap", &["10055-10"]),
        ("humble", &["CSP"]),
        ("drheader", &["CSP"]),
        ("securityheaders", &["unsafe-eval"]),
    ],
    check: Check::Lets {
        about: DirectiveSet::of(&[Directive::ScriptSrc]),
        kinds: Kinds::keyword(Keyword::UnsafeEval),
        unless: Kinds::EMPTY,
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` lets strings become code", place.written(), place.name())
    },
    ..Rule::BASE
};
