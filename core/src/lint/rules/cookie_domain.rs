//! `cookie/domain`.

use crate::diagnostic::Severity;
use crate::lint::headers::cookies;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cookie/domain",
    severity: Severity::Info,
    summary: "a cookie goes to every host below its domain",
    rationale: "A host that is less well kept, or that someone else runs, gets it, and can set it.",
    example: Example::Head("Set-Cookie: a=1; Domain=shop.example; Secure; HttpOnly; SameSite=Lax"),
    good: Example::Head("Set-Cookie: __Host-a=1; Path=/; Secure; HttpOnly; SameSite=Lax"),
    fix: "leave `Domain` out, so that only the host itself gets it; the prefix `__Host-` holds browsers to that",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.3",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie",
    ],
    equivalents: &[("zap", &["90033"])],
    check: Check::Response(|subject, found| {
        for (field, span, cookie) in cookies(subject) {
            if cookie.domain.is_some() {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("every host below its domain gets the cookie `{}`", place.written()),
    ..Rule::BASE
};
