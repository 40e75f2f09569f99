//! `coep/unsafe-none`.

use crate::diagnostic::Severity;
use crate::header::{CrossOriginEmbedderPolicy, EmbedderPolicy};
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "coep/unsafe-none",
    severity: Severity::Info,
    summary: "Cross-Origin-Embedder-Policy is `unsafe-none`",
    rationale: "It asks for nothing: what the page embeds need not agree to it.",
    example: Example::Head("Cross-Origin-Embedder-Policy: unsafe-none"),
    good: Example::Head("Cross-Origin-Embedder-Policy: credentialless"),
    fix: "write `credentialless`, or `require-corp`",
    references: &["https://html.spec.whatwg.org/multipage/browsers.html#coep"],
    equivalents: &[
        ("observatory", &["coep-implemented-with-unsafe-none"]),
        ("zap", &["90004-2"]),
        ("humble", &["Cross-Origin-Embedder-Policy"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, header) in parsed::<CrossOriginEmbedderPolicy>(subject) {
            if header.policy == EmbedderPolicy::UnsafeNone {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("`{}` is what browsers do without the header", place.written()),
    ..Rule::BASE
};
