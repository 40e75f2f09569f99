//! `csp/local-source`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::sources::{host_of, is_local};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/local-source",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "a source is a host of a developer's machine or a private network",
    rationale: "On the machine of a visitor that name means a program of theirs, or of whoever shares their network: what was for development is a hole in production.",
    example: Example::Policy("connect-src 'self' http://localhost:3000"),
    good: Example::Policy("connect-src 'self' https://api.example"),
    fix: "keep it in the policy for development only",
    references: &["https://wicg.github.io/private-network-access/"],
    equivalents: &[("csp-evaluator", &["IP_SOURCE", "SRC_HTTP"])],
    check: Check::Source {
        kinds: |_| Kinds::HOST,
        beside: Kinds::ANY,
        test: |_, source| host_of(source.expression).is_some_and(is_local),
    },
    message: |place| {
        format!("`{}` in `{}` is a local or private host", place.written(), place.name())
    },
    ..Rule::BASE
};
