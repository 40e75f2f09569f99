//! `server/hsts-over-http`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/hsts-over-http",
    severity: Severity::Low,
    summary: "Strict-Transport-Security is sent over plain HTTP",
    rationale: "Browsers ignore it there (RFC 6797, section 7.2), and it looks as though it protected.",
    example: Example::Nginx(
        "server { listen 80; add_header Strict-Transport-Security \"max-age=63072000\" always; }",
    ),
    good: Example::Nginx(
        "server { listen 443 ssl; add_header Strict-Transport-Security \"max-age=63072000\" always; }",
    ),
    fix: "send it from the server for HTTPS only",
    references: &["https://www.rfc-editor.org/rfc/rfc6797#section-7.2"],
    equivalents: &[("zap", &["10035-4"]), ("webhint", &["strict-transport-security"])],
    check: Check::Configuration(Trap::HstsOverHttp),
    ..Rule::BASE
};
