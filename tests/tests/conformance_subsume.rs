//! Subsumption against the vectors of `conformance/subsume_vectors.json`.

use std::collections::BTreeMap;

use cspc_core::compare::subsumes;
use cspc_core::csp::{Delivery, Policy, parse_list};
use cspc_core::enforce::EnforcedPolicy;
use serde::Deserialize;

/// Vectors that disagree, and why that is right. One here that agrees is a failure, too.
const EXPECTED_FAILURES: &[(&str, &str)] = &[];

#[derive(Deserialize)]
struct Vector {
    id: String,
    a: String,
    b: Vec<String>,
    self_origin: String,
    #[serde(default)]
    b_disposition: String,
    expect: bool,
}

fn enforced<'a>(policies: &'a [Policy<'a>], delivery: Delivery) -> Vec<EnforcedPolicy<'a>> {
    policies.iter().map(|policy| EnforcedPolicy::new(policy, delivery)).collect()
}

fn answer(vector: &Vector) -> bool {
    let delivery =
        if vector.b_disposition == "report" { Delivery::ReportOnly } else { Delivery::Header };
    let a = parse_list(&vector.a, Delivery::Header);
    let b: Vec<Policy<'_>> = vector.b.iter().flat_map(|text| parse_list(text, delivery)).collect();
    let origin = vector.self_origin.parse().unwrap();
    subsumes(&enforced(&a, Delivery::Header), &enforced(&b, delivery), &origin)
}

#[test]
fn every_vector_agrees() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../conformance/subsume_vectors.json")).unwrap();
    assert!(vectors.len() > 300);
    let expected: BTreeMap<_, _> = EXPECTED_FAILURES.iter().copied().collect();
    let mut wrong = Vec::new();
    for vector in &vectors {
        let found = answer(vector);
        if (found == vector.expect) == expected.contains_key(vector.id.as_str()) {
            wrong.push(format!("{} {:?} {:?}: {found}", vector.id, vector.a, vector.b));
        }
    }
    assert!(wrong.is_empty(), "{} vectors:\n{}", wrong.len(), wrong.join("\n"));
}
