//! `content-type/no-charset`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::headers::at_values;
use crate::lint::page::Page;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "content-type/no-charset",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "a page does not say in which encoding it is",
    rationale: "Browsers guess then, and an attacker who can choose some text may make them guess one in which it is a script.",
    example: Example::Head("Content-Type: text/html"),
    good: Example::Head("Content-Type: text/html; charset=utf-8"),
    fix: "send `Content-Type: text/html; charset=utf-8`",
    references: &[
        "https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Type",
    ],
    equivalents: &[
        ("zap", &["90011", "10019-1"]),
        ("humble", &["Content-Type"]),
        ("webhint", &["meta-charset-utf-8", "content-type"]),
    ],
    check: Check::Response(|subject, found| {
        let says_so = subject.page.as_ref().is_some_and(Page::names_encoding);
        at_values(subject, found, "Content-Type", |value| {
            let lower = value.to_ascii_lowercase();
            let is_html = lower.trim_start().starts_with("text/html");
            is_html && !lower.contains("charset=") && !says_so
        });
    }),
    message: |place| format!("`{}` names no encoding", place.written()),
    ..Rule::BASE
};
