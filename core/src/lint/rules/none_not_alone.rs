//! `csp/none-not-alone`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/none-not-alone",
    severity: Severity::Medium,
    summary: "`'none'` stands beside other sources",
    rationale: "Browsers ignore `'none'` unless it is the only source, so that the others are allowed, although the list seems to allow nothing.",
    example: Example::Policy("object-src 'none' https://cdn.example"),
    good: Example::Policy("object-src 'none'"),
    fix: "take it out, or the others",
    references: &["https://www.w3.org/TR/CSP3/#match-url-to-source-list"],
    equivalents: &[("zap", &["10055-3"])],
    check: Check::Issue(IssueCode::NoneNotAlone),
    message: |place| {
        format!("{} stands beside other sources, and browsers ignore it", place.written())
    },
    mend: |place| place.delete_value(true),
    ..Rule::BASE
};
