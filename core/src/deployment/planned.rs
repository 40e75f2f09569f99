//! A plan, read back.

use super::{Answer, Located, ReadError, from_json};
use crate::plan::Plan;

/// Each rule of a plan answers for responses of its own.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Answer>, ReadError> {
    let plan = parse(name, text)?;
    let mut answers = Vec::new();
    for (index, rule) in plan.rules.iter().enumerate() {
        let headers = rule.headers.iter();
        let fields = headers
            .map(|header| Located::header(header.name.as_str(), header.value.as_str(), None));
        let answer = Answer {
            name: Some(format!("rules/{index}")),
            fields: fields.collect(),
            ..Answer::default()
        };
        answers.push(answer);
    }
    Ok(answers)
}

/// Reads a plan, `cspc.plan/1`.
///
/// # Errors
/// If it is no JSON, or not that of a plan.
pub fn parse(name: &str, text: &str) -> Result<Plan, ReadError> {
    from_json(name, text)
}
