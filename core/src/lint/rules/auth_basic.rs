//! `auth/basic`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "auth/basic",
    severity: Severity::Low,
    summary: "the browser asks for a password by itself",
    rationale: "The password goes with every request from then on, there is no way to sign out, and over plain HTTP anyone can read it.",
    example: Example::Head("WWW-Authenticate: Basic realm=\"shop\""),
    good: Example::Head("WWW-Authenticate: Bearer realm=\"shop\""),
    fix: "sign visitors in by a form or by passkeys over HTTPS, with a session cookie",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc7617#section-4",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/WWW-Authenticate",
    ],
    equivalents: &[("zap", &["10105"]), ("humble", &["WWW-Authenticate"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "WWW-Authenticate", is_weak);
    }),
    message: |place| format!("`{}` sends the password with every request", place.written().trim()),
    ..Rule::BASE
};

fn is_weak(value: &str) -> bool {
    let scheme = value.split_ascii_whitespace().next().unwrap_or_default();
    ["Basic", "Digest"].iter().any(|weak| weak.eq_ignore_ascii_case(scheme))
}
