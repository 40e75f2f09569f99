//! `hsts/short-max-age`.

use crate::diagnostic::Severity;
use crate::header::StrictTransportSecurity;
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "hsts/short-max-age",
    severity: Severity::Medium,
    summary: "browsers forget Strict-Transport-Security in less than a year",
    rationale: "Who does not come back in that time is open to attack again; lists of preloaded hosts ask for a year.",
    example: Example::Head("Strict-Transport-Security: max-age=86400"),
    good: Example::Head("Strict-Transport-Security: max-age=63072000"),
    fix: "write `max-age=63072000`, two years",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc6797#section-6.1",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security",
    ],
    equivalents: &[
        ("observatory", &["hsts-implemented-max-age-less-than-six-months"]),
        ("zap", &["10035-2"]),
        ("lighthouse", &["has-hsts"]),
        ("webhint", &["strict-transport-security"]),
        ("humble", &["Strict-Transport-Security"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, hsts) in parsed::<StrictTransportSecurity>(subject) {
            if hsts.max_age < YEAR {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("`{}` is less than a year", place.written()),
    ..Rule::BASE
};

/// A year of 365 days, in seconds.
const YEAR: u64 = 31_536_000;
