//! `csp/http-source`.

use crate::csp::{HostSource, Policy, SourceExpression};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Hit, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/http-source",
    severity: Severity::Medium,
    summary: "a source is allowed without encryption",
    rationale: "Whoever sits between the browser and that host can change what is loaded.",
    example: "img-src http://cdn.example",
    fix: "write `https://`; browsers then still upgrade the old URLs of pages that ask for it",
    references: &["https://www.w3.org/TR/mixed-content/"],
    equivalents: &[("csp-evaluator", &["SRC_HTTP"])],
    check: Check::Mistake(check),
};

fn check(policy: &Policy<'_>) -> Vec<Hit> {
    let lists = policy.directives.iter().filter(|directive| {
        !directive.duplicate && directive.directive.is_some_and(|known| known.takes_source_list())
    });
    lists
        .flat_map(|directive| {
            let plain = directive.values.iter().filter(|value| match value.source_expression() {
                SourceExpression::Host(HostSource { scheme: Some(scheme), .. }) => {
                    scheme.eq_ignore_ascii_case("http")
                }
                _ => false,
            });
            plain.map(move |value| {
                Hit::at_value(
                    directive,
                    value,
                    format!("`{}` is allowed without encryption", value.text),
                )
            })
        })
        .collect()
}
