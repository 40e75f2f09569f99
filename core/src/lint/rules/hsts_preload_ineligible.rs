//! `hsts/preload-ineligible`.

use crate::diagnostic::Mistake;
use crate::header::StrictTransportSecurity;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

const MISTAKE: Mistake = StrictTransportSecurity::PRELOAD_INELIGIBLE;

pub(in crate::lint) static RULE: Rule = Rule {
    id: MISTAKE.rule,
    severity: MISTAKE.severity,
    summary: "Strict-Transport-Security asks for preloading, and does not qualify",
    rationale: "The list of hosts that browsers are built with takes those with `includeSubDomains` and a `max-age` of a year or more; without them `preload` does nothing.",
    example: Example::Head("Strict-Transport-Security: max-age=300; includeSubDomains; preload"),
    good: Example::Head("Strict-Transport-Security: max-age=63072000; includeSubDomains; preload"),
    fix: MISTAKE.help,
    references: &[
        "https://hstspreload.org/#submission-requirements",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security",
    ],
    equivalents: &[("webhint", &["strict-transport-security"])],
    check: Check::Response(|subject, found| {
        for (field, span, hsts) in parsed::<StrictTransportSecurity>(subject) {
            if hsts.asks_in_vain() {
                found.at_header(field, span);
            }
        }
    }),
    message: |_| MISTAKE.message.to_owned(),
    ..Rule::BASE
};
