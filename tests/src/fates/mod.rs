//! The differential test: random pages whose every item meets the same fate in a real browser and in
//! [`cspc_core::enforce`].
//!
//! `generate` makes a page from a seed; `tests/browser/fates.mjs` has a browser load it and tells what became of its
//! items; `compare` asks the library the same and names each disagreement. The map of a page is its [`Item`]s: what is
//! asked of the policies for each, and what shows the answer.

mod asked;
mod compare;
mod drive;
mod items;
mod pages;
mod policies;
mod targets;

pub use asked::{Asked, AskedInline, AskedRequest, Carrier, Delivered};
pub use compare::{Comparison, Disagreement, compare};
pub use drive::{Event, PageFate, Session, drive};
pub use pages::{Page, generate};

use serde_json::Value;
use url::Url;

/// One thing in a page that policies allow or block.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its number among all items of a run: `<page>-<item>`.
    pub id: String,
    /// What it is, to count by.
    pub kind: &'static str,
    /// What is asked, in order: one is asked only if those before it are allowed.
    pub steps: Vec<Step>,
    /// The word that violations name in place of an address, if this item alone on its page has it.
    pub keyword: Option<&'static str>,
    /// Its markup, if the parser makes it.
    pub markup: String,
    /// What `fates_page.mjs` does to start it, if a script does.
    pub operation: Option<Value>,
}

/// A question, whom it is asked, and what shows that it was allowed.
#[derive(Clone, Debug)]
pub struct Step {
    /// The question.
    pub asked: Asked,
    /// The document whose policies are asked; the page, if absent.
    pub document: Option<(Url, Vec<Delivered>)>,
    /// What shows the answer.
    pub evidence: Evidence,
}

/// What happens if something is allowed, and only then.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// The server sees a request that carries this.
    Seen(String),
    /// Code or style of this name takes effect.
    Ran(String),
    /// The document's base URL is this.
    Base(Url),
}
