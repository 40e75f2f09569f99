//! `csp/self-script-source`.

use crate::csp::Keyword;
use crate::diagnostic::{Confidence, Severity};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::LOADED_SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/self-script-source",
    severity: Severity::Info,
    confidence: Confidence::Low,
    summary: "`'self'` allows every script of the site's own host",
    rationale: "Where users can upload files, or an endpoint returns JSONP, an attacker finds a script on the site itself.",
    example: Example::Policy("script-src 'self'"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'strict-dynamic'"),
    fix: "serve uploads from another host and JSON with `X-Content-Type-Options: nosniff`, or allow scripts by nonce or hash",
    references: &["https://www.w3.org/TR/CSP3/#strict-csp"],
    equivalents: &[("shcheck", &["self"]), ("csp-evaluator", &["SCRIPT_ALLOWLIST_BYPASS"])],
    check: Check::Lets {
        about: LOADED_SCRIPT,
        kinds: Kinds::keyword(Keyword::SelfOrigin),
        unless: Kinds::STRICT,
        test: |_, _| true,
    },
    message: |place| {
        format!(
            "`{}` in `{}` allows every script of the site's own host",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};
