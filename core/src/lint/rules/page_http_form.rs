//! `page/http-form`.

use crate::diagnostic::Severity;
use crate::inventory::Element;
use crate::lint::page::is_plain;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/http-form",
    severity: Severity::Medium,
    summary: "a form is sent over plain HTTP",
    rationale: "Anyone on the network can read what was written into it, and change it.",
    example: Example::Page("<form action=\"http://shop.example/login\" method=\"post\"></form>"),
    good: Example::Page("<form action=\"https://shop.example/login\" method=\"post\"></form>"),
    fix: "write `https:`, or the path alone",
    references: &["https://www.w3.org/TR/mixed-content/#requirements-forms"],
    equivalents: &[("zap", &["10042"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| target(element).is_some_and(is_plain));
    }),
    message: |place| {
        let url = place.element().and_then(target).unwrap_or_default();
        format!("the form is sent to `{url}`")
    },
    ..Rule::BASE
};

fn target(element: &Element) -> Option<&str> {
    match element.name.as_str() {
        "form" => element.get("action"),
        "button" | "input" => element.get("formaction"),
        _ => None,
    }
}
