//! `cookie/syntax`.

use crate::diagnostic::Severity;
use crate::header::SetCookie;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cookie/syntax",
    severity: Severity::Low,
    summary: "a part of Set-Cookie is no attribute or value that browsers know",
    rationale: "Browsers pass over it, and so the cookie lacks what was meant.",
    example: Example::Head("Set-Cookie: a=1; Secure; Http-Only; SameSite=Lax"),
    good: Example::Head("Set-Cookie: a=1; Secure; HttpOnly; SameSite=Lax"),
    fix: "correct it",
    references: &["https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1"],
    equivalents: &[
        ("observatory", &["cookies-samesite-flag-invalid"]),
        ("zap", &["10054-3"]),
        ("webhint", &["validate-set-cookie-header"]),
        ("humble", &["Set-Cookie"]),
    ],
    check: Check::Response(|subject, found| at_issues::<SetCookie<'_>>(subject, found, |_| true)),
    message: |place| format!("browsers do not know `{}` in a cookie", place.written()),
    ..Rule::BASE
};
