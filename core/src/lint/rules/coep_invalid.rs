//! `coep/invalid`.

use crate::diagnostic::Severity;
use crate::header::CrossOriginEmbedderPolicy;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "coep/invalid",
    severity: Severity::Medium,
    summary: "Cross-Origin-Embedder-Policy holds nothing that browsers know",
    rationale: "Browsers ignore a value in quotes, in capitals or with a mistake, and the page is as open as without the header.",
    example: Example::Head("Cross-Origin-Embedder-Policy: REQUIRE-CORP"),
    good: Example::Head("Cross-Origin-Embedder-Policy: require-corp"),
    fix: "write `require-corp`, `credentialless` or `unsafe-none`, in lower case and without quotes",
    references: &[
        "https://html.spec.whatwg.org/multipage/browsers.html#coep",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Cross-Origin-Embedder-Policy",
    ],
    equivalents: &[
        ("observatory", &["coep-header-invalid"]),
        ("humble", &["Cross-Origin-Embedder-Policy"]),
        ("lighthouse", &["origin-isolation"]),
    ],
    check: Check::Response(|subject, found| {
        at_issues::<CrossOriginEmbedderPolicy>(subject, found, |_| true)
    }),
    message: |place| format!("browsers do not know `{}` and ignore the header", place.written()),
    ..Rule::BASE
};
