//! Which assets need what of a policy.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a source expression is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceUse {
    /// Index of the rule in [`Plan::rules`](super::Plan::rules).
    pub rule: usize,
    /// The directive that holds the expression.
    pub directive: String,
    /// The expression.
    pub expression: String,
    /// The assets that need it; the first few of them where there are many.
    pub assets: Vec<AssetUse>,
    /// How many need it in all.
    #[serde(default)]
    pub count: usize,
    /// Why it is there although no asset asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare: Option<String>,
}

/// The [`AssetUse::kind`] of what is no asset, but a line of the site file.
pub const DECLARED: &str = "declared";

/// An asset at its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AssetUse {
    /// Path of the page.
    pub page: String,
    /// Line in the page, from 1.
    pub line: usize,
    /// Column in the page, from 1.
    pub column: usize,
    /// The asset's kind, as in the inventory.
    pub kind: String,
}

/// The kind and the place, as far as there is one: what only a recording shows has just its page.
impl fmt::Display for AssetUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { page, line, column, kind } = self;
        match line {
            0 => write!(f, "{kind} at {page}"),
            _ => write!(f, "{kind} at {page}:{line}:{column}"),
        }
    }
}
