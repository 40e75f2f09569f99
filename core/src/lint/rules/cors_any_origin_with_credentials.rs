//! `cors/any-origin-with-credentials`.

use crate::diagnostic::Severity;
use crate::header::{AccessControlAllowOrigin, Header as _};
use crate::lint::headers::{at_values, named};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/any-origin-with-credentials",
    severity: Severity::Medium,
    summary: "every origin is let in with credentials, which browsers refuse",
    rationale: "A script that asks with cookies gets nothing; whoever mends that by sending back the origin that asks opens the response to every site.",
    example: Example::Head(
        "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Credentials: true",
    ),
    good: Example::Head(
        "Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Credentials: true\nVary: Origin",
    ),
    fix: "name the origin that needs it, out of a list of your own, and send `Vary: Origin`; or leave Access-Control-Allow-Credentials out",
    references: &[
        "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Credentials",
    ],
    equivalents: &[
        ("observatory", &["cross-origin-resource-sharing-implemented-with-universal-access"]),
        ("humble", &["Access-Control-Allow-Credentials"]),
    ],
    check: Check::Response(|subject, found| {
        let is_any = |(_, value): (usize, &str)| value.trim() == "*";
        if named(subject, AccessControlAllowOrigin::NAME).any(is_any) {
            at_values(subject, found, "Access-Control-Allow-Credentials", |_| true);
        }
    }),
    message: |_| "browsers refuse credentials where every origin is let in".to_owned(),
    ..Rule::BASE
};
