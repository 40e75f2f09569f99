//! `csp/directive-as-header`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::Field;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/directive-as-header",
    severity: Severity::Medium,
    summary: "a directive is sent as a header of its own",
    rationale: "Browsers know no such header: directives and keywords count inside of Content-Security-Policy only.",
    example: Example::Head(
        "Content-Type: text/html\nFrame-Ancestors: 'none'\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    good: Example::Head(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    fix: "put it into Content-Security-Policy",
    references: &["https://www.w3.org/TR/CSP3/#csp-header"],
    equivalents: &[("humble", &["Strict-Dynamic"])],
    check: Check::Response(|subject, found| {
        for (index, field) in subject.response.fields.iter().enumerate() {
            if let Field::Header { name, value } = field
                && is_of_policy(name)
            {
                found.at_field(index, value.len());
            }
        }
    }),
    message: |_| {
        "this is a directive or keyword of Content-Security-Policy, and no header".to_owned()
    },
    ..Rule::BASE
};

/// Report-To and Upgrade-Insecure-Requests are headers as well.
fn is_of_policy(name: &str) -> bool {
    let directive = Directive::from_name(name).filter(|directive| {
        !matches!(
            directive,
            Directive::ReportTo
                | Directive::UpgradeInsecureRequests
                | Directive::Allow
                | Directive::Referrer
        )
    });
    directive.is_some() || name.eq_ignore_ascii_case("strict-dynamic")
}
