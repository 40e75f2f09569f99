//! `referrer/leaky`.

use crate::diagnostic::Severity;
use crate::header::ReferrerPolicy;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "referrer/leaky",
    severity: Severity::Medium,
    summary: "Referrer-Policy tells other sites more than it should",
    rationale: "Addresses go to other sites, or origins over plain HTTP; addresses may hold names, searches and tokens.",
    example: Example::Head("Referrer-Policy: unsafe-url"),
    good: Example::Head("Referrer-Policy: strict-origin-when-cross-origin"),
    fix: "write `strict-origin-when-cross-origin`, or `no-referrer`",
    references: &[
        "https://www.w3.org/TR/referrer-policy/#referrer-policy-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Referrer-Policy",
    ],
    equivalents: &[
        ("observatory", &["referrer-policy-unsafe"]),
        ("humble", &["Referrer-Policy"]),
        ("drheader", &["Referrer-Policy"]),
        ("securityheaders", &["Referrer-Policy"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, policy) in parsed::<ReferrerPolicy>(subject) {
            if policy.is_leaky() {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| {
        format!(
            "`{}` tells other sites more than the origin, or tells it over plain HTTP",
            place.written()
        )
    },
    ..Rule::BASE
};
