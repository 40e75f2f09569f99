//! `page/inline-script`.

use crate::diagnostic::Severity;
use crate::inventory::{Element, is_code};
use crate::lint::page::has_nonce;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/inline-script",
    severity: Severity::Info,
    summary: "a script stands in the page",
    rationale: "A policy has to name it by its hash or a nonce, or allow every inline script, injected ones included.",
    example: Example::Page("<script>track('visit')</script>"),
    good: Example::Page("<script src=\"/track.js\"></script>"),
    fix: "move it to a file, or let `cspc build` name it by its hash",
    references: &[
        "https://www.w3.org/TR/CSP3/#multiple-policies",
        "https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP#inline_javascript",
    ],
    equivalents: &[("zap", &["10017"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| is_inline_script(element));
    }),
    message: |_| "a policy has to name this script by its hash or a nonce".to_owned(),
    ..Rule::BASE
};

fn is_inline_script(element: &Element) -> bool {
    let is_script = element.name == "script" && element.get("src").is_none();
    is_script && !has_nonce(element) && is_code(element)
}
