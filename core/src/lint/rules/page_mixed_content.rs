//! `page/mixed-content`.

use crate::diagnostic::Severity;
use crate::lint::page::{fetched, is_plain};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/mixed-content",
    severity: Severity::Medium,
    summary: "something is loaded over plain HTTP",
    rationale: "On a page over HTTPS browsers block scripts, styles and frames over HTTP; images come over HTTPS or not at all. On a page over HTTP anyone on the network can change them.",
    example: Example::Page("<script src=\"http://cdn.example/lib.js\"></script>"),
    good: Example::Page(
        "<script src=\"https://cdn.example/lib.js\" integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\" crossorigin></script>",
    ),
    fix: "write `https:`",
    references: &["https://www.w3.org/TR/mixed-content/"],
    equivalents: &[
        (
            "observatory",
            &[
                "sri-not-implemented-and-external-scripts-not-loaded-securely",
                "sri-implemented-but-external-scripts-not-loaded-securely",
            ],
        ),
        ("lighthouse", &["is-on-https"]),
        ("zap", &["10040-1", "10040-2"]),
        ("webhint", &["https-only"]),
    ],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| fetched(element).is_some_and(is_plain));
    }),
    message: |place| {
        let url = place.element().and_then(fetched).unwrap_or_default();
        format!("`{url}` is loaded over plain HTTP")
    },
    ..Rule::BASE
};
