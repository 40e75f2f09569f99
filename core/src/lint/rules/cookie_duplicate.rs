//! `cookie/duplicate`.

use crate::diagnostic::Severity;
use crate::lint::headers::cookies;
use crate::lint::rule::{Check, Example, Rule};
use std::collections::BTreeSet;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cookie/duplicate",
    severity: Severity::Low,
    summary: "a cookie is set twice",
    rationale: "Which of the two a browser keeps depends on their paths and their order.",
    example: Example::Head(
        "Set-Cookie: a=1; Secure; HttpOnly; SameSite=Lax\nSet-Cookie: a=2; Secure; HttpOnly; SameSite=Lax",
    ),
    good: Example::Head(
        "Set-Cookie: a=1; Secure; HttpOnly; SameSite=Lax\nSet-Cookie: b=2; Secure; HttpOnly; SameSite=Lax",
    ),
    fix: "set it once",
    references: &["https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1"],
    equivalents: &[("webhint", &["validate-set-cookie-header"])],
    check: Check::Response(|subject, found| {
        let mut seen = BTreeSet::new();
        for (field, span, cookie) in cookies(subject) {
            if !seen.insert((cookie.name, cookie.domain, cookie.path)) {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("the cookie `{}` is set above already", place.written()),
    ..Rule::BASE
};
