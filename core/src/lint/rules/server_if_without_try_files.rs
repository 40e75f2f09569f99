//! `server/if-without-try-files`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/if-without-try-files",
    severity: Severity::Medium,
    summary: "an `if` in a location takes its `try_files` away",
    rationale: "Where the condition holds, nginx goes on in the `if` as in a location of its own, which has no `try_files`: pages that a front controller should answer are missing.",
    example: Example::Nginx(
        "location / { try_files $uri /index.php; if ($arg_x) { add_header X-A 1; } }",
    ),
    good: Example::Nginx(
        "map $arg_x $a { default 1; \"\" \"\"; }\nserver { location / { try_files $uri /index.php; add_header X-A $a; } }",
    ),
    fix: "use a `map` for the value; an empty one is not sent",
    references: &["https://www.nginx.com/resources/wiki/start/topics/depth/ifisevil/"],
    equivalents: &[("gixy", &["if_is_evil"])],
    check: Check::Configuration(Trap::IfWithoutTryFiles),
    ..Rule::BASE
};
