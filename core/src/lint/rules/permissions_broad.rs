//! `permissions/broad`.

use crate::diagnostic::Severity;
use crate::header::{Allowlist, PermissionsPolicy};
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "permissions/broad",
    severity: Severity::Info,
    summary: "Permissions-Policy opens a feature to every frame",
    rationale: "Whatever the page embeds, advertisements included, may then use the feature wherever a frame asks for it.",
    example: Example::Head("Permissions-Policy: geolocation=*"),
    good: Example::Head("Permissions-Policy: geolocation=(self)"),
    fix: "name the origins that need it, or write `(self)` or `()`",
    references: &[
        "https://www.w3.org/TR/permissions-policy/#allowlists",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Permissions-Policy",
    ],
    equivalents: &[("humble", &["Permissions-Policy"]), ("koenbuyens", &["Permissions-Policy"])],
    check: Check::Response(|subject, found| {
        for (field, _, policy) in parsed::<PermissionsPolicy>(subject) {
            for feature in policy.features.iter().filter(|it| it.allowed == Allowlist::All) {
                found.at_header(field, feature.span);
            }
        }
    }),
    message: |place| format!("`{}` is for every frame, whatever it shows", place.written()),
    ..Rule::BASE
};
