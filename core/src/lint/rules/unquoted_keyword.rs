//! `csp/unquoted-keyword`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unquoted-keyword",
    severity: Severity::Medium,
    summary: "a keyword has no quotes",
    rationale: "Without its quotes it is read as the name of a host, which no one has; the keyword does not count.",
    example: Example::Policy("script-src self"),
    good: Example::Policy("script-src 'self'"),
    fix: "put it in single quotes",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-keyword-source"],
    equivalents: &[
        ("csp-evaluator", &["INVALID_KEYWORD"]),
        ("lighthouse", &["unknownKeyword"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Issue(IssueCode::UnquotedKeyword),
    message: |place| format!("`{}` without quotes is read as a host", place.written()),
    mend: |place| place.replace(format!("'{}'", place.written()), false),
    ..Rule::BASE
};
