//! `cors/no-vary`.

use crate::diagnostic::{Confidence, Severity};
use crate::header::AccessControlAllowOrigin;
use crate::lint::headers::{members_of, parsed};
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Extent;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/no-vary",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "the response depends on the origin that asks, and caches are not told",
    rationale: "A cache hands the answer to one origin to the next, which browsers then refuse; or the answer without the header to one that needs it.",
    example: Example::Head(
        "Access-Control-Allow-Origin: https://app.example\nContent-Type: application/json",
    ),
    good: Example::Head(
        "Access-Control-Allow-Origin: https://app.example\nContent-Type: application/json\nVary: Origin",
    ),
    fix: "send `Vary: Origin` with every answer, those to other origins included; where there is but one origin ever, nothing is wrong",
    references: &[
        "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Vary",
    ],
    check: Check::Response(|subject, found| {
        let is_told = members_of(subject, "Vary")
            .any(|(_, _, name)| name == "*" || name.eq_ignore_ascii_case("Origin"));
        if subject.response.extent != Extent::Head || is_told {
            return;
        }
        for (field, span, allowed) in parsed::<AccessControlAllowOrigin<'_>>(subject) {
            if matches!(allowed, AccessControlAllowOrigin::Origin(_)) {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("caches are not told that `{}` depends on who asks", place.written()),
    ..Rule::BASE
};
