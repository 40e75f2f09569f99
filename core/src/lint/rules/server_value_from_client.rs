//! `server/value-from-client`.

use crate::configuration::Trap;
use crate::diagnostic::{Confidence, Severity};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/value-from-client",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "a header's value is what the client sends",
    rationale: "What a header says is then up to whoever makes the request; in a policy it can add directives, and in a cache it is served to others.",
    example: Example::Nginx("add_header X-Echo $http_x_echo;"),
    good: Example::Nginx("add_header X-Echo on;"),
    fix: "look the value up in a `map` that knows what it may be",
    references: &["https://nginx.org/en/docs/http/ngx_http_map_module.html"],
    check: Check::Configuration(Trap::ValueFromClient),
    ..Rule::BASE
};
