//! `csp/broad-object-source`.

use crate::csp::{Directive, DirectiveSet};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/broad-object-source",
    severity: Severity::Medium,
    summary: "plugins and embedded documents may come from any host",
    rationale: "`<object>` and `<embed>` load documents, as frames do; with `data:` out of the injected markup itself. Where an old plugin is left, it runs what an attacker chose.",
    example: Example::Policy("script-src 'self'; object-src *"),
    good: Example::Policy("script-src 'self'; object-src 'none'"),
    fix: "write `object-src 'none'`",
    references: &["https://www.w3.org/TR/CSP3/#directive-object-src"],
    equivalents: &[
        ("csp-evaluator", &["PLAIN_URL_SCHEMES", "PLAIN_WILDCARD", "OBJECT_ALLOWLIST_BYPASS"]),
        ("lighthouse", &["plainUrlScheme", "plainWildcards"]),
        ("observatory", &["csp-implemented-with-unsafe-inline"]),
    ],
    yields_to: &["csp/broad-script-source"],
    check: Check::Lets {
        about: DirectiveSet::of(&[Directive::ObjectSrc]),
        kinds: Kinds::BROAD,
        unless: Kinds::EMPTY,
        test: |_, _| true,
    },
    message: |place| {
        format!(
            "`{}` in `{}` lets embedded content come from anywhere",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};
