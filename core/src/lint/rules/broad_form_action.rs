//! `csp/broad-form-action`.

use crate::csp::{Directive, DirectiveSet};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/broad-form-action",
    severity: Severity::Low,
    summary: "forms may be sent to any host",
    rationale: "An injected form, or a changed one, can send what the user types to any host.",
    example: Example::Policy("default-src 'none'; form-action https:"),
    good: Example::Policy("default-src 'none'; form-action 'self'"),
    fix: "write `form-action 'self'` and the hosts that forms go to",
    references: &["https://www.w3.org/TR/CSP3/#directive-form-action"],
    equivalents: &[("zap", &["10055-4"]), ("humble", &["CSP"])],
    check: Check::Lets {
        about: DirectiveSet::of(&[Directive::FormAction]),
        kinds: Kinds::BROAD,
        unless: Kinds::EMPTY,
        test: |_, _| true,
    },
    message: |place| {
        format!(
            "`{}` in `{}` means that forms may be sent to any host",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};
