//! Every finding of google/csp-evaluator is made by a rule that says so in its `equivalents`.
//!
//! `conformance/csp_evaluator_vectors.json` holds policies with the findings of csp_evaluator 1.1.8 (Apache-2.0), and
//! `csp_evaluator_neighbours.json` some that lie near them. Where it is wrong or out of date, `docs/deviations.md` says why,
//! and [`DEVIATIONS`] knows the finding.

use std::collections::BTreeMap;

use cspc_core::csp::Delivery;
use cspc_core::diagnostic::Finding as Ours;
use cspc_core::lint::{self, Response};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    csp: String,
    findings: Vec<Finding>,
    #[serde(default)]
    strict_findings: Vec<Finding>,
    #[serde(default)]
    reporting_findings: Vec<Finding>,
}

#[derive(Deserialize, Debug)]
struct Finding {
    r#type: String,
    directive: String,
    value: Option<String>,
}

/// The name of a heading in `docs/deviations.md`, and the findings it is about.
type Deviation = (&'static str, fn(&Vector, &Finding) -> bool);

static DEVIATIONS: &[Deviation] = &[
    ("A comma begins another policy", |vector, _| vector.csp.contains(',')),
    ("Nonces and hashes are known in any case", |vector, _| {
        let is_known = |prefix: &str| {
            let places = vector.csp.to_ascii_lowercase();
            places.match_indices(prefix).any(|(at, _)| !vector.csp[at..].starts_with(prefix))
        };
        ["'nonce-", "'sha256-", "'sha384-", "'sha512-"].into_iter().any(is_known)
    }),
    ("Newer keywords are keywords", |_, finding| {
        let newer = [
            "'trusted-types-eval'",
            "'unsafe-webtransport-hashes'",
            "'report-sha",
            "'unsafe-allow-redirects'",
        ];
        let value = finding.value.as_deref().unwrap_or_default().to_ascii_lowercase();
        finding.r#type == "INVALID_KEYWORD" && newer.iter().any(|name| value.starts_with(name))
    }),
    ("`fenced-frame-src` is a directive", |_, finding| finding.directive == "fenced-frame-src"),
    ("No browser runs Flash", |_, finding| {
        finding.r#type == "OBJECT_ALLOWLIST_BYPASS" && finding.directive == "default-src"
    }),
    ("`default-src` is for other loads, too", |_, finding| {
        finding.r#type == "IGNORED" && finding.directive == "default-src"
    }),
    ("`script-src` may decide about no load", |vector, finding| {
        finding.directive == "script-src"
            && vector.csp.contains("script-src-elem")
            && vector.csp.contains("worker-src")
    }),
    ("Nonces are known to every browser", |vector, finding| {
        finding.r#type == "SCRIPT_UNSAFE_INLINE" && vector.csp.contains("'nonce-")
    }),
    ("Any host or scheme is a fallback", |_, finding| finding.r#type == "ALLOWLIST_FALLBACK"),
    ("`allow` and `block` are no keywords of source lists", |_, finding| {
        finding.r#type == "INVALID_KEYWORD"
            && matches!(finding.value.as_deref(), Some("allow" | "block"))
    }),
    ("Names of Trusted Types policies are free", |_, finding| finding.directive == "trusted-types"),
    ("What takes reports is no source", |_, finding| {
        finding.directive == "report-uri" && finding.r#type == "IP_SOURCE"
    }),
    ("An empty list is `'none'`", |vector, finding| {
        let is_name = |part: &str, name| part.trim().eq_ignore_ascii_case(name);
        let has_empty = |name| vector.csp.split(';').any(|part| is_name(part, name));
        finding.r#type == "MISSING_DIRECTIVES"
            && ["default-src", "script-src", "object-src"].into_iter().any(has_empty)
    }),
];

fn vectors() -> Vec<Vector> {
    let own = include_str!("../conformance/csp_evaluator_vectors.json");
    let near = include_str!("../conformance/csp_evaluator_neighbours.json");
    let read = |text| serde_json::from_str::<Vec<Vector>>(text).unwrap();
    [own, near].into_iter().flat_map(read).collect()
}

fn judged(policy: &str) -> Vec<Ours> {
    let response = Response::of_policy(policy, Delivery::Header);
    let judged = lint::check(&response).findings();
    judged.into_iter().map(|judged| judged.finding).collect()
}

/// The rules that say to cover a type of finding.
fn covering() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut covering: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for rule in lint::rules() {
        for (_, names) in rule.equivalents.iter().filter(|(tool, _)| *tool == "csp-evaluator") {
            names.iter().for_each(|name| covering.entry(*name).or_default().push(rule.id));
        }
    }
    covering
}

fn is_same(ours: &Ours, theirs: &Finding) -> bool {
    let directive = ours.directive.as_deref().unwrap_or(&theirs.directive);
    let value = theirs.value.as_deref().zip(ours.value.as_deref());
    directive.eq_ignore_ascii_case(&theirs.directive)
        && value.is_none_or(|(theirs, ours)| ours.eq_ignore_ascii_case(theirs))
}

#[test]
fn every_finding_is_made_by_a_rule_that_says_so() {
    let vectors = vectors();
    let covering = covering();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut used = vec![0; DEVIATIONS.len()];
    let mut findings = 0;
    for vector in &vectors {
        let ours = judged(&vector.csp);
        let all = [&vector.findings, &vector.strict_findings, &vector.reporting_findings];
        for theirs in all.into_iter().flatten() {
            findings += 1;
            let rules = covering.get(theirs.r#type.as_str()).map(Vec::as_slice).unwrap_or_default();
            let is_made = ours
                .iter()
                .any(|ours| rules.contains(&ours.rule.as_ref()) && is_same(ours, theirs));
            if is_made {
                continue;
            }
            match DEVIATIONS.iter().position(|(_, is_it)| is_it(vector, theirs)) {
                Some(index) => used[index] += 1,
                None => wrong.entry(theirs.r#type.clone()).or_default().push(format!(
                    "{:?} {:?} in {:.160}",
                    theirs.directive, theirs.value, vector.csp
                )),
            }
        }
    }
    let unused: Vec<&str> = DEVIATIONS
        .iter()
        .zip(&used)
        .filter(|(_, used)| **used == 0)
        .map(|((name, _), _)| *name)
        .collect();
    assert_eq!(unused, [""; 0], "deviations that no finding needs");
    for (kind, cases) in &wrong {
        println!("{kind}: {}\n  {}", cases.len(), cases[..cases.len().min(12)].join("\n  "));
    }
    assert!(wrong.is_empty(), "not all of {findings} findings are made");
    let text = include_str!("../../docs/deviations.md");
    for (name, _) in DEVIATIONS {
        assert!(
            text.contains(&format!("## {name}\n")),
            "docs/deviations.md says nothing of: {name}"
        );
    }
}
