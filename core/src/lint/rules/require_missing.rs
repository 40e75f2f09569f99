//! `require/missing`.

use crate::diagnostic::Severity;
use crate::lint::rule::{Breach, Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "require/missing",
    severity: Severity::Medium,
    summary: "a header that the organisation demands is not there",
    rationale: "The site file's [require] says what every response is to carry, so that no site or release falls behind the organisation's own rules.",
    example: Example::Required(
        "[require]\nX-Content-Type-Options = true\n\nHTTP/1.1 200 OK\nContent-Type: text/html",
    ),
    good: Example::Required(
        "[require]\nX-Content-Type-Options = true\n\nHTTP/1.1 200 OK\nContent-Type: text/html\nX-Content-Type-Options: nosniff",
    ),
    fix: "send the header, or mark it `optional` in [require]",
    references: &["https://owasp.org/www-project-secure-headers/"],
    check: Check::Requirement(Breach::Missing),
    ..Rule::BASE
};
