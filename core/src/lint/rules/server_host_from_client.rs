//! `server/host-from-client`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/host-from-client",
    severity: Severity::Medium,
    summary: "the application is told the host that the client names",
    rationale: "`$http_host` is whatever the request says, even where nginx took the host from the request line: links in mails and cached pages then lead to somebody else's host.",
    example: Example::Nginx("proxy_set_header Host $http_host;"),
    good: Example::Nginx("proxy_set_header Host $host;"),
    fix: "pass `$host`, and let a default server refuse hosts that are not yours",
    references: &["https://github.com/dvershinin/gixy/blob/master/docs/en/checks/host_spoofing.md"],
    equivalents: &[("gixy", &["host_spoofing"])],
    check: Check::Configuration(Trap::HostFromClient),
    ..Rule::BASE
};
