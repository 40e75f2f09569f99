//! `csp/source-without-effect`.

use crate::csp::{Directive, INLINE, Keyword, SourceExpression};
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
    check: Check::Source {
        kinds: Kinds::KEYWORD.or(Kinds::NONCE).or(Kinds::HASH).or(Kinds::HOST).or(Kinds::SCHEME),
        test: |list, source| !counts(list.directive, source.expression),
    },
    message: |place| format!("`{}` means nothing in `{}`", place.written(), place.name()),
    mend,
    ..Rule::BASE
};

fn counts(directive: Directive, expression: SourceExpression<'_>) -> bool {
    match expression {
        // Attributes have no URL.
        SourceExpression::Keyword(Keyword::SelfOrigin)
        | SourceExpression::Host(_)
        | SourceExpression::Scheme(_) => {
            !matches!(directive, Directive::ScriptSrcAttr | Directive::StyleSrcAttr)
        }
        SourceExpression::Keyword(keyword) => keyword.counts_in(directive),
        // Chromium lets nonces allow workers and prefetches, too.
        SourceExpression::Nonce(_) | SourceExpression::Hash(..) => {
            INLINE.contains(directive)
                || matches!(directive, Directive::WorkerSrc | Directive::ScriptSrcV2)
        }
        _ => true,
    }
}

fn mend(place: &Place<'_>) -> Option<Fix> {
    // The last one would leave an empty list behind.
    (place.list()?.sources.len() > 1).then(|| place.delete_value(true))?
}
