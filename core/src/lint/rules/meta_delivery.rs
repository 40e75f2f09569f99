//! `csp/meta-delivery`.

use crate::csp::Delivery;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/meta-delivery",
    severity: Severity::Info,
    summary: "the policy is in the page, and not in a header",
    rationale: "A policy in a `<meta>` counts only for what follows it, and `frame-ancestors`, `sandbox` and `report-uri` do not count in it at all.",
    example: Example::Meta("default-src 'none'"),
    good: Example::Policy("default-src 'none'"),
    fix: "send it as a header where you can; `cspc build` writes the configuration",
    references: &["https://www.w3.org/TR/CSP3/#meta-element"],
    equivalents: &[("lighthouse", &["metaTag"]), ("zap", &["10055-12"])],
    check: Check::Member(|set, member, found| {
        if member.delivery == Delivery::Meta && !set.has_header {
            found.at_policy(member);
        }
    }),
    message: |_| "the policy is in a <meta>, and counts for what follows it only".to_owned(),
    ..Rule::BASE
};
