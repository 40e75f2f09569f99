//! `leak/server-timing`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "leak/server-timing",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    summary: "Server-Timing shows what goes on behind the site",
    rationale: "The names and times of databases, caches and services help an attacker to choose, and no visitor needs them.",
    example: Example::Head("Server-Timing: db;dur=53, cache;desc=\"redis\""),
    good: Example::Head("Content-Type: text/html; charset=utf-8"),
    fix: "send it to those who measure, or leave it out",
    references: &[
        "https://www.w3.org/TR/server-timing/#privacy-and-security",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Server-Timing",
    ],
    equivalents: &[("humble", &["Server-Timing"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "Server-Timing", |value| !value.trim().is_empty());
    }),
    message: |_| "it shows what goes on behind the site".to_owned(),
    ..Rule::BASE
};
