//! `csp/deprecated-directive`.

use crate::csp::{Directive, IssueCode};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/deprecated-directive",
    severity: Severity::Info,
    summary: "a directive is deprecated",
    rationale: "Browsers still understand it, or most of them do; something else is meant to be used.",
    example: Example::Policy("default-src 'none'; block-all-mixed-content"),
    good: Example::Policy("default-src 'none'; upgrade-insecure-requests"),
    fix: "use what took its place beside it, or take it out",
    references: &["https://www.w3.org/TR/CSP3/#directive-report-uri"],
    equivalents: &[("csp-evaluator", &["DEPRECATED_DIRECTIVE"]), ("humble", &["CSP"])],
    check: Check::Issue(IssueCode::DeprecatedDirective),
    message: |place| format!("`{}` is deprecated", place.written()),
    help,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    let instead = Directive::from_name(place.written())?.instead()?;
    Some(format!("use {instead}; until every browser that matters knows it, keep both"))
}
