//! `cookie/same-site-none`.

use crate::diagnostic::Severity;
use crate::header::SameSite;
use crate::lint::headers::cookies;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cookie/same-site-none",
    severity: Severity::Low,
    summary: "a cookie goes with requests from any site",
    rationale: "`SameSite=None` takes the protection against forged requests away, and browsers refuse it without Secure.",
    example: Example::Head("Set-Cookie: a=1; Secure; HttpOnly; SameSite=None"),
    good: Example::Head("Set-Cookie: a=1; Secure; HttpOnly; SameSite=Lax"),
    fix: "write `SameSite=Lax` unless pages of other sites have to send it",
    references: &[
        "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.2.7",
    ],
    equivalents: &[("observatory", &["cookies-samesite-flag-invalid"]), ("zap", &["10054-2"])],
    check: Check::Response(|subject, found| {
        for (field, span, cookie) in cookies(subject) {
            if cookie.same_site == Some(SameSite::None) {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("the cookie `{}` goes with requests from any site", place.written()),
    ..Rule::BASE
};
