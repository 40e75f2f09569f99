//! `permissions/missing`.

use crate::diagnostic::Severity;
use crate::header::{Header as _, PermissionsPolicy};
use crate::lint::headers::at_page_without;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "permissions/missing",
    severity: Severity::Info,
    summary: "there is no Permissions-Policy",
    rationale: "Injected code and embedded frames may then ask for the camera, the place and whatever else the browser offers by default.",
    example: Example::Head("Content-Type: text/html; charset=utf-8"),
    good: Example::Head(
        "Content-Type: text/html; charset=utf-8\nPermissions-Policy: camera=(), geolocation=(), microphone=()",
    ),
    fix: "send `Permissions-Policy` with the features that the pages do without, each as `feature=()`; `cspc build` writes one for your pages",
    references: &[
        "https://www.w3.org/TR/permissions-policy/#permissions-policy-http-header-field",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Permissions-Policy",
    ],
    equivalents: &[
        ("securityheaders", &["Permissions-Policy"]),
        ("zap", &["10063-1"]),
        ("humble", &["Permissions-Policy"]),
        ("shcheck", &["Permissions-Policy"]),
        ("owasp", &["Permissions-Policy"]),
    ],
    missing: Some("Permissions-Policy"),
    check: Check::Response(|subject, found| {
        at_page_without(subject, found, PermissionsPolicy::NAME)
    }),
    message: |_| "the page has no Permissions-Policy".to_owned(),
    ..Rule::BASE
};
