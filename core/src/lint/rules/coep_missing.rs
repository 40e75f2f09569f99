//! `coep/missing`.

use crate::diagnostic::Severity;
use crate::header::{CrossOriginEmbedderPolicy, Header as _};
use crate::lint::headers::at_page_without;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "coep/missing",
    severity: Severity::Info,
    summary: "there is no Cross-Origin-Embedder-Policy",
    rationale: "Without it the page cannot be isolated from what it embeds, and shares a process with it.",
    example: Example::Head("Content-Type: text/html; charset=utf-8"),
    good: Example::Head(
        "Content-Type: text/html; charset=utf-8\nCross-Origin-Embedder-Policy: credentialless",
    ),
    fix: "send `Cross-Origin-Embedder-Policy: credentialless`, or `require-corp` where everything embedded agrees to it",
    references: &[
        "https://html.spec.whatwg.org/multipage/browsers.html#coep",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Cross-Origin-Embedder-Policy",
    ],
    equivalents: &[
        ("observatory", &["coep-not-implemented"]),
        ("zap", &["90004-2"]),
        ("humble", &["Cross-Origin-Embedder-Policy"]),
        ("drheader", &["Cross-Origin-Embedder-Policy"]),
        ("shcheck", &["Cross-Origin-Embedder-Policy"]),
        ("owasp", &["Cross-Origin-Embedder-Policy"]),
    ],
    missing: Some("Cross-Origin-Embedder-Policy"),
    check: Check::Response(|subject, found| {
        at_page_without(subject, found, CrossOriginEmbedderPolicy::NAME)
    }),
    message: |_| "the page has no Cross-Origin-Embedder-Policy".to_owned(),
    ..Rule::BASE
};
