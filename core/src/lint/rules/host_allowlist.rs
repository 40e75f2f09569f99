//! `csp/host-allowlist`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Place, Rule};
use crate::lint::subject::LOADED_SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/host-allowlist",
    severity: Severity::Info,
    confidence: Confidence::Low,
    summary: "scripts are allowed by host",
    rationale: "Whether a host serves nothing that an attacker can use is hard to know: JSONP endpoints, uploads, old libraries and other customers' files all count.",
    example: Example::Policy("script-src https://static.example"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'strict-dynamic'"),
    fix: "make sure that the host serves only what you put there, or allow scripts by nonce or hash",
    references: &["https://www.w3.org/TR/CSP3/#strict-csp"],
    equivalents: &[("csp-evaluator", &["SCRIPT_ALLOWLIST_BYPASS"])],
    yields_to: &[
        "csp/bypass-host",
        "csp/bypass-by-redirect",
        "csp/broad-script-source",
        "csp/shared-script-host",
        "csp/public-suffix-wildcard",
        "csp/unquoted-keyword",
        "csp/missing-semicolon",
    ],
    check: Check::Lets {
        about: LOADED_SCRIPT,
        kinds: Kinds::HOST,
        unless: Kinds::STRICT,
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` allows every script of that host", place.written(), place.name())
    },
    help,
    ..Rule::BASE
};

fn help(place: &Place<'_>) -> Option<String> {
    place.written().rsplit('/').next().filter(|file| file.contains(".js")).map(|_| {
        "it is one file: `integrity` on its element makes sure that it stays the same".to_owned()
    })
}
