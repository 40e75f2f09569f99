//! `cache/session-stored`.

use crate::diagnostic::{Confidence, Severity};
use crate::header::{CacheControl, Header as _};
use crate::lint::headers::{cookies, is_missing, is_session};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cache/session-stored",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "a response that sets a session says nothing to caches",
    rationale: "Without Cache-Control a cache may keep it as long as it thinks right, and the browser shows it again after the visitor has signed out.",
    example: Example::Head(
        "Content-Type: text/html; charset=utf-8\nSet-Cookie: SESSIONID=1; Secure; HttpOnly; SameSite=Lax",
    ),
    good: Example::Head(
        "Content-Type: text/html; charset=utf-8\nSet-Cookie: SESSIONID=1; Secure; HttpOnly; SameSite=Lax\nCache-Control: no-store",
    ),
    fix: "send `Cache-Control: no-store` with pages that depend on who asks",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Cache-Control",
    ],
    equivalents: &[
        ("zap", &["10015"]),
        ("humble", &["Cache-Control"]),
        ("drheader", &["Cache-Control"]),
        ("webhint", &["http-cache"]),
    ],
    check: Check::Response(|subject, found| {
        if is_missing(subject, CacheControl::NAME) {
            for (field, span, cookie) in cookies(subject) {
                if is_session(cookie.name) {
                    found.at_header(field, span);
                }
            }
        }
    }),
    message: |place| format!("`{}` is set in a response that caches may keep", place.written()),
    ..Rule::BASE
};
