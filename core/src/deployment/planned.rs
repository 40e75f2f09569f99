//! A plan, read back.

use super::{Answer, Located, ReadError, from_json};
use crate::plan::{Header, NONCE_SOURCE, Plan};
use crate::response::delivery_of;

/// What servers put in the place of [`NONCE_SOURCE`], as far as it is known: a long one, and another one each time.
const MADE: &str = "'nonce-made-anew-for-each-response'";

/// Each rule of a plan answers for responses of its own.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Answer>, ReadError> {
    let plan = parse(name, text)?;
    let mut answers = Vec::new();
    for (index, rule) in plan.rules.iter().enumerate() {
        let answer = Answer {
            name: Some(format!("rules/{index}")),
            fields: rule.headers.iter().map(sent).collect(),
            ..Answer::default()
        };
        answers.push(answer);
    }
    Ok(answers)
}

/// The header as browsers get it.
fn sent(header: &Header) -> Located {
    let (name, value) = (header.name.as_str(), header.value.as_str());
    match delivery_of(name) {
        Some(_) => Located::header(name, &value.replace(NONCE_SOURCE, MADE), None),
        None => Located::header(name, value, None),
    }
}

/// Reads a plan, `cspc.plan/1`.
///
/// # Errors
/// If it is no JSON, or not that of a plan.
pub fn parse(name: &str, text: &str) -> Result<Plan, ReadError> {
    from_json(name, text)
}
