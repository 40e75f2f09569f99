//! `cspc check` against the checks that other tools make, one row a trigger: `conformance/checks.json`.

use std::collections::{BTreeMap, BTreeSet};

use cspc_core::deployment::{Form, read_judged};
use cspc_core::lint::{self, check};
use serde::Deserialize;

#[derive(Deserialize)]
struct Check {
    /// The check, as the comparison of tools names it.
    id: String,
    /// The tools that find this; the rule has to name what they call it.
    tools: Vec<String>,
    form: String,
    input: String,
    rule: String,
    /// What the rule must not be heard about.
    clean: Vec<String>,
}

fn rules_in(form: &str, input: &str) -> BTreeSet<&'static str> {
    let form: Form = form.parse().unwrap();
    let document = read_judged("-", input, Some(form)).unwrap();
    let responses = document.answers.iter().map(cspc_core::deployment::Answer::response);
    responses
        .flat_map(|response| check(&response).rules().map(|rule| rule.id).collect::<Vec<_>>())
        .collect()
}

#[test]
fn what_others_find_is_found_and_their_false_alarms_are_not() {
    let checks: Vec<Check> =
        serde_json::from_str(include_str!("../conformance/checks.json")).unwrap();
    let names: BTreeMap<&str, BTreeSet<&str>> = lint::rules()
        .iter()
        .map(|rule| (rule.id, rule.equivalents.iter().map(|(tool, _)| *tool).collect()))
        .collect();
    let mut wrong = Vec::new();
    for Check { id, tools, form, input, rule, clean } in &checks {
        let found = rules_in(form, input);
        if !found.contains(rule.as_str()) {
            wrong.push(format!("{id}: {rule} is not found in {input:?}, but {found:?}"));
        }
        // Another rule may cover what a tool finds in the same place.
        let covers = |tool: &str| {
            found.iter().any(|rule| names.get(rule).is_some_and(|of| of.contains(tool)))
        };
        let missing = tools.iter().filter(|tool| !covers(tool));
        wrong.extend(missing.map(|tool| format!("{id}: {rule} names no equivalent of {tool}")));
        let false_alarms =
            clean.iter().filter(|input| rules_in(form, input).contains(rule.as_str()));
        wrong.extend(false_alarms.map(|input| format!("{id}: {rule} is found in {input:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
