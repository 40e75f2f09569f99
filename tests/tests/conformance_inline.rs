//! Inline items, compilation and WebRTC against the vectors of `conformance/inline_vectors.json`.

use std::collections::BTreeMap;

use cspc_core::enforce::{Engine, Inline, InlineKind, Question, SelfOrigin};
use cspc_tests::verdicts;
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
        hash: None,
    })
}

fn vectors() -> Vec<verdicts::Vector> {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../conformance/inline_vectors.json")).unwrap();
    let asked = vectors.into_iter().map(|vector| verdicts::Vector {
        question: question(&vector),
        self_origin: SelfOrigin::OPAQUE,
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
