//! Inline items, compilation and WebRTC against the vectors of `conformance/inline_vectors.json`.

use std::collections::BTreeMap;

use cspc_core::csp::{Delivery, parse_list};
use cspc_core::enforce::{
    EnforcedPolicy, Engine, Inline, InlineKind, Question, SelfOrigin, decide,
};
use serde::Deserialize;

/// Vectors that disagree with the specification, and why that is right. One here that agrees is a failure, too.
const EXPECTED_FAILURES: &[(&str, &str)] = &[];

/// Vectors that disagree with what they say of an engine, and why that is right.
const EXPECTED_ENGINE_FAILURES: &[(&str, Engine, &str)] = &[];

#[derive(Deserialize)]
struct Vector {
    id: String,
    policy: String,
    #[serde(rename = "type")]
    kind: String,
    content: String,
    element: Element,
    expect: String,
    #[serde(default)]
    engines: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Element {
    #[serde(default)]
    nonce: String,
    parser_inserted: Option<bool>,
    tag: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    duplicate_attribute: bool,
}

fn question(vector: &Vector) -> Question {
    let kind = match vector.kind.as_str() {
        "script" => InlineKind::Script,
        "script attribute" => InlineKind::EventHandler,
        "navigation" => InlineKind::JavascriptUrl,
        "style" => InlineKind::Style,
        "style attribute" => InlineKind::StyleAttribute,
        "eval" => return Question::Eval(vector.content.clone()),
        "wasm" => return Question::Wasm,
        "webrtc" => return Question::Webrtc,
        other => panic!("no question for `{other}`"),
    };
    let element = &vector.element;
    Question::Inline(Inline {
        kind,
        content: vector.content.clone(),
        nonce: element.nonce.clone(),
        parser_inserted: element.parser_inserted.unwrap_or(true),
        tag: element.tag.clone(),
        attributes: element.attributes.clone(),
        duplicate_attribute: element.duplicate_attribute,
    })
}

fn answer(vector: &Vector, engine: Engine) -> &'static str {
    let parsed = parse_list(&vector.policy, Delivery::Header);
    let policies: Vec<_> =
        parsed.iter().map(|policy| EnforcedPolicy::new(policy, Delivery::Header)).collect();
    let verdict = decide(&policies, &SelfOrigin::OPAQUE, &question(vector), engine);
    assert_eq!(verdict.allowed, verdict.violations.is_empty());
    if verdict.allowed { "allowed" } else { "blocked" }
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../conformance/inline_vectors.json")).unwrap()
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
