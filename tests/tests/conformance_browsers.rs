//! What real browsers did where this library once said otherwise: `conformance/browser_vectors.json`.

use cspc_core::enforce::Engine;
use cspc_tests::fates::{Asked, Delivered};
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Vector {
    id: String,
    engine: String,
    page: Url,
    policies: Vec<Delivered>,
    question: Asked,
    expect: String,
    effective: Option<String>,
}

impl Vector {
    /// What is wrong with the library's answer.
    fn wrong(&self) -> Option<String> {
        let engine = Engine::from_name(&self.engine).unwrap();
        let verdict = self.question.verdict(&self.policies, &self.page, engine);
        let found = if verdict.allowed { "allowed" } else { "blocked" };
        let named = |name: &String| {
            verdict.violations.iter().any(|violation| violation.effective.as_str() == name)
        };
        let agrees = found == self.expect && self.effective.as_ref().is_none_or(named);
        (!agrees).then(|| format!("{}: {found}, {:?}", self.id, verdict.violations))
    }
}

#[test]
fn engines_do_what_browsers_did() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../conformance/browser_vectors.json")).unwrap();
    let wrong: Vec<String> = vectors.iter().filter_map(Vector::wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
