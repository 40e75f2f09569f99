//! `page/scheme-relative-url`.

use crate::diagnostic::Severity;
use crate::lint::page::fetched;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/scheme-relative-url",
    severity: Severity::Info,
    summary: "an address leaves the scheme to the page",
    rationale: "Where the page is reached over plain HTTP, so is the file; HTTPS works everywhere.",
    example: Example::Page("<script src=\"//cdn.example/lib.js\"></script>"),
    good: Example::Page(
        "<script src=\"https://cdn.example/lib.js\" integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\" crossorigin></script>",
    ),
    fix: "write `https:` before it",
    references: &["https://www.rfc-editor.org/rfc/rfc3986#section-4.2"],
    equivalents: &[
        ("observatory", &["sri-not-implemented-and-external-scripts-not-loaded-securely"]),
        ("webhint", &["no-protocol-relative-urls"]),
    ],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| {
            fetched(element).is_some_and(|url| url.trim_start().starts_with("//"))
        });
    }),
    message: |place| {
        let url = place.element().and_then(fetched).unwrap_or_default();
        format!("`{url}` is loaded over plain HTTP where the page is")
    },
    ..Rule::BASE
};
