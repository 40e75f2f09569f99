//! The parser against the vectors of `conformance/parse_vectors.json`.

use std::collections::{BTreeMap, BTreeSet};

use cspc_core::csp::{Delivery, issues, parse_list};
use serde::Deserialize;

/// Vectors that disagree, and why that is right. A vector here that agrees is a failure, too.
const EXPECTED_FAILURES: &[(&str, &str)] = &[];

#[derive(Deserialize)]
struct Vector {
    id: String,
    input: String,
    delivery: String,
    expect: Expectation,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Expectation {
    policies: usize,
    directives: Vec<Directive>,
    issues: BTreeSet<String>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Directive {
    policy: usize,
    name: String,
    values: Vec<String>,
}

fn read(vector: &Vector) -> Expectation {
    let delivery = match vector.delivery.as_str() {
        "meta" => Delivery::Meta,
        "report-only" => Delivery::ReportOnly,
        _ => Delivery::Header,
    };
    let parsed = parse_list(&vector.input, delivery);
    let issues = parsed
        .iter()
        .flat_map(|policy| issues(policy, delivery))
        .map(|issue| issue.code.as_str().to_owned())
        .collect();
    // The specification drops members of the list without directives, so they do not count here either.
    let policies: Vec<_> = parsed.iter().filter(|policy| !policy.is_empty()).collect();
    let directives = policies.iter().enumerate().flat_map(|(index, policy)| {
        policy.counting().map(move |directive| Directive {
            policy: index,
            name: directive.name.to_ascii_lowercase(),
            values: directive.values().map(|value| value.text.to_owned()).collect(),
        })
    });
    Expectation { policies: policies.len(), directives: directives.collect(), issues }
}

#[test]
fn the_parser_agrees_with_the_vectors() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../conformance/parse_vectors.json")).unwrap();
    let expected: BTreeMap<_, _> = EXPECTED_FAILURES.iter().copied().collect();
    let mut wrong = Vec::new();
    for vector in &vectors {
        let found = read(vector);
        if (found == vector.expect) == expected.contains_key(vector.id.as_str()) {
            wrong.push(format!(
                "{} {:?}\n  found    {found:?}\n  expected {:?}",
                vector.id, vector.input, vector.expect
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} vectors:\n{}",
        wrong.len(),
        vectors.len(),
        wrong.join("\n")
    );
}
