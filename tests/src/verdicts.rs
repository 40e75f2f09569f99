//! Vectors of what a browser allows, asked of the evaluator.

use std::collections::BTreeMap;

use cspc_core::csp::{Delivery, parse_list};
use cspc_core::enforce::{EnforcedPolicy, Engine, Matcher, Question, SelfOrigin, decide};

/// One question, and what is to be answered.
pub struct Vector {
    pub id: String,
    pub policy: String,
    pub self_origin: SelfOrigin,
    pub question: Question,
    /// What the specification answers: `allowed` or `blocked`.
    pub expect: String,
    /// What is said of engines; it begins with what they answer, if that is known.
    pub engines: BTreeMap<String, String>,
}

impl Vector {
    fn answer(&self, engine: Engine) -> &'static str {
        let parsed = parse_list(&self.policy, Delivery::Header);
        let policies: Vec<_> =
            parsed.iter().map(|policy| EnforcedPolicy::new(policy, Delivery::Header)).collect();
        let verdict = decide(&policies, &self.self_origin, &self.question, engine);
        assert_eq!(verdict.allowed, verdict.violations.is_empty());
        let matcher = Matcher::new(&policies, &self.self_origin, engine);
        assert_eq!(matcher.allows(&self.question), verdict.allowed, "{} compiled", self.id);
        if verdict.allowed { "allowed" } else { "blocked" }
    }
}

/// Asks what the specification says. `failures` are the vectors that disagree, and why that is right; one that agrees
/// is a failure, too.
pub fn assert_specification(vectors: &[Vector], failures: &[(&str, &str)]) {
    let expected: BTreeMap<_, _> = failures.iter().copied().collect();
    let mut wrong = Vec::new();
    for vector in vectors {
        let found = vector.answer(Engine::Spec);
        if (found == vector.expect) == expected.contains_key(vector.id.as_str()) {
            wrong.push(format!("{} {:?}: {found}", vector.id, vector.policy));
        }
    }
    assert!(wrong.is_empty(), "{} vectors:\n{}", wrong.len(), wrong.join("\n"));
}

/// Asks what each engine does of which a vector says so. `failures` are as above.
pub fn assert_engines(vectors: &[Vector], failures: &[(&str, Engine, &str)]) {
    let mut wrong = Vec::new();
    for vector in vectors {
        for (name, said) in &vector.engines {
            let engine = Engine::from_name(name).unwrap();
            // What follows the first word is a remark.
            let agrees = said.split(' ').next() == Some(vector.answer(engine));
            let expected =
                failures.iter().any(|(id, failing, _)| *id == vector.id && *failing == engine);
            if agrees == expected {
                wrong.push(format!("{} {name} {:?}: not {said}", vector.id, vector.policy));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers:\n{}", wrong.len(), wrong.join("\n"));
}
