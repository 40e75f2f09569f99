//! `csp/strict-dynamic-alone`.

use crate::csp::{Directive, DirectiveSet};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/strict-dynamic-alone",
    severity: Severity::Medium,
    summary: "`'strict-dynamic'` stands without a nonce or a hash",
    rationale: "`'strict-dynamic'` hands trust on from scripts that a nonce or hash allows, and makes browsers ignore hosts and schemes. Without a nonce or hash no script can run at all.",
    example: Example::Policy("script-src 'strict-dynamic' https:"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w==' 'strict-dynamic'"),
    fix: "add a nonce or the hashes of the first scripts, or take it out",
    references: &["https://www.w3.org/TR/CSP3/#strict-dynamic-usage"],
    equivalents: &[
        ("csp-evaluator", &["STRICT_DYNAMIC_NOT_STANDALONE"]),
        ("observatory", &["csp-header-invalid"]),
    ],
    check: Check::Lets {
        about: DirectiveSet::of(&[Directive::ScriptSrcElem]),
        kinds: Kinds::STRICT,
        unless: Kinds::NONCE_OR_HASH,
        test: |_, _| true,
    },
    message: |place| {
        format!(
            "`'strict-dynamic'` in `{}` stands without a nonce or a hash, so no script can run",
            place.name()
        )
    },
    ..Rule::BASE
};
