//! `content-type/missing`.

use crate::diagnostic::Severity;
use crate::lint::headers::named;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Extent;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "content-type/missing",
    severity: Severity::Low,
    summary: "there is no Content-Type",
    rationale: "Browsers then guess what the response is, and may take an upload for a page with scripts.",
    example: Example::Head("X-Content-Type-Options: nosniff"),
    good: Example::Head("Content-Type: text/html; charset=utf-8\nX-Content-Type-Options: nosniff"),
    fix: "send `Content-Type` with the type of what is sent, such as `text/html; charset=utf-8`",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc9110#section-8.3",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Type",
    ],
    equivalents: &[("zap", &["10019-1", "10019-2"]), ("webhint", &["content-type"])],
    missing: Some("Content-Type"),
    check: Check::Response(|subject, found| {
        let is_named = |(_, value): (usize, &str)| !value.trim().is_empty();
        let is_known = subject.response.extent == Extent::Head;
        // What is sent nowhere has no type.
        let has_body = named(subject, "Location").next().is_none();
        if is_known && has_body && !named(subject, "Content-Type").any(is_named) {
            found.at_field(0, 0);
        }
    }),
    message: |_| "the response does not say what it is".to_owned(),
    ..Rule::BASE
};
