//! `csp/missing-script-src`.

use super::missing;
use crate::csp::{Directive, Policy};
use crate::diagnostic::Severity;
use crate::lint::rule::{Hit, Kind, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-script-src",
    severity: Severity::High,
    summary: "nothing limits scripts",
    rationale: "Without `script-src` or `default-src` the browser runs any script, so the policy gives no protection against cross-site scripting.",
    example: "img-src 'self'",
    fix: "add `script-src`, or better `default-src 'none'` and what the site needs",
    references: &["https://www.w3.org/TR/CSP3/#directive-script-src"],
    equivalents: &[("csp-evaluator", &["MISSING_DIRECTIVES"])],
    kind: Kind::Weakness,
    check,
};

fn check(policy: &Policy<'_>) -> Vec<Hit> {
    missing(
        policy,
        Directive::ScriptSrc,
        "neither `script-src` nor `default-src` is there, so any script may run",
    )
}
