//! Requests and document checks against the vectors of `conformance/match_vectors.json`.

use std::collections::BTreeMap;

use cspc_core::csp::{Delivery, parse_list};
use cspc_core::enforce::{
    Destination, EnforcedPolicy, Engine, Initiator, Question, Request, decide,
};
use serde::Deserialize;

/// Vectors that disagree with the specification, and why that is right. One here that agrees is a failure, too.
const EXPECTED_FAILURES: &[(&str, &str)] = &[];

/// Vectors that disagree with what they say of an engine, and why that is right.
const EXPECTED_ENGINE_FAILURES: &[(&str, Engine, &str)] = &[(
    "m-self-04",
    Engine::Chromium,
    "the vector quotes a unit test of the network service, which checks navigations; Blink, which checks connections, \
     matches 'self' by the text",
)];

#[derive(Deserialize)]
struct Vector {
    id: String,
    policy: String,
    self_origin: String,
    request: Asked,
    expect: String,
    #[serde(default)]
    engines: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Asked {
    url: String,
    destination: Option<String>,
    directive: Option<String>,
    #[serde(default)]
    initiator: String,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    integrity: String,
    #[serde(default)]
    parser_inserted: bool,
    redirect_count: u32,
}

fn question(asked: &Asked) -> Question {
    let url = asked.url.parse().unwrap();
    match asked.directive.as_deref() {
        Some("base-uri") => Question::Base(url),
        Some("form-action") => Question::FormAction { url, redirect_count: asked.redirect_count },
        Some("frame-ancestors") => Question::Ancestors(vec![Some(url)]),
        Some(other) => panic!("no question for `{other}`"),
        None => {
            let name = asked.destination.as_deref().unwrap();
            Question::Request(Request {
                url,
                destination: Destination::from_name(name).unwrap(),
                initiator: Initiator::from_name(&asked.initiator),
                nonce: asked.nonce.clone(),
                integrity: asked.integrity.clone(),
                parser_inserted: asked.parser_inserted,
                redirect_count: asked.redirect_count,
            })
        }
    }
}

fn answer(vector: &Vector, engine: Engine) -> &'static str {
    let parsed = parse_list(&vector.policy, Delivery::Header);
    let policies: Vec<_> =
        parsed.iter().map(|policy| EnforcedPolicy::new(policy, Delivery::Header)).collect();
    let origin = vector.self_origin.parse().unwrap();
    let verdict = decide(&policies, &origin, &question(&vector.request), engine);
    assert_eq!(verdict.allowed, verdict.violations.is_empty());
    if verdict.allowed { "allowed" } else { "blocked" }
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../conformance/match_vectors.json")).unwrap()
}

#[test]
fn the_specification_agrees_with_the_vectors() {
    let expected: BTreeMap<_, _> = EXPECTED_FAILURES.iter().copied().collect();
    let mut wrong = Vec::new();
    for vector in vectors() {
        let found = answer(&vector, Engine::Spec);
        if (found == vector.expect) == expected.contains_key(vector.id.as_str()) {
            wrong.push(format!("{} {:?}: {found}", vector.id, vector.policy));
        }
    }
    assert!(wrong.is_empty(), "{} vectors:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn engines_do_what_the_vectors_say_of_them() {
    let mut wrong = Vec::new();
    for vector in vectors() {
        for (name, said) in &vector.engines {
            let engine = Engine::from_name(name).unwrap();
            // What follows the first word is a remark.
            let agrees = said.split(' ').next() == Some(answer(&vector, engine));
            let expected = EXPECTED_ENGINE_FAILURES
                .iter()
                .any(|(id, failing, _)| *id == vector.id && *failing == engine);
            if agrees == expected {
                wrong.push(format!("{} {name} {:?}: not {said}", vector.id, vector.policy));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers:\n{}", wrong.len(), wrong.join("\n"));
}
