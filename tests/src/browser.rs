//! Opens pages in a real browser, through `tests/browser/visit.mjs`.

use std::io::{Error, Result, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

/// The browsers that the tests drive.
pub const BROWSERS: [&str; 2] = ["chromium", "firefox"];

/// What a browser said of one page.
#[derive(Debug, Deserialize)]
pub struct Visit {
    /// The page's address.
    pub url: String,
    /// Status of its response.
    pub status: u16,
    /// What its policy blocked, in its frames too.
    pub violations: Vec<Violation>,
}

/// One `securitypolicyviolation` event.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// The directive that blocked.
    pub effective_directive: String,
    /// The address that was blocked, or a word such as `inline`.
    #[serde(rename = "blockedURI")]
    pub blocked: String,
    /// The first characters of an inline item.
    pub sample: String,
    /// The line where it stands.
    pub line_number: u32,
    /// The address of the document, which may be a frame of the page.
    #[serde(rename = "documentURI")]
    pub document: String,
    /// The policy that blocked, or would have.
    pub original_policy: String,
}

/// Opens each page in one browser.
pub fn visit(browser: &str, pages: &[String]) -> Result<Vec<Visit>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let mut node = Command::new("node")
        .arg("visit.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let job = serde_json::json!({ "browser": browser, "pages": pages });
    if let Some(mut input) = node.stdin.take() {
        input.write_all(job.to_string().as_bytes())?;
    }
    let output = node.wait_with_output()?;
    if !output.status.success() {
        return Err(Error::other(format!("visit.mjs with {browser}: {}", output.status)));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
