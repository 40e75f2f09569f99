//! `server/reflected-origin`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/reflected-origin",
    severity: Severity::High,
    summary: "every origin that asks is allowed",
    rationale: "With the asking origin in Access-Control-Allow-Origin every site may read the answer, with Access-Control-Allow-Credentials even as the visitor.",
    example: Example::Nginx("add_header Access-Control-Allow-Origin $http_origin;"),
    good: Example::Nginx("add_header Access-Control-Allow-Origin https://shop.example;"),
    fix: "compare the origin with a list (nginx: a `map` with an empty default; Apache: `SetEnvIf Origin` with whole origins), and send nothing otherwise",
    references: &["https://fetch.spec.whatwg.org/#http-access-control-allow-origin"],
    equivalents: &[("gixy", &["origins"])],
    check: Check::Configuration(Trap::ReflectedOrigin),
    ..Rule::BASE
};
