//! `csp/wasm-unsafe-eval`.

use crate::csp::{Directive, DirectiveSet, Keyword};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/wasm-unsafe-eval",
    severity: Severity::Info,
    summary: "`'wasm-unsafe-eval'` lets WebAssembly compile",
    rationale: "A module can do only what the script that starts it lets it do; it is needed for WebAssembly and for nothing else.",
    example: Example::Policy("script-src 'self' 'wasm-unsafe-eval'"),
    good: Example::Policy("script-src 'self'"),
    fix: "take it out if the site uses no WebAssembly",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-wasm-unsafe-eval"],
    equivalents: &[("shcheck", &["wasm-unsafe-eval"])],
    check: Check::Lets {
        about: DirectiveSet::of(&[Directive::ScriptSrc]),
        kinds: Kinds::keyword(Keyword::WasmUnsafeEval),
        unless: Kinds::keyword(Keyword::UnsafeEval),
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` lets WebAssembly compile", place.written(), place.name())
    },
    ..Rule::BASE
};
