//! `leak/dns-prefetch`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "leak/dns-prefetch",
    severity: Severity::Info,
    summary: "browsers look up the hosts of links before anyone follows them",
    rationale: "Whoever sees the lookups learns to what the page links, private pages included.",
    example: Example::Head("X-DNS-Prefetch-Control: on"),
    good: Example::Head("X-DNS-Prefetch-Control: off"),
    fix: "write `off`, or leave the header out: over HTTPS, off is what browsers do",
    references: &[
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-DNS-Prefetch-Control",
    ],
    equivalents: &[("humble", &["X-DNS-Prefetch-Control"]), ("owasp", &["X-DNS-Prefetch-Control"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "X-DNS-Prefetch-Control", |value| {
            value.trim().eq_ignore_ascii_case("on")
        });
    }),
    message: |_| "hosts of links are looked up ahead".to_owned(),
    ..Rule::BASE
};
