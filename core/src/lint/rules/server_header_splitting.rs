//! `server/header-splitting`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/header-splitting",
    severity: Severity::High,
    summary: "a decoded path stands in a header",
    rationale: "The path's escapes are undone in `$uri`: with `%0d%0a` in it a client ends the header, and writes headers and a page of its own after it.",
    example: Example::Nginx("return 301 https://shop.example$uri;"),
    good: Example::Nginx("return 301 https://shop.example$request_uri;"),
    fix: "use `$request_uri`, which stays escaped",
    references: &[
        "https://nginx.org/en/docs/http/ngx_http_core_module.html#var_uri",
        "https://github.com/dvershinin/gixy/blob/master/docs/en/checks/http_splitting.md",
    ],
    equivalents: &[("gixy", &["http_splitting"])],
    check: Check::Configuration(Trap::HeaderSplitting),
    ..Rule::BASE
};
