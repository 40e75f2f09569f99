//! Firebase Hosting: `hosting.headers` of `firebase.json`, by regular expressions of RE2.

use serde_json::json;

use super::hosted::{Pattern, encoded, overriding};
use super::lines::Site;
use super::vercel::{headers, json_file};
use super::{EmitError, File, Server, regex};

pub(super) fn emit(site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let blocks = overriding(site, Server::Firebase)?;
    let entries: Vec<serde_json::Value> = blocks
        .iter()
        .map(|block| json!({"regex": expression(block.pattern), "headers": headers(block)}))
        .collect();
    json_file("firebase.json", &json!({"hosting": {"headers": entries}}))
}

/// The pattern as an expression that Go, RE2 and JavaScript read alike.
pub(super) fn expression(pattern: Pattern<'_>) -> String {
    let literal = |text: &str| regex::escape(&encoded(text));
    match pattern {
        Pattern::Everything | Pattern::Below("") => "^/.*$".to_owned(),
        Pattern::Exact(path) => format!("^{}$", literal(path)),
        Pattern::Below(prefix) => format!("^{}(?:/.*)?$", literal(prefix)),
        Pattern::Ending(suffix) => format!("^.*{}$", literal(suffix)),
        Pattern::Between(prefix, suffix) => {
            format!("^{}/(?:.*){}$", literal(prefix), literal(suffix))
        }
    }
}
