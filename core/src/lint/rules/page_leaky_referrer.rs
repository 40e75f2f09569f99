//! `page/leaky-referrer`.

use crate::diagnostic::Severity;
use crate::header::{Header as _, ReferrerPolicy};
use crate::inventory::Element;
use crate::lint::page::is;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/leaky-referrer",
    severity: Severity::Low,
    summary: "the page tells other sites more of its address than the origin",
    rationale: "A policy in the page counts after that of the header, and takes its place.",
    example: Example::Page("<meta name=\"referrer\" content=\"unsafe-url\">"),
    good: Example::Page("<meta name=\"referrer\" content=\"no-referrer\">"),
    fix: "take it out, or write `strict-origin-when-cross-origin` or `no-referrer`",
    references: &[
        "https://html.spec.whatwg.org/multipage/semantics.html#meta-referrer",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Referrer-Policy",
    ],
    equivalents: &[("observatory", &["referrer-policy-unsafe"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| {
            policy(element).is_some_and(ReferrerPolicy::is_leaky)
        });
    }),
    message: |place| {
        let policy = place.element().and_then(policy).map_or("", ReferrerPolicy::as_str);
        format!("`{policy}` tells other sites more than the origin")
    },
    ..Rule::BASE
};

fn policy(element: &Element) -> Option<ReferrerPolicy> {
    let is_meta = element.name == "meta" && is(element, "name", "referrer");
    let words = match is_meta {
        true => element.get("content"),
        false => element.get("referrerpolicy"),
    };
    ReferrerPolicy::parse(words?).value
}
