//! `csp/broad-base-uri`.

use crate::csp::{Directive, DirectiveSet};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/broad-base-uri",
    severity: Severity::Medium,
    summary: "`<base>` may point at any host",
    rationale: "An injected `<base>` makes the page's own relative script URLs point at an attacker's host; with nonces or hashes and `'strict-dynamic'` they run.",
    example: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w=='; base-uri *"),
    good: Example::Policy("script-src 'nonce-4AEemGb0xJptoIGFP3Nd0w=='; base-uri 'none'"),
    fix: "write `base-uri 'none'`, or `'self'` if the site uses `<base>`",
    references: &["https://www.w3.org/TR/CSP3/#directive-base-uri"],
    equivalents: &[
        ("csp-evaluator", &["PLAIN_URL_SCHEMES", "PLAIN_WILDCARD"]),
        ("lighthouse", &["plainUrlScheme", "plainWildcards"]),
    ],
    check: Check::Lets {
        about: DirectiveSet::of(&[Directive::BaseUri]),
        kinds: Kinds::BROAD,
        unless: Kinds::EMPTY,
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` lets a <base> point anywhere", place.written(), place.name())
    },
    ..Rule::BASE
};
