//! `csp/missing-trusted-types`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-trusted-types",
    severity: Severity::Info,
    summary: "strings become markup and code in the browser unchecked",
    rationale: "Trusted Types make the browser refuse strings in the places where scripts turn them into markup or code, which is where cross-site scripting in the browser happens.",
    example: Example::Policy("script-src 'self'"),
    good: Example::Policy("script-src 'self'; require-trusted-types-for 'script'"),
    fix: "add `require-trusted-types-for 'script'`, at first in a policy that only reports",
    references: &["https://www.w3.org/TR/trusted-types/"],
    equivalents: &[
        ("csp-evaluator", &["REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS"]),
        ("lighthouse", &["trusted-types-xss"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Missing(Directive::RequireTrustedTypesFor),
    message: |_| {
        "`require-trusted-types-for` is missing, so scripts may turn any string into markup"
            .to_owned()
    },
    ..Rule::BASE
};
