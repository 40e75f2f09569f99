//! `page/header-in-meta`.

use crate::diagnostic::Severity;
use crate::inventory::Element;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/header-in-meta",
    severity: Severity::Medium,
    summary: "a header stands in a `<meta>`, where it does not count",
    rationale: "Browsers read few headers there; those against framing, guessing types and plain HTTP are not among them.",
    example: Example::Page("<meta http-equiv=\"X-Frame-Options\" content=\"DENY\">"),
    good: Example::Page(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'\">",
    ),
    fix: "send it as a header",
    references: &[
        "https://html.spec.whatwg.org/multipage/semantics.html#pragma-directives",
        "https://www.rfc-editor.org/rfc/rfc6797#section-8.5",
    ],
    equivalents: &[("zap", &["10020-3", "10035-6"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| does_not_count(element));
    }),
    message: |place| {
        let name =
            place.element().and_then(|element| element.get("http-equiv")).unwrap_or_default();
        format!("`{name}` does not count in a <meta>")
    },
    ..Rule::BASE
};

/// Headers that people put there.
static HEADERS: [&str; 13] = [
    "Access-Control-Allow-Origin",
    "Clear-Site-Data",
    "Content-Security-Policy-Report-Only",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Feature-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-XSS-Protection",
];

fn does_not_count(element: &Element) -> bool {
    let name = element.get("http-equiv").unwrap_or_default().trim();
    element.name == "meta" && HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name))
}
