//! `server/open-redirect`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/open-redirect",
    severity: Severity::Medium,
    summary: "a redirect leads where the link says",
    rationale: "Whoever sends the link chooses the host: it looks like yours, and leads to a page that asks for a password. A path that begins with two slashes is a host as well.",
    example: Example::Nginx("return 302 $arg_next;"),
    good: Example::Nginx("return 302 /welcome;"),
    fix: "redirect to a host that is written down, or look the target up in a `map`",
    references: &["https://cwe.mitre.org/data/definitions/601.html"],
    equivalents: &[("gixy", &["unanchored_redirect"])],
    check: Check::Configuration(Trap::OpenRedirect),
    ..Rule::BASE
};
