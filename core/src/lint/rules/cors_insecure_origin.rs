//! `cors/insecure-origin`.

use crate::diagnostic::Severity;
use crate::header::AccessControlAllowOrigin;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/insecure-origin",
    severity: Severity::Medium,
    summary: "an origin over plain HTTP may read the response",
    rationale: "Whoever is on the network of a visitor can speak for that origin.",
    example: Example::Head("Access-Control-Allow-Origin: http://app.example"),
    good: Example::Head("Access-Control-Allow-Origin: https://app.example"),
    fix: "let in the origin over HTTPS only",
    references: &[
        "https://fetch.spec.whatwg.org/#http-access-control-allow-origin",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin",
    ],
    equivalents: &[("humble", &["Access-Control-Allow-Origin"]), ("koenbuyens", &["CORS"])],
    check: Check::Response(|subject, found| {
        for (field, span, allowed) in parsed::<AccessControlAllowOrigin<'_>>(subject) {
            if matches!(allowed, AccessControlAllowOrigin::Origin(origin) if origin.starts_with("http://"))
            {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("whoever is on the network can speak for `{}`", place.written()),
    ..Rule::BASE
};
