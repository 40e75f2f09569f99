//! `csp/missing-object-src`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-object-src",
    severity: Severity::Medium,
    summary: "nothing limits plugins and embedded documents",
    rationale: "`<object>` and `<embed>` can load documents that run scripts.",
    example: "script-src 'self'",
    fix: "add `object-src 'none'`",
    references: &["https://www.w3.org/TR/CSP3/#directive-object-src"],
    equivalents: &[("csp-evaluator", &["MISSING_DIRECTIVES"])],
    check: Check::Missing {
        directive: Directive::ObjectSrc,
        message: "neither `object-src` nor `default-src` is there, so any plugin content may load",
    },
};
