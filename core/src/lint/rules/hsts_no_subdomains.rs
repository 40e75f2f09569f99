//! `hsts/no-subdomains`.

use crate::diagnostic::Severity;
use crate::header::StrictTransportSecurity;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "hsts/no-subdomains",
    severity: Severity::Info,
    summary: "Strict-Transport-Security leaves hosts below this one out",
    rationale: "A host below this one can set cookies for it, and who speaks for that host over plain HTTP can, too.",
    example: Example::Head("Strict-Transport-Security: max-age=63072000"),
    good: Example::Head("Strict-Transport-Security: max-age=63072000; includeSubDomains"),
    fix: "add `includeSubDomains` once all hosts below have HTTPS",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc6797#section-6.1",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security",
    ],
    equivalents: &[
        ("lighthouse", &["has-hsts"]),
        ("humble", &["Strict-Transport-Security"]),
        ("drheader", &["Strict-Transport-Security"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, hsts) in parsed::<StrictTransportSecurity>(subject) {
            if !hsts.include_subdomains {
                found.at_header(field, span);
            }
        }
    }),
    message: |_| "hosts below this one are left out".to_owned(),
    ..Rule::BASE
};
