//! `csp/public-suffix-source`.

use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/public-suffix-source",
    severity: Severity::Low,
    summary: "a wildcard stands for the sites of many owners, for what is no script",
    rationale: "Under a public suffix such as `com`, `co.uk` or `github.io` anyone can have a name, so that this allows hosts of an attacker.",
    example: Example::Policy("default-src 'none'; frame-src *.github.io"),
    good: Example::Policy("default-src 'none'; frame-src https://project.github.io"),
    fix: "name the host itself",
    references: &["https://publicsuffix.org/"],
    yields_to: &["csp/public-suffix-wildcard"],
    check: Check::Source { kinds: |_| Kinds::SUFFIX, beside: Kinds::ANY, test: |_, _| true },
    message: |place| {
        format!("`{}` in `{}` covers hosts that anyone can have", place.written(), place.name())
    },
    ..Rule::BASE
};
