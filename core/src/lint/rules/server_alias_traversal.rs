//! `server/alias-traversal`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/alias-traversal",
    severity: Severity::High,
    summary: "a location without a slash at its end is an alias of a folder",
    rationale: "nginx puts what follows the location in place of it: `/files../secret` becomes `/var/files/../secret`, which is outside of the folder.",
    example: Example::Nginx("location /files { alias /var/files/; }"),
    good: Example::Nginx("location /files/ { alias /var/files/; }"),
    fix: "end the location with a slash, as the alias does",
    references: &["https://nginx.org/en/docs/http/ngx_http_core_module.html#alias"],
    equivalents: &[("gixy", &["alias_traversal"])],
    check: Check::Configuration(Trap::AliasTraversal),
    ..Rule::BASE
};
