//! `csp/object-source`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/object-source",
    severity: Severity::Info,
    summary: "plugins and embedded documents are allowed from a host",
    rationale: "`<object>` and `<embed>` are rarely needed now that no browser runs plugins; what remains is a second kind of frame.",
    example: Example::Policy("script-src 'none'; object-src https://media.example"),
    good: Example::Policy("script-src 'none'; object-src 'none'"),
    fix: "write `object-src 'none'`",
    references: &["https://www.w3.org/TR/CSP3/#directive-object-src"],
    equivalents: &[("csp-evaluator", &["OBJECT_ALLOWLIST_BYPASS"])],
    yields_to: &["csp/broad-object-source"],
    check: Check::Source {
        kinds: |directive| match directive {
            Directive::ObjectSrc => Kinds::URLS,
            _ => Kinds::EMPTY,
        },
        beside: Kinds::ANY,
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` allows embedded content of that host", place.written(), place.name())
    },
    ..Rule::BASE
};
