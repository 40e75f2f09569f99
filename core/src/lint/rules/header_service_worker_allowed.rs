//! `header/service-worker-allowed`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "header/service-worker-allowed",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "a service worker may take over the whole site",
    rationale: "Whoever can place one script anywhere on the host can then answer all of its requests, for as long as the worker is kept.",
    example: Example::Head("Service-Worker-Allowed: /"),
    good: Example::Head("Service-Worker-Allowed: /app/"),
    fix: "name the folder that the worker is for",
    references: &[
        "https://www.w3.org/TR/service-workers/#service-worker-allowed",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Service-Worker-Allowed",
    ],
    equivalents: &[("humble", &["Service-Worker-Allowed"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "Service-Worker-Allowed", |value| value.trim() == "/");
    }),
    message: |_| "a service worker of any folder may take over the whole site".to_owned(),
    ..Rule::BASE
};
