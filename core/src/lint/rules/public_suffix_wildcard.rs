//! `csp/public-suffix-wildcard`.

use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::LOADED_SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/public-suffix-wildcard",
    severity: Severity::High,
    summary: "a wildcard stands for the sites of many owners",
    rationale: "Under a public suffix such as `com`, `co.uk` or `github.io` anyone can have a name, so that `*.` before it lets an attacker serve a script from a host of their own.",
    example: Example::Policy("script-src 'self' *.github.io"),
    good: Example::Policy("script-src 'self' https://project.github.io/app/"),
    fix: "name the host itself",
    references: &["https://publicsuffix.org/"],
    equivalents: &[("csp-evaluator", &["SCRIPT_ALLOWLIST_BYPASS"])],
    check: Check::Lets {
        about: LOADED_SCRIPT,
        kinds: Kinds::SUFFIX,
        unless: Kinds::STRICT,
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` covers hosts that anyone can have", place.written(), place.name())
    },
    ..Rule::BASE
};
