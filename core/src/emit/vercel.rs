//! Vercel: `headers` of `vercel.json`, with sources of path-to-regexp.

use serde_json::json;

use super::hosted::{Block, Effect, Outcome, Pattern, encoded, overriding};
use super::lines::Site;
use super::{EmitError, File, Server};

pub(super) fn emit(site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let blocks = overriding(site, Server::Vercel)?;
    let entries: Vec<serde_json::Value> = blocks
        .iter()
        .flat_map(|block| sources(block.pattern).into_iter().map(move |source| (source, block)))
        .map(|(source, block)| json!({"source": source, "headers": headers(block)}))
        .collect();
    json_file("vercel.json", &json!({"headers": entries}))
}

/// The headers of a block, as Vercel and Firebase write them.
pub(super) fn headers(block: &Block<'_>) -> Vec<serde_json::Value> {
    let pair = |effect: &Effect<'_>| json!({"key": effect.name, "value": effect.value()});
    block.effects.iter().filter(|effect| effect.outcome != Outcome::Remove).map(pair).collect()
}

/// A file of JSON.
pub(super) fn json_file(name: &str, value: &serde_json::Value) -> Result<Vec<File>, EmitError> {
    let text = serde_json::to_string_pretty(value).map_err(|e| EmitError::Json(e.to_string()))?;
    Ok(vec![File::new(name, text + "\n")])
}

fn sources(pattern: Pattern<'_>) -> Vec<String> {
    match pattern {
        Pattern::Everything => vec!["/(.*)".to_owned()],
        Pattern::Exact(path) => vec![literal(path)],
        Pattern::Below("") => vec!["/(.*)".to_owned()],
        Pattern::Below(prefix) => vec![literal(prefix), format!("{}/(.*)", literal(prefix))],
        Pattern::Ending(suffix) => vec![format!("/(.*){}", literal(suffix))],
        Pattern::Between(prefix, suffix) => {
            vec![format!("{}/(.*){}", literal(prefix), literal(suffix))]
        }
    }
}

/// A text in which nothing stands for something else.
fn literal(text: &str) -> String {
    let mut source = String::with_capacity(text.len());
    for c in encoded(text).chars() {
        if "():*+?{}\\.!$".contains(c) {
            source.push('\\');
        }
        source.push(c);
    }
    source
}
