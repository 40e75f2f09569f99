//! `csp/invalid-directive-name`.

use crate::csp::{Directive, IssueCode, SourceExpression};
use crate::diagnostic::{Fix, Severity};
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/invalid-directive-name",
    severity: Severity::Medium,
    summary: "a directive begins with what is no name",
    rationale: "Where a directive has to begin, something else stands: often a colon too many, a stray value after a semicolon, or the folding of a YAML file.",
    example: Example::Policy("script-src: 'self'"),
    good: Example::Policy("script-src 'self'"),
    fix: "a name has letters and hyphens, and no colon after it",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-directive-name"],
    equivalents: &[
        (
            "csp-evaluator",
            &[
                "UNKNOWN_DIRECTIVE",
                "INVALID_KEYWORD",
                "SRC_HTTP",
                "IP_SOURCE",
                "NONCE_CHARSET",
                "NONCE_LENGTH",
            ],
        ),
        ("lighthouse", &["unknownDirective"]),
    ],
    check: Check::Issue(IssueCode::InvalidDirectiveName),
    message: |place| format!("`{}` is not a directive's name", place.written()),
    help,
    mend,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    let written = place.written();
    if written.to_ascii_lowercase().starts_with("content-security-policy") {
        return Some("this is the name of the header: give the whole line with --header, or leave the name out".to_owned());
    }
    let is_value = !matches!(SourceExpression::parse(written), SourceExpression::Invalid(_));
    (is_value && !written.ends_with(':'))
        .then(|| "this is a source: take the `;` before it away, so that it belongs to the directive before".to_owned())
}

fn mend(place: &Place<'_>) -> Option<Fix> {
    let known = Directive::from_name(place.written().trim_matches([':', ',', '"']))?;
    place.replace(known.as_str(), false)
}
