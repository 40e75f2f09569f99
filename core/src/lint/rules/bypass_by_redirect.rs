//! `csp/bypass-by-redirect`.

use crate::csp::SourceExpression;
use crate::diagnostic::{Confidence, Severity};
use crate::lint::data::bypass::{self, PathPart};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Place, Rule};
use crate::lint::subject::LOADED_SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/bypass-by-redirect",
    severity: Severity::Low,
    confidence: Confidence::Low,
    summary: "only a path keeps an endpoint out that runs what it is told",
    rationale: "After a redirect browsers compare the host alone: an allowed URL that redirects, of this or any other allowed host, leads to the endpoint in spite of the path.",
    example: Example::Policy("script-src 'self' https://www.google.com/recaptcha/"),
    good: Example::Policy("script-src 'self' https://js.example/app.js"),
    fix: "make sure that no allowed host has an open redirect, or allow scripts by nonce with `'strict-dynamic'`",
    references: &["https://www.w3.org/TR/CSP3/#source-list-paths-and-redirects"],
    equivalents: &[("csp-evaluator", &["SCRIPT_ALLOWLIST_BYPASS"])],
    yields_to: &["csp/bypass-host", "csp/broad-script-source"],
    check: Check::Lets {
        about: LOADED_SCRIPT,
        kinds: Kinds::HOST,
        unless: Kinds::STRICT,
        test: |list, source| {
            list.sources.len() > 1
                && bypass::reached_by(list, source.expression, PathPart::Ignored).is_some()
        },
    },
    message: |place| {
        format!(
            "`{}` in `{}` keeps an endpoint that gets around the policy out by its path alone",
            place.written(),
            place.name()
        )
    },
    help,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    let source = SourceExpression::parse(place.written());
    let endpoint = bypass::reached_by(&place.list()?, source, PathPart::Ignored)?;
    Some(format!(
        "known is `{endpoint}`: make sure that no allowed host has an open redirect, or allow scripts by nonce"
    ))
}
