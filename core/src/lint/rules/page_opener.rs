//! `page/opener`.

use crate::diagnostic::Severity;
use crate::inventory::Element;
use crate::lint::page::{has_word, is};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/opener",
    severity: Severity::Info,
    summary: "a page of another site is opened in a new window and gets a hold on this one",
    rationale: "It can send this one elsewhere while nobody looks. Browsers since 2021 let go by themselves, unless `rel=opener` says otherwise.",
    example: Example::Page("<a href=\"https://other.example/\" target=\"_blank\">More</a>"),
    good: Example::Page(
        "<a href=\"https://other.example/\" target=\"_blank\" rel=\"noopener\">More</a>",
    ),
    fix: "add `rel=\"noopener\"`",
    references: &["https://html.spec.whatwg.org/multipage/links.html#link-type-noopener"],
    equivalents: &[("zap", &["10108"]), ("webhint", &["disown-opener"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |page, element| {
            keeps_opener(element) && element.get("href").is_some_and(|url| page.is_foreign(url))
        });
    }),
    message: |_| {
        "the page that is opened keeps a hold on this one in browsers of before 2021".to_owned()
    },
    ..Rule::BASE
};

fn keeps_opener(element: &Element) -> bool {
    let lets_go = has_word(element, "rel", "noopener") || has_word(element, "rel", "noreferrer");
    matches!(element.name.as_str(), "a" | "area") && is(element, "target", "_blank") && !lets_go
}
