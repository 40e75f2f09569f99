//! `cache/session-shared`.

use crate::diagnostic::{Confidence, Severity};
use crate::header::CacheControl;
use crate::lint::headers::{has_session, parsed};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cache/session-shared",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "a response that sets a session may be kept by shared caches",
    rationale: "A cache that many people share hands the session of one to the next.",
    example: Example::Head(
        "Set-Cookie: SESSIONID=1; Secure; HttpOnly; SameSite=Lax\nCache-Control: public, max-age=600",
    ),
    good: Example::Head(
        "Set-Cookie: SESSIONID=1; Secure; HttpOnly; SameSite=Lax\nCache-Control: private, no-store",
    ),
    fix: "send `Cache-Control: no-store`, or `private`",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc9111#section-7.3",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Cache-Control",
    ],
    equivalents: &[
        ("zap", &["10015"]),
        ("humble", &["Cache-Control"]),
        ("drheader", &["Cache-Control"]),
    ],
    check: Check::Response(|subject, found| {
        if !has_session(subject) {
            return;
        }
        for (field, span, cache) in parsed::<CacheControl<'_>>(subject) {
            if cache.may_be_shared() && (cache.has("public") || cache.has("s-maxage")) {
                found.at_header(field, span);
            }
        }
    }),
    message: |_| "a shared cache may keep this response, and it sets a session".to_owned(),
    ..Rule::BASE
};
