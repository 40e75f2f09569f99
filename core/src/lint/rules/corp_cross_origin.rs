//! `corp/cross-origin`.

use crate::diagnostic::Severity;
use crate::header::CrossOriginResourcePolicy;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "corp/cross-origin",
    severity: Severity::Info,
    summary: "Cross-Origin-Resource-Policy is `cross-origin`",
    rationale: "Any site may embed the response. That is right for what is meant for other sites, and wrong for the rest.",
    example: Example::Head("Cross-Origin-Resource-Policy: cross-origin"),
    good: Example::Head("Cross-Origin-Resource-Policy: same-origin"),
    fix: "write `same-origin` or `same-site`, except for what other sites embed",
    references: &["https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header"],
    equivalents: &[("observatory", &["corp-implemented-with-cross-origin"])],
    check: Check::Response(|subject, found| {
        for (field, span, header) in parsed::<CrossOriginResourcePolicy>(subject) {
            if header == CrossOriginResourcePolicy::CrossOrigin {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("`{}` is what browsers do without the header", place.written()),
    ..Rule::BASE
};
