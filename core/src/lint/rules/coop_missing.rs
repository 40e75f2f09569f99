//! `coop/missing`.

use crate::diagnostic::Severity;
use crate::header::{CrossOriginOpenerPolicy, Header as _};
use crate::lint::headers::at_page_without;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "coop/missing",
    severity: Severity::Info,
    summary: "there is no Cross-Origin-Opener-Policy",
    rationale: "Any site that opens the page in a window keeps a hold on it, and shares a process with it.",
    example: Example::Head("Content-Type: text/html; charset=utf-8"),
    good: Example::Head(
        "Content-Type: text/html; charset=utf-8\nCross-Origin-Opener-Policy: same-origin",
    ),
    fix: "send `Cross-Origin-Opener-Policy: same-origin`, or `same-origin-allow-popups` for pages that sign in by a popup",
    references: &[
        "https://html.spec.whatwg.org/multipage/browsers.html#the-coop-headers",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Cross-Origin-Opener-Policy",
    ],
    equivalents: &[
        ("observatory", &["coop-not-implemented"]),
        ("lighthouse", &["origin-isolation"]),
        ("zap", &["90004-3"]),
        ("humble", &["Cross-Origin-Opener-Policy"]),
        ("drheader", &["Cross-Origin-Opener-Policy"]),
        ("shcheck", &["Cross-Origin-Opener-Policy"]),
        ("owasp", &["Cross-Origin-Opener-Policy"]),
    ],
    missing: Some("Cross-Origin-Opener-Policy"),
    check: Check::Response(|subject, found| {
        at_page_without(subject, found, CrossOriginOpenerPolicy::NAME)
    }),
    message: |_| "the page has no Cross-Origin-Opener-Policy".to_owned(),
    ..Rule::BASE
};
