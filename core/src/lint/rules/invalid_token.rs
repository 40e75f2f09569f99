//! `csp/invalid-token`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/invalid-token",
    severity: Severity::Medium,
    summary: "a name holds characters that no name has",
    rationale: "`report-to` names an endpoint of the header Reporting-Endpoints; a URL belongs into `report-uri`.",
    example: Example::Policy("report-to (a)"),
    good: Example::Policy("report-to main"),
    fix: "use letters, digits and hyphens",
    references: &["https://www.w3.org/TR/CSP3/#directive-report-to"],
    equivalents: &[(
        "csp-evaluator",
        &[
            "MISSING_SEMICOLON",
            "INVALID_KEYWORD",
            "SRC_HTTP",
            "IP_SOURCE",
            "NONCE_CHARSET",
            "NONCE_LENGTH",
        ],
    )],
    check: Check::Issue(IssueCode::InvalidToken),
    message: |place| format!("`{}` is not the name of an endpoint", place.written()),
    help,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    place.written().contains("://").then(|| {
        "this is a URL: `report-to` takes a name that the header Reporting-Endpoints gives to it".to_owned()
    })
}
