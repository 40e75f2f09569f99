//! `leak/timing`.

use crate::diagnostic::Severity;
use crate::lint::headers::named;
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
        for (field, value) in named(subject, "Timing-Allow-Origin") {
            if value.split(',').any(|origin| origin.trim() == "*") {
                found.at_field(field, value.len());
            }
        }
    }),
    message: |_| "every site may read how long the response took".to_owned(),
    ..Rule::BASE
};
