//! `origin-agent-cluster/invalid`.

use crate::diagnostic::Severity;
use crate::header::OriginAgentCluster;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "origin-agent-cluster/invalid",
    severity: Severity::Low,
    summary: "Origin-Agent-Cluster holds nothing that browsers know",
    rationale: "Browsers read a boolean of a structured field, and ignore any other text.",
    example: Example::Head("Origin-Agent-Cluster: true"),
    good: Example::Head("Origin-Agent-Cluster: ?1"),
    fix: "write `?1`",
    references: &[
        "https://html.spec.whatwg.org/multipage/browsers.html#origin-keyed-agent-clusters",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Origin-Agent-Cluster",
    ],
    equivalents: &[("humble", &["Origin-Agent-Cluster"])],
    check: Check::Response(|subject, found| {
        at_issues::<OriginAgentCluster>(subject, found, |_| true)
    }),
    message: |place| format!("browsers cannot read `{}` in {}", place.written(), place.header()),
    ..Rule::BASE
};
