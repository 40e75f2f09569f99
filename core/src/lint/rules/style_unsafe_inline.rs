//! `csp/style-unsafe-inline`.

use super::{SCRIPT, STYLE, allows_all_inline, deciding, keyword_hits};
use crate::csp::{Keyword, Policy};
use crate::diagnostic::Severity;
use crate::lint::rule::{Hit, Kind, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/style-unsafe-inline",
    severity: Severity::Low,
    summary: "`'unsafe-inline'` lets any inline style apply",
    rationale: "Injected styles can hide or fake parts of the page and read attribute values out, letter by letter, through the requests that they make.",
    example: "style-src 'self' 'unsafe-inline'",
    fix: "allow inline styles by their hashes, or move them to style sheets",
    references: &["https://www.w3.org/TR/CSP3/#directive-style-src"],
    equivalents: &[("observatory", &["csp-implemented-with-unsafe-inline-in-style-src-only"])],
    kind: Kind::Weakness,
    check,
};

fn check(policy: &Policy<'_>) -> Vec<Hit> {
    let open: Vec<_> = deciding(policy, &STYLE)
        .into_iter()
        .filter(|directive| allows_all_inline(directive, false))
        .collect();
    let decides_scripts = deciding(policy, &SCRIPT);
    // Where `default-src` decides about both, the rule about scripts says it already.
    let styles_only: Vec<_> =
        open.into_iter().filter(|directive| !decides_scripts.contains(directive)).collect();
    keyword_hits(&styles_only, Keyword::UnsafeInline, |name| {
        format!("`'unsafe-inline'` in `{name}` lets any inline style apply")
    })
}
