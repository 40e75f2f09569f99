//! `leak/timing`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "leak/timing",
    severity: Severity::Info,
    summary: "every site may read how long the response took",
    rationale: "Its time can tell who is signed in, or what was in a cache.",
    example: Example::Head("Timing-Allow-Origin: *"),
    good: Example::Head("Timing-Allow-Origin: https://app.example"),
    fix: "name the origins that need it",
    references: &[
        "https://www.w3.org/TR/resource-timing/#sec-timing-allow-origin",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Timing-Allow-Origin",
    ],
    equivalents: &[("humble", &["Timing-Allow-Origin"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "Timing-Allow-Origin", |value| {
            value.split(',').any(|origin| origin.trim() == "*")
        });
    }),
    message: |_| "every site may read how long the response took".to_owned(),
    ..Rule::BASE
};
