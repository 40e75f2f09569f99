//! `server/proxy-to-client`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/proxy-to-client",
    severity: Severity::High,
    summary: "the client chooses which server is asked",
    rationale: "The server asks any address for whoever wants to: the cloud's metadata service, databases, whatever stands behind the firewall (server-side request forgery).",
    example: Example::Nginx("location /p { proxy_pass http://$arg_host; }"),
    good: Example::Nginx("location /p { proxy_pass http://app.internal; }"),
    fix: "write the server's name down, or look it up in a `map`",
    references: &[
        "https://cwe.mitre.org/data/definitions/918.html",
        "https://github.com/dvershinin/gixy/blob/master/docs/en/checks/ssrf.md",
    ],
    equivalents: &[("gixy", &["ssrf"])],
    check: Check::Configuration(Trap::ProxyToClient),
    ..Rule::BASE
};
