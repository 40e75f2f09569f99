//! `cors/long-max-age`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/long-max-age",
    severity: Severity::Info,
    summary: "browsers are asked to remember a preflight for longer than they do",
    rationale: "Chrome keeps the answer for two hours and Firefox for a day at most; until then a right that was taken away still holds.",
    example: Example::Head("Access-Control-Max-Age: 604800"),
    good: Example::Head("Access-Control-Max-Age: 7200"),
    fix: "write 7200, or 86400 at most",
    references: &[
        "https://fetch.spec.whatwg.org/#http-access-control-max-age",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age",
    ],
    equivalents: &[("humble", &["Access-Control-Max-Age"]), ("koenbuyens", &["CORS"])],
    check: Check::Response(|subject, found| {
        /// A day, as long as any browser keeps it.
        const MOST: u64 = 86_400;
        at_values(subject, found, "Access-Control-Max-Age", |value| {
            value.trim().parse().is_ok_and(|seconds: u64| seconds > MOST)
        });
    }),
    message: |place| {
        format!("no browser remembers a preflight for {} seconds", place.written().trim())
    },
    ..Rule::BASE
};
