//! `header/invalid-report-only`.

use crate::diagnostic::Severity;
use crate::header::{
    CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy, IntegrityPolicy, PermissionsPolicy,
};
use crate::lint::headers::at_issues_of;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "header/invalid-report-only",
    severity: Severity::Low,
    summary: "a header that only reports holds nothing that browsers know",
    rationale: "Browsers ignore the header, and no report shows what its enforced form would break.",
    example: Example::Head("Cross-Origin-Opener-Policy-Report-Only: SAME-ORIGIN"),
    good: Example::Head("Cross-Origin-Opener-Policy-Report-Only: same-origin; report-to=\"main\""),
    fix: "correct it as in the enforced header",
    references: &[
        "https://html.spec.whatwg.org/multipage/browsers.html#the-coop-headers",
        "https://www.w3.org/TR/permissions-policy/#permissions-policy-report-only-http-header-field",
    ],
    equivalents: &[(
        "humble",
        &[
            "Cross-Origin-Opener-Policy-Report-Only",
            "Cross-Origin-Embedder-Policy-Report-Only",
            "Permissions-Policy-Report-Only",
            "Integrity-Policy-Report-Only",
        ],
    )],
    check: Check::Response(|subject, found| {
        at_issues_of::<CrossOriginOpenerPolicy>(
            subject,
            found,
            "Cross-Origin-Opener-Policy-Report-Only",
        );
        at_issues_of::<CrossOriginEmbedderPolicy>(
            subject,
            found,
            "Cross-Origin-Embedder-Policy-Report-Only",
        );
        at_issues_of::<PermissionsPolicy>(subject, found, "Permissions-Policy-Report-Only");
        at_issues_of::<IntegrityPolicy>(subject, found, "Integrity-Policy-Report-Only");
    }),
    message: |place| format!("browsers cannot read `{}` in {}", place.written(), place.header()),
    ..Rule::BASE
};
