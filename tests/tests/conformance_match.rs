//! Requests and document checks against the vectors of `conformance/match_vectors.json`.

use std::collections::BTreeMap;

use cspc_core::enforce::{Destination, Engine, Initiator, Question, Request};
use cspc_tests::verdicts;
use serde::Deserialize;

/// Vectors that disagree with the specification, and why that is right. One here that agrees is a failure, too.
const EXPECTED_FAILURES: &[(&str, &str)] = &[];

/// Vectors that disagree with what they say of an engine, and why that is right.
const EXPECTED_ENGINE_FAILURES: &[(&str, Engine, &str)] = &[
    (
        "m-self-04",
        Engine::Chromium,
        "the vector quotes a unit test of the network service, which checks navigations; Blink, which checks \
         connections, matches 'self' by the text",
    ),
    (
        "m-strictdyn-17",
        Engine::Firefox,
        "Firefox 153 runs the worker: browser vector b-worker-dynamic-01",
    ),
];

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
                keepalive: false,
            })
        }
    }
}

fn vectors() -> Vec<verdicts::Vector> {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../conformance/match_vectors.json")).unwrap();
    let asked = vectors.into_iter().map(|vector| verdicts::Vector {
        question: question(&vector.request),
        self_origin: vector.self_origin.parse().unwrap(),
        id: vector.id,
        policy: vector.policy,
        expect: vector.expect,
        engines: vector.engines,
    });
    asked.collect()
}

#[test]
fn the_specification_agrees_with_the_vectors() {
    verdicts::assert_specification(&vectors(), EXPECTED_FAILURES);
}

#[test]
fn engines_do_what_the_vectors_say_of_them() {
    verdicts::assert_engines(&vectors(), EXPECTED_ENGINE_FAILURES);
}
