//! `csp/invalid-sandbox-token`.

use crate::csp::IssueCode;
use crate::diagnostic::{Fix, Severity};
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/invalid-sandbox-token",
    severity: Severity::Medium,
    summary: "`sandbox` does not know a keyword",
    rationale: "Browsers ignore it, so that what it was to permit is not permitted.",
    example: Example::Policy("sandbox 'allow-scripts'"),
    good: Example::Policy("sandbox allow-scripts"),
    fix: "they begin with `allow-` and have no quotes",
    references: &["https://html.spec.whatwg.org/multipage/browsers.html#sandboxing"],
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
    check: Check::Issue(IssueCode::InvalidSandboxToken),
    message: |place| format!("`{}` is no sandboxing keyword", place.written()),
    mend,
    ..Rule::BASE
};

fn mend(place: &Place<'_>) -> Option<Fix> {
    let unquoted = place.written().trim_matches(['\'', '"']);
    (unquoted.starts_with("allow-") && unquoted != place.written())
        .then(|| place.replace(unquoted, false))?
}
