//! `cors/invalid-origin`.

use crate::diagnostic::Severity;
use crate::header::AccessControlAllowOrigin;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/invalid-origin",
    severity: Severity::Medium,
    summary: "Access-Control-Allow-Origin is no origin",
    rationale: "Browsers compare it with the origin that asks: a list, a pattern or a path never matches, and nobody is let in.",
    example: Example::Head("Access-Control-Allow-Origin: https://a.example, https://b.example"),
    good: Example::Head("Access-Control-Allow-Origin: https://a.example\nVary: Origin"),
    fix: "send the one origin that asks, after comparing it with your list, and `Vary: Origin`",
    references: &[
        "https://fetch.spec.whatwg.org/#http-access-control-allow-origin",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin",
    ],
    equivalents: &[("humble", &["Access-Control-Allow-Origin"])],
    check: Check::Response(|subject, found| {
        at_issues::<AccessControlAllowOrigin<'_>>(subject, found, |_| true)
    }),
    message: |place| format!("no origin ever equals `{}`", place.written()),
    ..Rule::BASE
};
