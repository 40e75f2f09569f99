//! `referrer/unknown`.

use crate::diagnostic::Severity;
use crate::header::ReferrerPolicy;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "referrer/unknown",
    severity: Severity::Low,
    summary: "Referrer-Policy names a policy that browsers do not know",
    rationale: "They pass over it, and take an earlier one or their own.",
    example: Example::Head("Referrer-Policy: no-referer"),
    good: Example::Head("Referrer-Policy: no-referrer"),
    fix: "correct it",
    references: &[
        "https://www.w3.org/TR/referrer-policy/#referrer-policy-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Referrer-Policy",
    ],
    equivalents: &[
        ("observatory", &["referrer-policy-header-invalid"]),
        ("humble", &["Referrer-Policy"]),
    ],
    check: Check::Response(|subject, found| at_issues::<ReferrerPolicy>(subject, found, |_| true)),
    message: |place| format!("browsers do not know the policy `{}`", place.written()),
    ..Rule::BASE
};
