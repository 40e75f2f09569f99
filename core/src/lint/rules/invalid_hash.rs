//! `csp/invalid-hash`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/invalid-hash",
    severity: Severity::Medium,
    summary: "a hash is not one that browsers know",
    rationale: "Browsers match nothing by it, so that what it was to allow is blocked.",
    example: Example::Policy("script-src 'md5-1B2M2Y8AsgTpgAmY7PhCfg==' 'sha256-abc$'"),
    good: Example::Policy("script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"),
    fix: "a hash is `'sha256-…'`, `'sha384-…'` or `'sha512-…'` with base64 inside, quotes included",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-hash-source"],
    equivalents: &[
        ("csp-evaluator", &["INVALID_KEYWORD", "OBJECT_ALLOWLIST_BYPASS"]),
        ("lighthouse", &["unknownKeyword"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Issue(IssueCode::InvalidHash),
    message: |place| format!("`{}` is not a hash, and browsers ignore it", place.written()),
    ..Rule::BASE
};
