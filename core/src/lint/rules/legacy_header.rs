//! `csp/legacy-header`.

use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Field;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/legacy-header",
    severity: Severity::Low,
    summary: "a policy is in a header that no browser reads any more",
    rationale: "Browsers of before 2013 read X-Content-Security-Policy and X-WebKit-CSP, each in its own way; those of today do not.",
    example: Example::Head(
        "Content-Type: text/html\nX-WebKit-CSP: default-src 'self'\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    good: Example::Head(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    fix: "take it out",
    references: &["https://www.w3.org/TR/CSP3/#csp-header"],
    equivalents: &[
        ("zap", &["10055-1", "10055-2", "10038-2"]),
        ("humble", &["X-Content-Security-Policy", "X-WebKit-CSP"]),
        ("webhint", &["no-html-only-headers"]),
    ],
    check: Check::Response(|subject, found| {
        for (index, field) in subject.response.fields.iter().enumerate() {
            if let Field::Header { name, value } = field
                && LEGACY.iter().any(|legacy| legacy.eq_ignore_ascii_case(name))
            {
                found.at_field(index, value.len());
            }
        }
    }),
    message: |_| "no browser reads this header any more".to_owned(),
    ..Rule::BASE
};

static LEGACY: [&str; 4] = [
    "X-Content-Security-Policy",
    "X-Content-Security-Policy-Report-Only",
    "X-WebKit-CSP",
    "X-WebKit-CSP-Report-Only",
];
