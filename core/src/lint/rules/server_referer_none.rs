//! `server/referer-none`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/referer-none",
    severity: Severity::Low,
    summary: "a check of the referrer lets requests without one pass",
    rationale: "Any page can have its requests sent without a referrer (`Referrer-Policy: no-referrer`), so that the check stops nobody.",
    example: Example::Nginx("valid_referers none server_names;"),
    good: Example::Nginx("valid_referers server_names;"),
    fix: "leave `none` out, or check Sec-Fetch-Site instead",
    references: &[
        "https://nginx.org/en/docs/http/ngx_http_referer_module.html",
        "https://github.com/dvershinin/gixy/blob/master/docs/en/checks/valid_referers.md",
    ],
    equivalents: &[("gixy", &["valid_referers"])],
    check: Check::Configuration(Trap::RefererNone),
    ..Rule::BASE
};
