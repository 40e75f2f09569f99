//! `cors/broad-methods`.

use crate::diagnostic::Severity;
use crate::lint::headers::members_of;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/broad-methods",
    severity: Severity::Info,
    summary: "other origins may use methods that change things",
    rationale: "A method that nothing of another origin needs is one more thing that a hole in it can do.",
    example: Example::Head(
        "Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Methods: *\nVary: Origin",
    ),
    good: Example::Head(
        "Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Methods: GET, POST\nVary: Origin",
    ),
    fix: "name the methods that other origins need",
    references: &[
        "https://fetch.spec.whatwg.org/#http-access-control-allow-methods",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Methods",
    ],
    equivalents: &[("humble", &["Access-Control-Allow-Methods", "Allow"])],
    check: Check::Response(|subject, found| {
        for (field, span, method) in
            members_of(subject, "Access-Control-Allow-Methods").chain(members_of(subject, "Allow"))
        {
            if RISKY.iter().any(|risky| risky.eq_ignore_ascii_case(method)) {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("`{}` is let through", place.written()),
    ..Rule::BASE
};

/// Methods that make, change or take away, that few need, or that show what was sent.
static RISKY: [&str; 9] =
    ["*", "CONNECT", "DEBUG", "DELETE", "MOVE", "PATCH", "PUT", "TRACE", "TRACK"];
