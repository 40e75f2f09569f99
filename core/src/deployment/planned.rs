//! A plan, read back.

use super::{Answer, Located, ReadError, from_json};
use crate::plan::{Header, NONCE_SOURCE, Op, Plan};
use crate::response::delivery_of;

/// What servers put in the place of [`NONCE_SOURCE`], as far as it is known: a long one, and another one each time.
const MADE: &str = "'nonce-made-anew-for-each-response'";

/// Each rule of a plan answers for responses of its own, with what it sends.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Answer>, ReadError> {
    let plan = parse(name, text)?;
    let mut answers = Vec::new();
    for (index, rule) in plan.rules.iter().enumerate() {
        let headers = rule.headers.iter().filter(|header| header.op != Op::Remove);
        let fields: Vec<Located> = headers.map(sent).collect();
        // A rule that sends nothing leaves nothing to be judged.
        if !fields.is_empty() {
            let name = Some(format!("rules/{index}"));
            answers.push(Answer { name, fields, ..Answer::default() });
        }
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
