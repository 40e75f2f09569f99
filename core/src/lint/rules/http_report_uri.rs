//! `csp/http-report-uri`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/http-report-uri",
    severity: Severity::Low,
    summary: "violations are reported without encryption",
    rationale: "Reports hold addresses of pages and samples of code; from a page over HTTPS browsers refuse to send them at all.",
    example: Example::Policy("default-src 'none'; report-uri http://reports.example/csp"),
    good: Example::Policy("default-src 'none'; report-uri https://reports.example/csp"),
    fix: "write `https://`",
    references: &["https://www.w3.org/TR/CSP3/#directive-report-uri"],
    equivalents: &[("csp-evaluator", &["SRC_HTTP", "IP_SOURCE"])],
    check: Check::Member(|_, member, found| {
        for (index, value) in member.values(Directive::ReportUri) {
            if value.text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")) {
                found.at(member, Some(index), value.span);
            }
        }
    }),
    message: |place| format!("reports are sent to `{}` without encryption", place.written()),
    mend: |place| place.replace(format!("https{}", place.written().get(4..)?), false),
    ..Rule::BASE
};
