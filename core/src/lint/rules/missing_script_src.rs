//! `csp/missing-script-src`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-script-src",
    severity: Severity::High,
    summary: "nothing limits scripts",
    rationale: "Without `script-src` or `default-src` the browser runs any script, so the policy gives no protection against cross-site scripting.",
    example: Example::Policy("img-src 'self'"),
    good: Example::Policy("script-src 'self'"),
    fix: "add `script-src`, or better `default-src 'none'` and what the site needs",
    references: &["https://www.w3.org/TR/CSP3/#directive-script-src"],
    equivalents: &[
        ("csp-evaluator", &["MISSING_DIRECTIVES"]),
        ("lighthouse", &["missingScriptSrc"]),
        ("observatory", &["csp-implemented-with-unsafe-inline"]),
        ("zap", &["10055-4"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Missing(Directive::ScriptSrc),
    message: |_| {
        "neither `script-src` nor `default-src` is there, so any script may run".to_owned()
    },
    ..Rule::BASE
};
