//! `cors/exposed-secrets`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::headers::members_of;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cors/exposed-secrets",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "headers that hold secrets are shown to scripts of other origins",
    rationale: "A token in a header is for the page that asked for it; once exposed, any script of the other origin can keep it.",
    example: Example::Head("Access-Control-Expose-Headers: Authorization"),
    good: Example::Head("Access-Control-Expose-Headers: ETag"),
    fix: "name the headers that scripts of the other origin need, and no tokens",
    references: &[
        "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Expose-Headers",
    ],
    equivalents: &[("koenbuyens", &["CORS"])],
    check: Check::Response(|subject, found| {
        for (field, span, name) in members_of(subject, "Access-Control-Expose-Headers") {
            if SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(name)) {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("scripts of another origin can read `{}`", place.written()),
    ..Rule::BASE
};

/// Headers by which a visitor is known.
static SECRET: [&str; 8] = [
    "Authorization",
    "Set-Cookie",
    "WWW-Authenticate",
    "X-Access-Token",
    "X-API-Key",
    "X-Auth-Token",
    "X-CSRF-Token",
    "X-XSRF-Token",
];
