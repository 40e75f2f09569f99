//! `server/not-on-errors`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/not-on-errors",
    severity: Severity::Low,
    summary: "a header is missing from errors",
    rationale: "An error page is a page: it can be framed and can run what is injected into it. Without `always` neither nginx nor Apache sends the header with it.",
    example: Example::Nginx("server { add_header X-Frame-Options DENY; }"),
    good: Example::Nginx("server { add_header X-Frame-Options DENY always; }"),
    fix: "write `always`",
    references: &[
        "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
        "https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header",
    ],
    check: Check::Configuration(Trap::NotOnErrors),
    ..Rule::BASE
};
