//! `server/header-in-other-table`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "server/header-in-other-table",
    severity: Severity::Medium,
    summary: "Apache sends a header twice, once from each of its two tables",
    rationale: "Apache has a table of headers for every answer (`Header always`) and one for successful answers (`Header`). `set` and `unset` see their own table only, so that a value in each is two lines: browsers enforce both policies, and take none of most other headers.",
    example: Example::Apache(
        "Header always set X-Frame-Options DENY\nHeader set X-Frame-Options SAMEORIGIN",
    ),
    good: Example::Apache(
        "Header onsuccess unset X-Frame-Options\nHeader always set X-Frame-Options DENY",
    ),
    fix: "keep the line with `always`, and write `Header onsuccess unset` for the other table",
    references: &["https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header"],
    check: Check::Configuration(Trap::HeaderInOtherTable),
    ..Rule::BASE
};
