//! `csp/upgrade-without-hsts`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::response::{Extent, Field};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/upgrade-without-hsts",
    severity: Severity::Low,
    summary: "insecure requests are upgraded, and the site itself is not",
    rationale: "`upgrade-insecure-requests` is for what the page loads; the first request to the site stays open to attack without Strict-Transport-Security.",
    example: Example::Head(
        "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; upgrade-insecure-requests\nContent-Type: text/html",
    ),
    good: Example::Head(
        "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; upgrade-insecure-requests\nStrict-Transport-Security: max-age=63072000",
    ),
    fix: "send Strict-Transport-Security, too",
    references: &["https://www.w3.org/TR/upgrade-insecure-requests/#relation-to-hsts"],
    equivalents: &[("humble", &["CSP"])],
    check: Check::Response(|subject, found| {
        let is_hsts = |field: &Field<'_>| {
            matches!(field, Field::Header { name, .. }
            if name.eq_ignore_ascii_case("strict-transport-security"))
        };
        if subject.response.extent != Extent::Head || subject.response.fields.iter().any(is_hsts) {
            return;
        }
        for (index, member) in subject.members.iter().enumerate() {
            if member.present.contains(Directive::UpgradeInsecureRequests) {
                found.member = Some(index);
                found.at_name(member, Directive::UpgradeInsecureRequests);
            }
        }
    }),
    message: |_| {
        "`upgrade-insecure-requests` is there without Strict-Transport-Security".to_owned()
    },
    ..Rule::BASE
};
