//! `header/empty`.

use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Field;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "header/empty",
    severity: Severity::Info,
    summary: "a header has no value",
    rationale: "It says nothing, or what its default says; most often a setting is missing where it is made.",
    example: Example::Head("X-Request-Id:  \nContent-Type: text/html; charset=utf-8"),
    good: Example::Head("Content-Type: text/html; charset=utf-8"),
    fix: "give it its value, or take it out",
    references: &["https://www.rfc-editor.org/rfc/rfc9110#section-5.5"],
    equivalents: &[("humble", &["empty"])],
    check: Check::Response(|subject, found| {
        for (index, field) in subject.response.fields.iter().enumerate() {
            if let Field::Header { value, .. } = field
                && value.trim().is_empty()
            {
                found.at_field(index, value.len());
            }
        }
    }),
    message: |place| format!("{} has no value", place.header()),
    ..Rule::BASE
};
