//! `leak/request-header`.

use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Field;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "leak/request-header",
    severity: Severity::Low,
    summary: "a header of requests is sent in a response",
    rationale: "A proxy that sends back what it was sent shows addresses inside the network, or the visitor to others by a cache.",
    example: Example::Head("X-Forwarded-For: 10.0.0.5"),
    good: Example::Head("Content-Type: text/html; charset=utf-8"),
    fix: "take it out, in the proxy that adds it",
    references: &["https://www.rfc-editor.org/rfc/rfc7239#section-8.3"],
    equivalents: &[("drheader", &["User-Agent", "X-Forwarded-For", "X-Client-IP"])],
    check: Check::Response(|subject, found| {
        for (index, field) in subject.response.fields.iter().enumerate() {
            let Field::Header { name, value } = field else { continue };
            if OF_REQUESTS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                found.at_field(index, value.len());
            }
        }
    }),
    message: |place| format!("{} belongs to requests", place.header()),
    ..Rule::BASE
};

/// Headers that clients and proxies send to servers.
static OF_REQUESTS: [&str; 12] = [
    "Client-IP",
    "Cookie",
    "Forwarded",
    "Host",
    "Proxy-Authorization",
    "True-Client-IP",
    "User-Agent",
    "X-Client-IP",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Originating-IP",
    "X-Real-IP",
];
