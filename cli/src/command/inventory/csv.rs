//! The inventory as a table: a row an asset.

use std::fmt::Write as _;

use cspc_core::inventory::{Content, Inventory};
use serde_json::Value;

use crate::render::csv::field;

/// What an asset's content may be, by the names that it has in JSON; each has a column of its own.
const CONTENT: [&str; 9] =
    ["url", "hash", "bytes", "code", "feature", "relative", "specifier", "delegated_to", "policy"];

/// Writes it, with a line of names first.
pub(super) fn write(inventory: &Inventory) -> String {
    let mut text = format!("path,line,column,kind,{}\n", CONTENT.join(","));
    for (path, assets) in inventory.places() {
        for asset in assets {
            let (line, column, kind) = (asset.line, asset.column, asset.kind.as_str());
            let content = cells(&asset.content).join(",");
            let _ = writeln!(text, "{},{line},{column},{kind},{content}", field(path));
        }
    }
    text
}

fn cells(content: &Content) -> [String; CONTENT.len()] {
    let written = serde_json::to_value(content).unwrap_or_default();
    CONTENT.map(|name| match written.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => field(text),
        Some(other) => field(&other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_content_has_columns_of_its_own() {
        let contents = [
            Content::Url("/a.js".into()),
            Content::Relative { relative: "a.js".into() },
            Content::Module { specifier: "a".into() },
            Content::Inline { hash: "sha256-x".into(), bytes: 2 },
            Content::Code { code: "f(1,2)".into() },
            Content::Feature { feature: "camera".into(), delegated_to: Some("*".into()) },
            Content::Policy { policy: "=p".into() },
        ];
        let expected = [
            "/a.js,,,,,,,,",
            ",,,,,a.js,,,",
            ",,,,,,a,,",
            ",sha256-x,2,,,,,,",
            ",,,\"f(1,2)\",,,,,",
            ",,,,camera,,,*,",
            ",,,,,,,,\"'=p\"",
        ];
        for (content, expected) in contents.iter().zip(expected) {
            assert_eq!(cells(content).join(","), expected);
        }
    }
}
