//! `page/event-handler`.

use crate::diagnostic::Severity;
use crate::inventory::{Element, is_event_handler};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/event-handler",
    severity: Severity::Low,
    summary: "an element has code in an attribute",
    rationale: "No nonce reaches it: a policy has to allow every inline script by `'unsafe-inline'`, or this one by a hash and `'unsafe-hashes'`.",
    example: Example::Page("<button onclick=\"buy()\">Buy</button>"),
    good: Example::Page("<button id=\"buy\">Buy</button><script src=\"/buy.js\"></script>"),
    fix: "call `addEventListener` in a script",
    references: &[
        "https://www.w3.org/TR/CSP3/#unsafe-hashes-usage",
        "https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP#inline_javascript",
    ],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| handler(element).is_some());
    }),
    message: |place| {
        let name = place.element().and_then(handler).unwrap_or_default();
        format!("a policy without `'unsafe-inline'` blocks `{name}`")
    },
    ..Rule::BASE
};

fn handler(element: &Element) -> Option<&str> {
    element.attributes().map(|(name, _)| name).find(|name| is_event_handler(name))
}
