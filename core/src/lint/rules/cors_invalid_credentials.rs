//! `cors/invalid-credentials`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/invalid-credentials",
    severity: Severity::Low,
    summary: "Access-Control-Allow-Credentials is not `true`",
    rationale: "Browsers know `true` alone, in lower case; any other value is as good as none.",
    example: Example::Head("Access-Control-Allow-Credentials: True"),
    good: Example::Head("Access-Control-Allow-Credentials: true"),
    fix: "write `true`, or leave the header out",
    references: &[
        "https://fetch.spec.whatwg.org/#http-access-control-allow-credentials",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Credentials",
    ],
    equivalents: &[("humble", &["Access-Control-Allow-Credentials"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "Access-Control-Allow-Credentials", |value| {
            value.trim() != "true"
        });
    }),
    message: |place| format!("browsers ignore `{}`", place.written()),
    ..Rule::BASE
};
