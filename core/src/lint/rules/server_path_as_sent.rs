//! `server/path-as-sent`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/path-as-sent",
    severity: Severity::Medium,
    summary: "a condition looks at the path as it was sent",
    rationale: "The same page has many spellings: `/%61dmin/`, `//admin/`, `/x/../admin/`. A condition on the path before it is decoded and normalized holds for one of them.",
    example: Example::Nginx("if ($request_uri ~ ^/admin) { return 403; }"),
    good: Example::Nginx("location /admin { deny all; }"),
    fix: "use a `location`, or `$uri` in the condition",
    references: &["https://nginx.org/en/docs/http/ngx_http_core_module.html#location"],
    check: Check::Configuration(Trap::RawPath),
    ..Rule::BASE
};
