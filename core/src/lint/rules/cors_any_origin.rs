//! `cors/any-origin`.

use crate::diagnostic::{Confidence, Severity};
use crate::header::AccessControlAllowOrigin;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/any-origin",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "any site may read the response",
    rationale: "That is right for public files, and wrong for what depends on where the visitor is, such as an intranet.",
    example: Example::Head("Access-Control-Allow-Origin: *"),
    good: Example::Head("Access-Control-Allow-Origin: https://app.example"),
    fix: "name the origin that needs it, or leave the header out",
    references: &[
        "https://fetch.spec.whatwg.org/#http-access-control-allow-origin",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin",
    ],
    equivalents: &[
        ("observatory", &["cross-origin-resource-sharing-implemented-with-public-access"]),
        ("zap", &["10098"]),
        ("humble", &["Access-Control-Allow-Origin"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, allowed) in parsed::<AccessControlAllowOrigin<'_>>(subject) {
            if allowed == AccessControlAllowOrigin::Any {
                found.at_header(field, span);
            }
        }
    }),
    message: |_| "any site may read this response, though without cookies".to_owned(),
    ..Rule::BASE
};
