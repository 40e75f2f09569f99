//! `permissions/syntax`.

use crate::diagnostic::Severity;
use crate::header::{PermissionsPolicy, Problem};
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "permissions/syntax",
    severity: Severity::Medium,
    summary: "Permissions-Policy is no structured field",
    rationale: "One member that cannot be read, and browsers drop the whole header; the syntax of the older Feature-Policy is such a member.",
    example: Example::Head("Permissions-Policy: camera 'none'; geolocation 'self'"),
    good: Example::Head("Permissions-Policy: camera=(), geolocation=(self)"),
    fix: "write `feature=()` or `feature=(self \"https://a.example\")`, with commas between features",
    references: &[
        "https://www.w3.org/TR/permissions-policy/#permissions-policy-http-header-field",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Permissions-Policy",
    ],
    equivalents: &[("humble", &["Permissions-Policy"])],
    check: Check::Response(|subject, found| {
        let is_syntax = |it| matches!(it, Problem::Syntax | Problem::Empty | Problem::InvalidValue);
        at_issues::<PermissionsPolicy>(subject, found, is_syntax);
    }),
    message: |place| format!("browsers cannot read `{}` in Permissions-Policy", place.written()),
    ..Rule::BASE
};
