//! `csp/bypass-host`.

use crate::csp::SourceExpression;
use crate::diagnostic::{Confidence, Severity};
use crate::lint::data::bypass::{self, PathPart};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Place, Rule};
use crate::lint::subject::LOADED_SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/bypass-host",
    severity: Severity::High,
    confidence: Confidence::Medium,
    summary: "a host is allowed on which an endpoint runs what it is told",
    rationale: "A JSONP endpoint returns a script that begins with a name from its URL, and an old AngularJS evaluates markup: either lets an attacker run code although only that host is allowed.",
    example: Example::Policy("script-src 'self' https://www.google.com"),
    good: Example::Policy("script-src 'self' https://www.google.com/recaptcha/api.js"),
    fix: "allow scripts by nonce with `'strict-dynamic'`, or write the full URL of each file",
    references: &[
        "https://research.google/pubs/csp-is-dead-long-live-csp-on-the-insecurity-of-whitelists-and-the-future-of-content-security-policy/",
    ],
    equivalents: &[("csp-evaluator", &["SCRIPT_ALLOWLIST_BYPASS"])],
    yields_to: &["csp/broad-script-source"],
    check: Check::Lets {
        about: LOADED_SCRIPT,
        kinds: Kinds::HOST,
        unless: Kinds::STRICT,
        test: |list, source| {
            bypass::reached_by(list, source.expression, PathPart::Counts).is_some()
        },
    },
    message: |place| {
        format!(
            "`{}` in `{}` covers an endpoint that gets around the policy",
            place.written(),
            place.name()
        )
    },
    help,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    let source = SourceExpression::parse(place.written());
    let endpoint = bypass::reached_by(&place.list()?, source, PathPart::Counts)?;
    Some(format!(
        "known is `{endpoint}`; allow scripts by nonce with `'strict-dynamic'`, or write the full URL of each file"
    ))
}
