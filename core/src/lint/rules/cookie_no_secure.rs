//! `cookie/no-secure`.

use crate::diagnostic::Severity;
use crate::lint::headers::cookies;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cookie/no-secure",
    severity: Severity::Medium,
    summary: "a cookie goes over plain HTTP, too",
    rationale: "Whoever is on the network can read it, and set it.",
    example: Example::Head("Set-Cookie: a=1; HttpOnly; SameSite=Lax"),
    good: Example::Head("Set-Cookie: a=1; Secure; HttpOnly; SameSite=Lax"),
    fix: "add `Secure`",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.5",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie",
    ],
    equivalents: &[
        (
            "observatory",
            &[
                "cookies-without-secure-flag",
                "cookies-session-without-secure-flag",
                "cookies-without-secure-flag-but-protected-by-hsts",
                "cookies-session-without-secure-flag-but-protected-by-hsts",
            ],
        ),
        ("zap", &["10011"]),
        ("webhint", &["validate-set-cookie-header"]),
        ("humble", &["Set-Cookie"]),
        ("drheader", &["Set-Cookie"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, cookie) in cookies(subject) {
            if !cookie.secure {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("the cookie `{}` has no Secure", place.written()),
    ..Rule::BASE
};
