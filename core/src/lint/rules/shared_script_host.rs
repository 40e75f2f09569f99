//! `csp/shared-script-host`.

use crate::csp::SourceExpression;
use crate::diagnostic::{Confidence, Severity};
use crate::lint::data::shared_host;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Place, Rule};
use crate::lint::subject::LOADED_SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/shared-script-host",
    severity: Severity::High,
    confidence: Confidence::Medium,
    summary: "scripts may come from a host on which anyone can publish",
    rationale: "Hosts such as public mirrors of package registries and storage services serve what anyone uploads, an attacker too.",
    example: Example::Policy("script-src 'self' https://cdn.jsdelivr.net"),
    good: Example::Policy(
        "script-src 'self' https://cdn.jsdelivr.net/npm/vue@3.5.0/dist/vue.global.prod.js",
    ),
    fix: "write the full URL of each file, better with `integrity` on its element, or serve a copy from your own host",
    references: &["https://www.w3.org/TR/CSP3/#source-list-paths-and-redirects"],
    equivalents: &[("csp-evaluator", &["SCRIPT_ALLOWLIST_BYPASS"])],
    yields_to: &["csp/broad-script-source", "csp/public-suffix-wildcard"],
    check: Check::Lets {
        about: LOADED_SCRIPT,
        kinds: Kinds::HOST,
        unless: Kinds::STRICT,
        test: |_, source| shared_host::covered_by(source.expression).is_some(),
    },
    message: |place| {
        format!(
            "`{}` in `{}` allows what anyone publishes on that host",
            place.written(),
            place.name()
        )
    },
    help,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    let source = SourceExpression::parse(place.written());
    let (host, folder) = shared_host::covered_by(source)?;
    Some(format!(
        "it would load `https://{host}{folder}`, for one: write the full URL of each file, or serve a copy from your own host"
    ))
}
