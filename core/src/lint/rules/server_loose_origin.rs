//! `server/loose-origin`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/loose-origin",
    severity: Severity::Medium,
    summary: "a pattern of origins lets others pass",
    rationale: "A pattern without its ends, or with a dot that stands for any character, matches hosts that anyone can register: they are allowed to read what only your own sites should.",
    example: Example::Nginx("map $http_origin $cors { \"~shop\\.example\" $http_origin; }"),
    good: Example::Nginx("map $http_origin $cors { \"~^https://shop\\.example$\" $http_origin; }"),
    fix: "write `^https://` before it and `$` after it, and `\\.` for a dot",
    references: &["https://github.com/dvershinin/gixy/blob/master/docs/en/checks/origins.md"],
    equivalents: &[("gixy", &["origins"])],
    check: Check::Configuration(Trap::LooseOrigin),
    ..Rule::BASE
};
