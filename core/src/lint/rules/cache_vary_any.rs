//! `cache/vary-any`.

use crate::diagnostic::Severity;
use crate::lint::headers::members_of;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cache/vary-any",
    severity: Severity::Info,
    summary: "Vary is `*`",
    rationale: "No cache can ever use the response again: that is what `Cache-Control: no-store` says, and more clearly.",
    example: Example::Head("Vary: *"),
    good: Example::Head("Vary: Accept-Encoding"),
    fix: "name the request headers on which the response depends, or send `Cache-Control: no-store`",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Vary",
    ],
    equivalents: &[("humble", &["Vary"])],
    check: Check::Response(|subject, found| {
        for (field, span, name) in members_of(subject, "Vary") {
            if name == "*" {
                found.at_header(field, span);
            }
        }
    }),
    message: |_| "`*` keeps every cache from using the response again".to_owned(),
    ..Rule::BASE
};
