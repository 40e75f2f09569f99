//! `csp/missing-semicolon`.

use crate::csp::IssueCode;
use crate::diagnostic::{Fix, Severity};
use crate::lint::rule::{Check, Example, Place, Rule};
use crate::text::Span;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-semicolon",
    severity: Severity::Medium,
    summary: "a directive's name stands among the values of another",
    rationale: "Without the semicolon the name and all that follows it are sources of the directive before: the second directive is not there, and the first one allows more than was meant.",
    example: Example::Policy("default-src 'self' script-src https://cdn.example"),
    good: Example::Policy("default-src 'self'; script-src https://cdn.example"),
    fix: "put a `;` before it",
    references: &["https://www.w3.org/TR/CSP3/#parse-serialized-policy"],
    equivalents: &[
        ("csp-evaluator", &["MISSING_SEMICOLON"]),
        ("lighthouse", &["missingSemicolon"]),
    ],
    check: Check::Issue(IssueCode::MissingSemicolon),
    message: |place| {
        format!(
            "`{}` is a directive's name, read here as a value of `{}`",
            place.written(),
            place.name()
        )
    },
    mend,
    ..Rule::BASE
};

fn mend(place: &Place<'_>) -> Option<Fix> {
    let before = place.text.get(..place.span.start)?;
    let start = before.trim_ascii_end().len();
    let replacement = format!("; {}", place.written());
    Some(Fix { replacement, span: Span::new(start, place.span.end), safe: false })
}
