//! `require/forbidden`.

use crate::diagnostic::Severity;
use crate::lint::rule::{Breach, Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "require/forbidden",
    severity: Severity::Medium,
    summary: "a header is there that the organisation forbids",
    rationale: "The site file's [require] says with `false` what no response is to carry, such as the name of the software behind it.",
    example: Example::Required(
        "[require]\nX-Powered-By = false\n\nHTTP/1.1 200 OK\nX-Powered-By: PHP/8.1",
    ),
    good: Example::Required(
        "[require]\nX-Powered-By = false\n\nHTTP/1.1 200 OK\nContent-Type: text/html",
    ),
    fix: "take the header out",
    references: &["https://owasp.org/www-project-secure-headers/"],
    check: Check::Requirement(Breach::Forbidden),
    ..Rule::BASE
};
