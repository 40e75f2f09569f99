//! `cookie/no-http-only`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::headers::{cookies, is_session};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cookie/no-http-only",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "scripts can read a cookie that looks like a session",
    rationale: "A script that gets into the page takes the session with it.",
    example: Example::Head("Set-Cookie: connect.sid=1; Secure; SameSite=Lax"),
    good: Example::Head("Set-Cookie: connect.sid=1; Secure; HttpOnly; SameSite=Lax"),
    fix: "add `HttpOnly`",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.6",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie",
    ],
    equivalents: &[
        ("observatory", &["cookies-session-without-httponly-flag"]),
        ("zap", &["10010"]),
        ("webhint", &["validate-set-cookie-header"]),
        ("humble", &["Set-Cookie"]),
        ("drheader", &["Set-Cookie"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, cookie) in cookies(subject) {
            if !cookie.http_only && is_session(cookie.name) {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| {
        format!("scripts can read the cookie `{}`, which looks like a session", place.written())
    },
    ..Rule::BASE
};
