//! `leak/technology`.

use crate::diagnostic::Severity;
use crate::lint::headers::TECHNOLOGY;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Field;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "leak/technology",
    severity: Severity::Low,
    summary: "a header tells what the site is made with",
    rationale: "It tells which known holes to try, and no visitor needs it.",
    example: Example::Head("X-Powered-By: PHP/8.1.2"),
    good: Example::Head("Content-Security-Policy: default-src 'none'"),
    fix: "take it out, in the application or by the server in front of it",
    references: &["https://owasp.org/www-project-secure-headers/"],
    equivalents: &[
        ("zap", &["10037", "10061"]),
        ("webhint", &["no-disallowed-headers"]),
        ("humble", &["X-Powered-By"]),
        ("drheader", &["X-Powered-By"]),
        ("owasp", &["X-Powered-By"]),
    ],
    check: Check::Response(|subject, found| {
        for (index, field) in subject.response.fields.iter().enumerate() {
            let Field::Header { name, value } = field else { continue };
            if TECHNOLOGY.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                found.at_field(index, value.len());
            }
        }
    }),
    message: |place| format!("{} tells what the site is made with", place.header()),
    ..Rule::BASE
};
