//! `csp/ip-source`.

use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::sources::{host_of, is_ip};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/ip-source",
    severity: Severity::Info,
    summary: "a source is an IP address",
    rationale: "The specification lets no address match but 127.0.0.1, and browsers differ; certificates for addresses are rare.",
    example: Example::Policy("script-src 'self' https://203.0.113.7"),
    good: Example::Policy("script-src 'self' https://static.example"),
    fix: "use a host name",
    references: &["https://www.w3.org/TR/CSP3/#match-hosts"],
    equivalents: &[("csp-evaluator", &["IP_SOURCE"]), ("humble", &["CSP"])],
    yields_to: &["csp/local-source"],
    check: Check::Source {
        kinds: |_| Kinds::NUMERIC,
        beside: Kinds::ANY,
        test: |_, source| host_of(source.expression).is_some_and(is_ip),
    },
    message: |place| format!("`{}` in `{}` is an IP address", place.written(), place.name()),
    ..Rule::BASE
};
