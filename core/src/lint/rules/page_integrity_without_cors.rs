//! `page/integrity-without-cors`.

use crate::diagnostic::Severity;
use crate::lint::page::code;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/integrity-without-cors",
    severity: Severity::Medium,
    summary: "a file with integrity is not asked for by CORS",
    rationale: "Browsers cannot compare what they may not read, and block the file.",
    example: Example::Page(
        "<script src=\"https://cdn.example/lib.js\" integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\"></script>",
    ),
    good: Example::Page(
        "<script src=\"https://cdn.example/lib.js\" integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\" crossorigin=\"anonymous\"></script>",
    ),
    fix: "add `crossorigin=\"anonymous\"`",
    references: &["https://www.w3.org/TR/sri-2/#is-response-eligible"],
    equivalents: &[("webhint", &["sri"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |page, element| {
            code(element).is_some_and(|url| page.is_foreign(url))
                && element.get("integrity").is_some_and(|it| !it.is_empty())
                && element.get("crossorigin").is_none()
        });
    }),
    message: |place| {
        let url = place.element().and_then(code).unwrap_or_default();
        format!("browsers block `{url}`: integrity of another origin needs `crossorigin`")
    },
    ..Rule::BASE
};
