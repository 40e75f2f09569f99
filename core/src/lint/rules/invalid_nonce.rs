//! `csp/invalid-nonce`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/invalid-nonce",
    severity: Severity::Medium,
    summary: "a nonce is not base64",
    rationale: "Browsers match nothing by it. It does not even make them ignore `'unsafe-inline'`. Often it is a template's placeholder that was not filled in.",
    example: Example::Policy("script-src 'nonce-{{nonce}}'"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w=='"),
    fix: "a nonce is base64: letters, digits, `+`, `/`, `-`, `_` and up to two `=` at its end",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-nonce-source"],
    equivalents: &[
        (
            "csp-evaluator",
            &["INVALID_KEYWORD", "NONCE_CHARSET", "NONCE_LENGTH", "OBJECT_ALLOWLIST_BYPASS"],
        ),
        ("lighthouse", &["nonceCharset"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Issue(IssueCode::InvalidNonce),
    message: |place| format!("`{}` is not a nonce, and browsers ignore it", place.written()),
    help,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    let written = place.written();
    let is_template =
        ["{{", "${", "<%", "%%", "**", "{", "$", "%"].iter().any(|mark| written.contains(mark));
    is_template.then(|| {
        "it looks like a template's placeholder: fill it in, anew for each response".to_owned()
    })
}
