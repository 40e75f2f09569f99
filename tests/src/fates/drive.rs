//! Has a browser load pages, through `tests/browser/fates.mjs`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, Result, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use super::pages::Page;

/// What a browser did.
#[derive(Debug, Deserialize)]
pub struct Session {
    /// The browser and its version.
    pub version: String,
    /// One for each page, in whatever order.
    pub pages: Vec<PageFate>,
    /// The ids of the requests that the server saw.
    pub seen: BTreeSet<String>,
}

/// What became of a page.
#[derive(Debug, Deserialize)]
pub struct PageFate {
    /// Which.
    pub number: usize,
    /// Why nothing is known of it.
    pub error: Option<String>,
    /// What took effect.
    pub ran: BTreeSet<String>,
    /// What was not decided in time.
    pub unsettled: BTreeSet<String>,
    /// What failed when it was started, and how.
    pub threw: BTreeMap<String, String>,
    /// Whether all that the parser asked for was decided in time.
    pub loaded: bool,
    /// The document's base URL.
    pub base: String,
    /// What its policies reported.
    pub events: Vec<Event>,
}

/// One `securitypolicyviolation` event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The id of the element where it happened, if it has one.
    pub target: String,
    /// The directive.
    pub effective_directive: String,
    /// The address that was blocked, or a word in its place.
    #[serde(rename = "blockedURI")]
    pub blocked: String,
    /// The first characters of the code.
    pub sample: String,
    /// The policy's text.
    pub original_policy: String,
    /// `enforce` or `report`.
    pub disposition: String,
}

/// Loads each page in one browser.
///
/// # Errors
/// If the browser cannot be driven.
pub fn drive(browser: &str, pages: &[Page]) -> Result<Session> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let mut node = Command::new("node")
        .arg("fates.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let pages: Vec<Value> = pages.iter().map(Page::job).collect();
    let job = json!({ "browser": browser, "pages": pages });
    if let Some(mut input) = node.stdin.take() {
        input.write_all(job.to_string().as_bytes())?;
    }
    let output = node.wait_with_output()?;
    if !output.status.success() {
        return Err(Error::other(format!("fates.mjs with {browser}: {}", output.status)));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
