//! `csp/source-without-effect`.

use crate::csp::{Directive, INLINE, Keyword};
use crate::diagnostic::{Fix, Severity};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/source-without-effect",
    severity: Severity::Low,
    summary: "a source means nothing in its directive",
    rationale: "Keywords, nonces and hashes count in the directives that they were made for only: nonces and hashes for scripts and styles, `'strict-dynamic'` for scripts, and so on. What was meant is not allowed.",
    example: Example::Policy("script-src 'self'; img-src 'unsafe-inline'"),
    good: Example::Policy("script-src 'self'; img-src 'self'"),
    fix: "take it out, or move it to the directive that it was meant for",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-keyword-source"],
    equivalents: &[
        (
            "csp-evaluator",
            &[
                "INVALID_KEYWORD",
                "PLAIN_URL_SCHEMES",
                "PLAIN_WILDCARD",
                "SCRIPT_UNSAFE_EVAL",
                "SCRIPT_ALLOWLIST_BYPASS",
                "OBJECT_ALLOWLIST_BYPASS",
            ],
        ),
        ("zap", &["10055-3"]),
    ],
    check: Check::Source { kinds: without_effect, beside: Kinds::ANY, test: |_, _| true },
    message: |place| format!("`{}` means nothing in `{}`", place.written(), place.name()),
    mend,
    ..Rule::BASE
};

/// The kinds of sources that mean nothing in a list of the directive.
fn without_effect(directive: Directive) -> Kinds {
    let keywords = Keyword::all().filter(|keyword| !keyword.counts_in(directive));
    let keywords = keywords.map(Kinds::keyword).fold(Kinds::EMPTY, Kinds::or);
    let urls = match directive {
        // Attributes have no URL.
        Directive::ScriptSrcAttr | Directive::StyleSrcAttr => Kinds::URLS,
        _ => Kinds::EMPTY,
    };
    // Chromium lets nonces allow workers and prefetches, too.
    let takes_nonces = INLINE.contains(directive)
        || matches!(directive, Directive::WorkerSrc | Directive::ScriptSrcV2);
    keywords.or(urls).or(if takes_nonces { Kinds::EMPTY } else { Kinds::NONCE_OR_HASH })
}

fn mend(place: &Place<'_>) -> Option<Fix> {
    // The last one would leave an empty list behind.
    (place.list()?.sources.len() > 1).then(|| place.delete_value(true))?
}
