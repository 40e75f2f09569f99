//! `header/duplicate`.

use crate::diagnostic::Severity;
use crate::lint::headers::SINGLE;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Field;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "header/duplicate",
    severity: Severity::Medium,
    summary: "a header is there twice that can only be there once",
    rationale: "Browsers join the values or take one of them, each header in its own way: what counts is a matter of luck.",
    example: Example::Head("X-Frame-Options: DENY\nX-Frame-Options: SAMEORIGIN"),
    good: Example::Head("X-Frame-Options: DENY"),
    fix: "send it once: often the server and the application each add one",
    references: &["https://www.rfc-editor.org/rfc/rfc9110#section-5.3"],
    equivalents: &[
        ("zap", &["10020-2", "10035-4"]),
        ("humble", &["X-Frame-Options", "Strict-Transport-Security", "Referrer-Policy"]),
    ],
    check: Check::Response(|subject, found| {
        for name in SINGLE {
            let is_it = |field: &Field<'_>| matches!(field, Field::Header { name: own, .. } if own.eq_ignore_ascii_case(name));
            let fields = subject.response.fields.iter().enumerate();
            for (index, field) in fields.filter(|(_, field)| is_it(field)).skip(1) {
                found.at_field(index, field.text().len());
            }
        }
    }),
    message: |place| format!("{} is there already", place.header()),
    ..Rule::BASE
};
