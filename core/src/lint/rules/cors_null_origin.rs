//! `cors/null-origin`.

use crate::diagnostic::Severity;
use crate::header::AccessControlAllowOrigin;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/null-origin",
    severity: Severity::High,
    summary: "the origin `null` may read the response",
    rationale: "Anyone can have it: the frame of a sandbox has the origin `null`.",
    example: Example::Head("Access-Control-Allow-Origin: null"),
    good: Example::Head("Access-Control-Allow-Origin: https://app.example"),
    fix: "name the origin that needs it",
    references: &[
        "https://fetch.spec.whatwg.org/#http-access-control-allow-origin",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin",
        "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null",
    ],
    equivalents: &[("humble", &["Access-Control-Allow-Origin"]), ("koenbuyens", &["CORS"])],
    check: Check::Response(|subject, found| {
        for (field, span, allowed) in parsed::<AccessControlAllowOrigin<'_>>(subject) {
            if allowed == AccessControlAllowOrigin::Null {
                found.at_header(field, span);
            }
        }
    }),
    message: |_| "any site can have the origin `null`, in a sandboxed frame".to_owned(),
    ..Rule::BASE
};
