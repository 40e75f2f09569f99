//! `csp/ignored-in-meta`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/ignored-in-meta",
    severity: Severity::Medium,
    summary: "a directive does not count in a `<meta>`",
    rationale: "`frame-ancestors`, `sandbox` and `report-uri` are for headers only; in a `<meta>` browsers pass over them.",
    example: Example::Meta("default-src 'none'; frame-ancestors 'none'"),
    good: Example::Meta("default-src 'none'"),
    fix: "send it in the header",
    references: &["https://www.w3.org/TR/CSP3/#meta-element"],
    equivalents: &[("zap", &["10055-11"]), ("lighthouse", &["metaTag"])],
    check: Check::Issue(IssueCode::IgnoredInMeta),
    message: |place| format!("`{}` does not count in a <meta>", place.written()),
    mend: |place| place.delete_directive(true),
    ..Rule::BASE
};
