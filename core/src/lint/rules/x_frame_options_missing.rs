//! `x-frame-options/missing`.

use crate::csp::{Delivery, Directive};
use crate::diagnostic::Severity;
use crate::header::{Header as _, XFrameOptions};
use crate::lint::headers::is_missing;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "x-frame-options/missing",
    severity: Severity::Medium,
    summary: "any site may embed the page",
    rationale: "With neither `frame-ancestors` nor X-Frame-Options, an attacker can lay the page under another one and catch clicks.",
    example: Example::Head("Content-Type: text/html"),
    good: Example::Head("Content-Type: text/html\nX-Frame-Options: DENY"),
    fix: "put `frame-ancestors 'none'` into the policy, or send `X-Frame-Options: DENY`",
    references: &[
        "https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Frame-Options",
    ],
    equivalents: &[
        ("observatory", &["x-frame-options-not-implemented"]),
        ("zap", &["10020-1"]),
        ("lighthouse", &["clickjacking-mitigation"]),
        ("humble", &["X-Frame-Options"]),
        ("drheader", &["X-Frame-Options"]),
        ("shcheck", &["X-Frame-Options"]),
        ("securityheaders", &["X-Frame-Options"]),
        ("owasp", &["X-Frame-Options"]),
    ],
    missing: Some("X-Frame-Options"),
    check: Check::Response(|subject, found| {
        let says_who = subject.members.iter().any(|member| {
            member.delivery == Delivery::Header
                && member.present.contains(Directive::FrameAncestors)
        });
        if is_missing(subject, XFrameOptions::NAME) && !says_who {
            found.at_field(0, 0);
        }
    }),
    message: |_| "any site may embed the page".to_owned(),
    ..Rule::BASE
};
