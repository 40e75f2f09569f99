//! `page/javascript-url`.

use crate::diagnostic::Severity;
use crate::inventory::Element;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/javascript-url",
    severity: Severity::Low,
    summary: "a link has code for an address",
    rationale: "No nonce reaches it: a policy has to allow every inline script by `'unsafe-inline'`, and then an injected link runs as well.",
    example: Example::Page("<a href=\"javascript:print()\">Print</a>"),
    good: Example::Page("<button id=\"print\">Print</button><script src=\"/print.js\"></script>"),
    fix: "write a button, and call `addEventListener` in a script",
    references: &[
        "https://html.spec.whatwg.org/multipage/browsing-the-web.html#the-javascript:-url-special-case",
    ],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| has_code(element));
    }),
    message: |_| "a policy without `'unsafe-inline'` blocks this link".to_owned(),
    ..Rule::BASE
};

fn has_code(element: &Element) -> bool {
    let addresses = ["href", "src", "action", "formaction", "data", "xlink:href"];
    addresses.iter().filter_map(|name| element.get(name)).any(|address| {
        // Browsers take white space and control characters out before they look for the scheme.
        let text: String = address.chars().filter(|c| !c.is_ascii_control()).take(32).collect();
        text.trim_start().to_ascii_lowercase().starts_with("javascript:")
    })
}
