//! `csp/missing-default-src`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-default-src",
    severity: Severity::Info,
    summary: "nothing limits the loads that the policy does not name",
    rationale: "`default-src` decides about every kind of load without a directive of its own. Without it images, fonts, frames and requests may go anywhere, which is a way out for data.",
    example: Example::Policy("script-src 'self'"),
    good: Example::Policy("default-src 'none'; script-src 'self'"),
    fix: "add `default-src 'none'`, and name what the site loads",
    references: &["https://www.w3.org/TR/CSP3/#directive-default-src"],
    equivalents: &[
        ("zap", &["10055-4"]),
        ("humble", &["CSP"]),
        ("drheader", &["CSP"]),
        ("observatory", &["csp-implemented-with-no-unsafe"]),
    ],
    check: Check::Missing(Directive::DefaultSrc),
    message: |_| {
        "`default-src` is missing, so kinds of loads that are not named may go anywhere".to_owned()
    },
    ..Rule::BASE
};
