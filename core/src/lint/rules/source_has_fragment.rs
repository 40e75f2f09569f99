//! `csp/source-has-fragment`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/source-has-fragment",
    severity: Severity::Medium,
    summary: "a source has a fragment",
    rationale: "The grammar of sources knows no fragment, so that by the specification nothing matches it; browsers differ in whether they cut it off.",
    example: Example::Policy("connect-src https://api.example/v1#key=1"),
    good: Example::Policy("connect-src https://api.example/v1"),
    fix: "cut it off before the `#`",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-path-part"],
    equivalents: &[(
        "csp-evaluator",
        &[
            "SCRIPT_ALLOWLIST_BYPASS",
            "OBJECT_ALLOWLIST_BYPASS",
            "STRICT_DYNAMIC",
            "SRC_HTTP",
            "IP_SOURCE",
            "IGNORED",
        ],
    )],
    check: Check::Issue(IssueCode::SourceHasFragment),
    message: |place| format!("`{}` has a fragment, which no source can have", place.written()),
    mend: |place| place.replace(place.written().split(['?', '#']).next()?, false),
    ..Rule::BASE
};
