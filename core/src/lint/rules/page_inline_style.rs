//! `page/inline-style`.

use crate::diagnostic::Severity;
use crate::inventory::Element;
use crate::lint::page::has_nonce;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/inline-style",
    severity: Severity::Info,
    summary: "a style stands in the page",
    rationale: "A policy has to name it by its hash, or allow every inline style; and styles can read what stands in fields, and hide or show what they want.",
    example: Example::Page("<p style=\"color: red\">Sale</p>"),
    good: Example::Page("<p class=\"sale\">Sale</p>"),
    fix: "move it to a style sheet, or let `cspc build` name it by its hash",
    references: &["https://www.w3.org/TR/CSP3/#directive-style-src"],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| is_inline_style(element));
    }),
    message: |_| "a policy has to name this style by its hash".to_owned(),
    ..Rule::BASE
};

fn is_inline_style(element: &Element) -> bool {
    element.name == "style" && !has_nonce(element) || element.get("style").is_some()
}
