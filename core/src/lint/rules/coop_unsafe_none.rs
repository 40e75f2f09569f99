//! `coop/unsafe-none`.

use crate::diagnostic::Severity;
use crate::header::{CrossOriginOpenerPolicy, OpenerPolicy};
use crate::lint::headers::parsed;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "coop/unsafe-none",
    severity: Severity::Info,
    summary: "Cross-Origin-Opener-Policy is `unsafe-none`",
    rationale: "It asks for nothing: any site that opens the page keeps a hold on it.",
    example: Example::Head("Cross-Origin-Opener-Policy: unsafe-none"),
    good: Example::Head("Cross-Origin-Opener-Policy: same-origin"),
    fix: "write `same-origin`, or `same-origin-allow-popups`",
    references: &["https://html.spec.whatwg.org/multipage/browsers.html#the-coop-headers"],
    equivalents: &[
        ("observatory", &["coop-implemented-with-unsafe-none"]),
        ("zap", &["90004-3"]),
        ("humble", &["Cross-Origin-Opener-Policy"]),
    ],
    check: Check::Response(|subject, found| {
        for (field, span, header) in parsed::<CrossOriginOpenerPolicy>(subject) {
            if header.policy == OpenerPolicy::UnsafeNone {
                found.at_header(field, span);
            }
        }
    }),
    message: |place| format!("`{}` is what browsers do without the header", place.written()),
    ..Rule::BASE
};
