//! `cookie/no-same-site`.

use crate::diagnostic::Severity;
use crate::lint::headers::cookies;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cookie/no-same-site",
    severity: Severity::Low,
    summary: "a cookie does not say which other sites may send it along",
    rationale: "Browsers take `Lax` by default, some of them two minutes late, and older ones send the cookie with every request.",
    example: Example::Head("Set-Cookie: a=1; Secure; HttpOnly"),
    good: Example::Head("Set-Cookie: a=1; Secure; HttpOnly; SameSite=Lax"),
    fix: "add `SameSite=Lax`, or `Strict`",
    references: &[
        "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.2.7",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie",
    ],
    equivalents: &[
        ("observatory", &["cookies-anticsrf-without-samesite-flag"]),
        ("zap", &["10054-1"]),
        ("humble", &["Set-Cookie"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, cookie) in cookies(subject) {
            if cookie.same_site.is_none() {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("the cookie `{}` has no SameSite", place.written()),
    ..Rule::BASE
};
