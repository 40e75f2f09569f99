//! The inventory as a table: a row an asset.

use std::fmt::Write as _;

use cspc_core::inventory::{Content, Inventory};

use crate::render::csv::field;

/// Writes it, with a line of names first.
pub(super) fn write(inventory: &Inventory) -> String {
    let mut text = "path,line,column,kind,url,hash,bytes,code,feature\n".to_owned();
    for (path, assets) in inventory.places() {
        for asset in assets {
            let (url, hash, bytes, code, name) = match &asset.content {
                Content::Url(url) => (&**url, "", String::new(), "", ""),
                Content::Relative { relative: name } | Content::Module { specifier: name } => {
                    (&**name, "", String::new(), "", "")
                }
                Content::Inline { hash, bytes } => ("", hash.as_str(), bytes.to_string(), "", ""),
                Content::Code { code } => ("", "", String::new(), code.as_str(), ""),
                Content::Feature { feature, delegated_to } => {
                    (delegated_to.as_deref().unwrap_or_default(), "", String::new(), "", &**feature)
                }
                Content::Policy { policy } => ("", "", String::new(), "", &**policy),
            };
            let (line, column, kind) = (asset.line, asset.column, asset.kind.as_str());
            let _ = writeln!(
                text,
                "{},{line},{column},{kind},{},{hash},{bytes},{},{}",
                field(path),
                field(url),
                field(code),
                field(name)
            );
        }
    }
    text
}
