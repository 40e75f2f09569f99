//! Nonces: Caddy fills in what its templates can evaluate, and nothing else.

use super::super::{EmitError, Server};
use crate::plan::Plan;

/// What templates evaluate to the request's own 122 random bits.
const EVALUATED: [&str; 2] =
    ["placeholder \"http.request.uuid\"", "placeholder `http.request.uuid`"];

/// The lines that let Caddy put the nonce into pages.
///
/// # Errors
/// If what stands for the nonce in pages is nothing that a template evaluates.
pub(super) fn templates(plan: &Plan) -> Result<String, EmitError> {
    let Some(text) = &plan.nonce else { return Ok(String::new()) };
    let Some((open, close)) = delimiters(text.as_str()) else {
        return Err(EmitError::Unwritable {
            server: Server::Caddy,
            name: text.as_str().to_owned(),
            what: "a nonce in place of a text that its templates do not evaluate",
            help: "let `{{placeholder \"http.request.uuid\"}}` stand for it in pages, and name that as the placeholder",
        });
    };
    let between = if (open, close) == ("{{", "}}") {
        String::new()
    } else {
        format!("\tbetween {open} {close}\n")
    };
    Ok(format!(
        "\n# Each page has its nonce where the placeholder stands. Pages are templates by this: whatever else stands between\n\
         # the same brackets is evaluated as well.\ntemplates {{\n\tmime text/html\n{between}}}\n"
    ))
}

/// What stands before and after the expression: double braces, or brackets that mean nothing to a Caddyfile.
fn delimiters(text: &str) -> Option<(&str, &str)> {
    let (open, close) = EVALUATED.iter().find_map(|evaluated| text.split_once(evaluated))?;
    let (open, close) = (open.trim_end(), close.trim_start());
    let plain =
        |word: &str| word.len() >= 2 && word.bytes().all(|byte| b"[]()<>%|~=".contains(&byte));
    ((open, close) == ("{{", "}}") || plain(open) && plain(close)).then_some((open, close))
}
