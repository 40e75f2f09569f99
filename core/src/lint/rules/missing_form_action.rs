//! `csp/missing-form-action`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/missing-form-action",
    severity: Severity::Low,
    summary: "nothing limits where forms are sent",
    rationale: "An injected form, or a changed one, can send what the user types to any host. `default-src` is no fallback for it.",
    example: Example::Policy("default-src 'self'"),
    good: Example::Policy("default-src 'self'; form-action 'self'"),
    fix: "add `form-action 'self'`, or `'none'` on a site without forms",
    references: &["https://www.w3.org/TR/CSP3/#directive-form-action"],
    equivalents: &[("zap", &["10055-13"]), ("humble", &["CSP"])],
    check: Check::Missing(Directive::FormAction),
    message: |_| "`form-action` is missing, so forms may be sent anywhere".to_owned(),
    mend: |place| place.add_directive("form-action 'self'"),
    ..Rule::BASE
};
