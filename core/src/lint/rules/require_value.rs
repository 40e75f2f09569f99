//! `require/value`.

use crate::diagnostic::Severity;
use crate::lint::rule::{Breach, Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "require/value",
    severity: Severity::Medium,
    summary: "a header says something else than the organisation demands",
    rationale: "The site file's [require] says what a header is to be: one of some values, or one with some parts and without others.",
    example: Example::Required(
        "[require]\nStrict-Transport-Security = { with = [\"max-age>=31536000\"] }\n\nHTTP/1.1 200 OK\nStrict-Transport-Security: max-age=300",
    ),
    good: Example::Required(
        "[require]\nStrict-Transport-Security = { with = [\"max-age>=31536000\"] }\n\nHTTP/1.1 200 OK\nStrict-Transport-Security: max-age=63072000",
    ),
    fix: "send what [require] says, or change it there",
    references: &["https://owasp.org/www-project-secure-headers/"],
    check: Check::Requirement(Breach::Value),
    ..Rule::BASE
};
