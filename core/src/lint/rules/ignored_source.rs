//! `csp/ignored-source`.

use crate::csp::{Directive, INLINE, Keyword, SourceExpression};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::List;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/ignored-source",
    severity: Severity::Info,
    summary: "a source does not count beside another one",
    rationale: "A nonce or a hash makes browsers ignore `'unsafe-inline'`, and `'strict-dynamic'` makes them ignore hosts, schemes and `'self'`. As a fallback for old browsers that is fine; where it was meant to allow something, it does not.",
    example: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'unsafe-inline'"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w=='"),
    fix: "keep it for old browsers only, or take it out",
    references: &[
        "https://www.w3.org/TR/CSP3/#allow-all-inline",
        "https://www.w3.org/TR/CSP3/#strict-dynamic-usage",
    ],
    equivalents: &[("csp-evaluator", &["IGNORED"]), ("humble", &["CSP"])],
    check: Check::Source {
        kinds: |_| Kinds::URLS.or(Kinds::keyword(Keyword::UnsafeInline)),
        beside: Kinds::NONCE_OR_HASH.or(Kinds::STRICT),
        test: |list, source| is_ignored(list, source.expression),
    },
    message: |place| format!("browsers ignore `{}` in `{}`", place.written(), place.name()),
    ..Rule::BASE
};

fn is_ignored(list: &List<'_, '_>, expression: SourceExpression<'_>) -> bool {
    let is_inline = expression == SourceExpression::Keyword(Keyword::UnsafeInline);
    if is_inline && list.has_nonce_or_hash() {
        return INLINE.contains(list.directive);
    }
    // Other kinds of loads may fall back to `default-src`, and hosts count for those.
    let is_for_scripts = list.is_about_scripts() && list.directive != Directive::DefaultSrc;
    list.has(Keyword::StrictDynamic) && (is_for_scripts || is_inline && list.is_about_scripts())
}
