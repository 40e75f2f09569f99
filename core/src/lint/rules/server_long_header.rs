//! `server/long-header`.

use crate::configuration::Trap;
use crate::diagnostic::{Confidence, Severity};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/long-header",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "a header is longer than what proxies take by default",
    rationale: "nginx reads 4 or 8 kB of an application's headers, Apache 8,190 bytes a line, HAProxy 16 kB in all: behind one of them the page becomes a 502.",
    example: Example::Nginx(
        "server { set $a 0123456789; set $b $a$a$a$a$a$a$a$a$a$a; set $c $b$b$b$b$b$b$b$b$b$b; set $d $c$c$c$c$c$c$c$c$c$c; add_header X-Long $d; }",
    ),
    good: Example::Nginx("add_header X-Long \"short\";"),
    fix: "give pages policies of their own, move inline code to files, or raise the proxy's limit (`proxy_buffer_size`)",
    references: &["https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffer_size"],
    check: Check::Configuration(Trap::LongHeader),
    ..Rule::BASE
};
