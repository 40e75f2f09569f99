//! `permissions/unknown-feature`.

use crate::diagnostic::{Confidence, Severity};
use crate::header::{FeatureStatus, PermissionsPolicy, Problem, feature_status};
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "permissions/unknown-feature",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "Permissions-Policy names a feature that browsers do not know",
    rationale: "A feature that is spelt wrong or was removed is not switched off, and fills consoles with warnings.",
    example: Example::Head("Permissions-Policy: interest-cohort=()"),
    good: Example::Head("Permissions-Policy: camera=()"),
    fix: "take it out, or correct it",
    references: &[
        "https://www.w3.org/TR/permissions-policy/#permissions-policy-http-header-field",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Permissions-Policy",
    ],
    equivalents: &[("humble", &["Permissions-Policy"])],
    check: Check::Response(|subject, found| {
        at_issues::<PermissionsPolicy>(subject, found, |it| it == Problem::UnknownName);
    }),
    message: |place| format!("browsers do not know the feature in `{}`", place.written()),
    help: |place| {
        let name = place.written().split('=').next()?.trim();
        match feature_status(name)? {
            FeatureStatus::Removed(Some(instead)) => {
                Some(format!("write `{instead}` in its place"))
            }
            FeatureStatus::Removed(None) | FeatureStatus::Known => None,
        }
    },
    ..Rule::BASE
};
