//! `page/missing-integrity`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::page::code;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/missing-integrity",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "code of another site is loaded without integrity",
    rationale: "Whoever gets into the other site, or buys it, runs code in this one.",
    example: Example::Page("<script src=\"https://cdn.example/lib.js\"></script>"),
    good: Example::Page(
        "<script src=\"https://cdn.example/lib.js\" integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\" crossorigin=\"anonymous\"></script>",
    ),
    fix: "add `integrity` and `crossorigin`, or serve the file yourself; `cspc build --write-integrity` adds them for your own files. What changes from day to day cannot have it",
    references: &[
        "https://www.w3.org/TR/sri-2/",
        "https://developer.mozilla.org/docs/Web/Security/Subresource_Integrity",
    ],
    equivalents: &[
        (
            "observatory",
            &[
                "sri-not-implemented-but-external-scripts-loaded-securely",
                "sri-not-implemented-and-external-scripts-not-loaded-securely",
            ],
        ),
        ("zap", &["90003", "10017"]),
        ("webhint", &["sri"]),
    ],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |page, element| {
            code(element).is_some_and(|url| page.is_foreign(url))
                && element.get("integrity").is_none_or(str::is_empty)
        });
    }),
    message: |place| {
        let url = place.element().and_then(code).unwrap_or_default();
        format!("`{url}` is loaded without integrity")
    },
    ..Rule::BASE
};
