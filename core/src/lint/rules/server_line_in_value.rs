//! `server/line-in-value`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/line-in-value",
    severity: Severity::Medium,
    summary: "the end of a line stands in a header's value",
    rationale: "A value over several lines is sent over several lines: browsers drop what follows the first, or take it for another header. `\\n` in quotes is a line end as well.",
    example: Example::Nginx(
        "add_header Content-Security-Policy \"default-src 'self';\n  img-src *\";",
    ),
    good: Example::Nginx("add_header Content-Security-Policy \"default-src 'self'; img-src *\";"),
    fix: "write the value in one line, or join it from variables",
    references: &[
        "https://github.com/dvershinin/gixy/blob/master/docs/en/checks/add_header_multiline.md",
    ],
    equivalents: &[("gixy", &["add_header_multiline"])],
    check: Check::Configuration(Trap::LineInValue),
    ..Rule::BASE
};
