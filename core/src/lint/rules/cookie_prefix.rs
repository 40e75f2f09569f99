//! `cookie/prefix`.

use crate::diagnostic::Severity;
use crate::lint::headers::cookies;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cookie/prefix",
    severity: Severity::Medium,
    summary: "a cookie does not keep what its prefix promises",
    rationale: "Browsers refuse a `__Secure-` cookie without Secure, and a `__Host-` cookie without Secure and `Path=/` or with Domain: it is never set.",
    example: Example::Head("Set-Cookie: __Host-id=1; Secure; HttpOnly; SameSite=Lax; Path=/app"),
    good: Example::Head("Set-Cookie: __Host-id=1; Secure; HttpOnly; SameSite=Lax; Path=/"),
    fix: "give it `Secure`, and for `__Host-` also `Path=/` and no `Domain`",
    references: &[
        "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3",
    ],
    equivalents: &[("webhint", &["validate-set-cookie-header"]), ("humble", &["Set-Cookie"])],
    check: Check::Response(|subject, found| {
        for (field, span, cookie) in cookies(subject) {
            if cookie.prefix_fault().is_some() {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("browsers refuse the cookie `{}`", place.written()),
    ..Rule::BASE
};
