//! `csp/policy-on-non-document`.

use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Extent;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/policy-on-non-document",
    severity: Severity::Info,
    summary: "the policy is sent with what is neither a document nor a script",
    rationale: "Browsers read the policy of documents and of workers' scripts. With images, fonts and style sheets it costs bytes and does nothing.",
    example: Example::Head(
        "Content-Type: image/png\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    good: Example::Head(
        "Content-Type: image/svg+xml\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    fix: "send it with documents and scripts only",
    references: &["https://www.w3.org/TR/CSP3/#csp-header"],
    equivalents: &[("webhint", &["no-html-only-headers"])],
    check: Check::Response(|subject, found| {
        let is_useless = |kind: &str| {
            !TAKEN.iter().any(|(family, end)| kind.starts_with(family) && kind.ends_with(end))
        };
        if subject.response.extent == Extent::Head
            && subject.response.media_type().is_some_and(|kind| is_useless(&kind))
            && let Some(first) = subject.members.first()
        {
            found.member = Some(0);
            found.at_policy(first);
        }
    }),
    message: |_| "browsers read no policy with a response of this type".to_owned(),
    ..Rule::BASE
};

/// Documents, and what workers are made of: how their media types begin and end.
static TAKEN: [(&str, &str); 7] = [
    ("text/", "html"),
    ("", "xml"),
    ("application/", "pdf"),
    ("", "javascript"),
    ("", "ecmascript"),
    ("application/", "wasm"),
    ("multipart/", ""),
];
