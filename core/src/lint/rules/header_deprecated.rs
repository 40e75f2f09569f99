//! `header/deprecated`.

use crate::diagnostic::Severity;
use crate::lint::headers::DEPRECATED;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Field;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "header/deprecated",
    severity: Severity::Low,
    summary: "no browser needs this header any more",
    rationale: "It does nothing, or what it does is harmful, and hides what is needed.",
    example: Example::Head("X-XSS-Protection: 1; mode=block"),
    good: Example::Head("Content-Security-Policy: default-src 'none'"),
    fix: "take it out",
    references: &["https://owasp.org/www-project-secure-headers/"],
    equivalents: &[
        (
            "humble",
            &[
                "Expect-CT",
                "P3P",
                "Pragma",
                "Public-Key-Pins",
                "X-XSS-Protection",
                "X-UA-Compatible",
                "Feature-Policy",
            ],
        ),
        ("webhint", &["no-disallowed-headers", "no-html-only-headers"]),
        ("shcheck", &["X-XSS-Protection", "Expect-CT"]),
        ("zap", &["10063-2"]),
        ("owasp", &["X-XSS-Protection"]),
    ],
    check: Check::Response(|subject, found| {
        for (index, field) in subject.response.fields.iter().enumerate() {
            let Field::Header { name, value } = field else { continue };
            let is_named = DEPRECATED.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            // `0` switches off what was harmful in old browsers.
            if is_named && !(value.trim() == "0" && name.eq_ignore_ascii_case("x-xss-protection")) {
                found.at_field(index, value.len());
            }
        }
    }),
    message: |place| {
        let header = place.header();
        let row = DEPRECATED.iter().find(|(known, _)| known.eq_ignore_ascii_case(&header));
        format!("{header} is of no use any more: {}", row.map_or("", |(_, why)| why))
    },
    ..Rule::BASE
};
