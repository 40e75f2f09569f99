//! `csp/missing-policy`.

use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Extent;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-policy",
    severity: Severity::High,
    summary: "the response has no policy",
    rationale: "Without a policy the browser runs whatever is in the page.",
    example: Example::Head("Content-Type: text/html\nServer: x"),
    good: Example::Head(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    fix: "send one: `cspc build` makes it from the pages",
    references: &["https://www.w3.org/TR/CSP3/#csp-header"],
    equivalents: &[
        ("lighthouse", &["csp-xss"]),
        ("observatory", &["csp-not-implemented"]),
        ("zap", &["10038-1"]),
        ("humble", &["Content-Security-Policy"]),
        ("drheader", &["CSP"]),
        ("securityheaders", &["Content-Security-Policy"]),
        ("shcheck", &["Content-Security-Policy"]),
        ("owasp", &["Content-Security-Policy"]),
    ],
    missing: Some("Content-Security-Policy"),
    check: Check::Response(|subject, found| {
        if subject.response.extent == Extent::Head
            && subject.members.is_empty()
            && subject.response.media_type().is_none_or(|kind| is_page(&kind))
        {
            found.at_field(0, 0);
        }
    }),
    message: |_| "the response has no Content-Security-Policy".to_owned(),
    ..Rule::BASE
};

/// Whether scripts of the site can run in it.
fn is_page(media_type: &str) -> bool {
    media_type == "text/html" || media_type.ends_with("xml")
}
