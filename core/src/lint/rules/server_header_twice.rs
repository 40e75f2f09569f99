//! `server/header-twice`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/header-twice",
    severity: Severity::Medium,
    summary: "two lines of the configuration send the same header",
    rationale: "No line replaces the other: both are sent. Of most headers browsers then take none or one by luck, and of two policies they enforce both.",
    example: Example::Nginx(
        "server { add_header X-Frame-Options DENY; add_header X-Frame-Options SAMEORIGIN; }",
    ),
    good: Example::Nginx("server { add_header X-Frame-Options DENY; }"),
    fix: "keep one of the lines",
    references: &["https://www.rfc-editor.org/rfc/rfc9110#section-5.3"],
    check: Check::Configuration(Trap::HeaderTwice),
    ..Rule::BASE
};
