//! `server/lost-inheritance`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/lost-inheritance",
    severity: Severity::Medium,
    summary: "a block that adds a header loses all those around it",
    rationale: "nginx inherits `add_header` lines only where a block has none of its own: one line in a location, or in an `if`, and the policy of the server is gone from there.",
    example: Example::Nginx(
        "server { add_header X-Frame-Options DENY; location /a { add_header X-A 1; } }",
    ),
    good: Example::Nginx(
        "server { add_header X-Frame-Options DENY; location /a { add_header X-Frame-Options DENY; add_header X-A 1; } }",
    ),
    fix: "repeat the lines there, by an `include`; or write `add_header_inherit merge;` (nginx 1.29.3 and later)",
    references: &["https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"],
    equivalents: &[("gixy", &["add_header_redefinition"])],
    check: Check::Configuration(Trap::LostInheritance),
    ..Rule::BASE
};
