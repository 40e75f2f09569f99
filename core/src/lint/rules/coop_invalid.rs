//! `coop/invalid`.

use crate::diagnostic::Severity;
use crate::header::CrossOriginOpenerPolicy;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "coop/invalid",
    severity: Severity::Medium,
    summary: "Cross-Origin-Opener-Policy holds nothing that browsers know",
    rationale: "Browsers ignore a value in quotes, in capitals or with a mistake, and the page is as open as without the header.",
    example: Example::Head("Cross-Origin-Opener-Policy: SAME-ORIGIN"),
    good: Example::Head("Cross-Origin-Opener-Policy: same-origin"),
    fix: "write `same-origin`, `same-origin-allow-popups`, `noopener-allow-popups` or `unsafe-none`, in lower case and without quotes",
    references: &[
        "https://html.spec.whatwg.org/multipage/browsers.html#the-coop-headers",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Cross-Origin-Opener-Policy",
    ],
    equivalents: &[
        ("observatory", &["coop-header-invalid"]),
        ("humble", &["Cross-Origin-Opener-Policy"]),
        ("lighthouse", &["origin-isolation"]),
    ],
    check: Check::Response(|subject, found| {
        at_issues::<CrossOriginOpenerPolicy>(subject, found, |_| true)
    }),
    message: |place| format!("browsers do not know `{}` and ignore the header", place.written()),
    ..Rule::BASE
};
