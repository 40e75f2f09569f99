//! `csp/style-unsafe-inline`.

use super::{STYLE, allows_all_inline, keyword_hits};
use crate::csp::{Directive, Keyword, ParsedDirective};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Hit, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/style-unsafe-inline",
    severity: Severity::Low,
    summary: "`'unsafe-inline'` lets any inline style apply",
    rationale: "Injected styles can hide or fake parts of the page and read attribute values out, letter by letter, through the requests that they make.",
    example: "style-src 'self' 'unsafe-inline'",
    fix: "allow inline styles by their hashes, or move them to style sheets",
    references: &["https://www.w3.org/TR/CSP3/#directive-style-src"],
    equivalents: &[("observatory", &["csp-implemented-with-unsafe-inline-in-style-src-only"])],
    check: Check::Weakness { decided_for: &STYLE, find },
};

fn find(deciding: &ParsedDirective<'_>, _directive: Directive) -> Vec<Hit> {
    if !allows_all_inline(deciding, false) {
        return Vec::new();
    }
    keyword_hits(deciding, Keyword::UnsafeInline, |name| {
        format!("`'unsafe-inline'` in `{name}` lets any inline style apply")
    })
}
