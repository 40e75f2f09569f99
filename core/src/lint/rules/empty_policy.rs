//! `csp/empty-policy`.

use crate::csp::IssueCode;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/empty-policy",
    severity: Severity::Medium,
    summary: "there is no directive in the policy",
    rationale: "Browsers drop such a policy: it restricts nothing.",
    example: Example::Policy("  "),
    good: Example::Policy(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    fix: "write a directive, such as `default-src 'self'`, or do not send the header",
    references: &["https://www.w3.org/TR/CSP3/#parse-serialized-policy"],
    equivalents: &[
        (
            "csp-evaluator",
            &[
                "MISSING_DIRECTIVES",
                "REPORTING_DESTINATION_MISSING",
                "REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS",
            ],
        ),
        ("observatory", &["csp-header-invalid"]),
    ],
    check: Check::Issue(IssueCode::EmptyPolicy),
    message: |place| {
        let is_empty = place.member.is_none_or(|member| member.policy.directives.is_empty());
        let message = if is_empty {
            "there is no directive in the policy"
        } else {
            "browsers drop all directives of the policy, so that nothing is left of it"
        };
        message.to_owned()
    },
    help: |place| {
        let has_some = place.member.is_some_and(|member| !member.policy.directives.is_empty());
        has_some.then(|| "mend the directives: each has a finding of its own".to_owned())
    },
    ..Rule::BASE
};
