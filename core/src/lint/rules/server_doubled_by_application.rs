//! `server/doubled-by-application`.

use crate::configuration::Trap;
use crate::diagnostic::{Confidence, Severity};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/doubled-by-application",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "a header is sent beside the one that the application sends",
    rationale: "nginx and Caddy add their line and pass on the application's own: browsers take one of them, or enforce both policies, and none of the two owners gets what was meant.",
    example: Example::Nginx(
        "location / { proxy_pass http://app; add_header X-Frame-Options DENY always; }",
    ),
    good: Example::Nginx(
        "location / { proxy_pass http://app; proxy_hide_header X-Frame-Options; add_header X-Frame-Options DENY always; }",
    ),
    fix: "take the application's own away with `proxy_hide_header` (or `fastcgi_hide_header` …), or leave the header to the application",
    references: &["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header"],
    check: Check::Configuration(Trap::DoubledByApplication),
    ..Rule::BASE
};
