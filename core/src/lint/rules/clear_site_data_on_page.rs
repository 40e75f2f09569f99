//! `clear-site-data/on-page`.

use crate::diagnostic::{Confidence, Severity};
use crate::header::ClearSiteData;
use crate::lint::headers::{cookies, parsed};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "clear-site-data/on-page",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    summary: "Clear-Site-Data is sent with a response that sets cookies",
    rationale: "Browsers clear first what they keep and then take what the response sets, or the other way round: it belongs to signing out, and there alone.",
    example: Example::Head(
        "Clear-Site-Data: \"cookies\"\nSet-Cookie: SESSIONID=1; Secure; HttpOnly; SameSite=Lax\nCache-Control: no-store",
    ),
    good: Example::Head("Clear-Site-Data: \"cookies\""),
    fix: "send it when a visitor signs out, with a response that sets nothing",
    references: &[
        "https://www.w3.org/TR/clear-site-data/#header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Clear-Site-Data",
    ],
    check: Check::Response(|subject, found| {
        if cookies(subject).next().is_some() {
            for (field, span, _) in parsed::<ClearSiteData>(subject) {
                found.at_header(field, span);
            }
        }
    }),
    message: |_| "what this clears, the same response sets".to_owned(),
    ..Rule::BASE
};
