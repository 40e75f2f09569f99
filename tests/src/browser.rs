//! Opens pages and sends forms in a real browser, through the scripts in `tests/browser`.

use std::io::{Error, Result, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

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
    /// The address of the page or script that asked for it, or has it; empty where the browser does not tell.
    pub source_file: String,
    /// The line there.
    pub line_number: usize,
    /// The column there.
    pub column_number: usize,
    /// The address of the document, which may be a frame of the page.
    #[serde(rename = "documentURI")]
    pub document: String,
    /// The policy that blocked, or would have.
    pub original_policy: String,
}

/// Opens each page in one browser.
pub fn visit(browser: &str, pages: &[String]) -> Result<Vec<Visit>> {
    run("visit.mjs", &json!({ "browser": browser, "pages": pages }))
}

/// Sends a form from each first page to the second, in one browser; gives the status of each answer.
pub fn post(browser: &str, forms: &[(String, String)]) -> Result<Vec<u16>> {
    let form = |(from, to): &(String, String)| json!({ "from": from, "to": to });
    let forms: Vec<Value> = forms.iter().map(form).collect();
    run("post.mjs", &json!({ "browser": browser, "forms": forms }))
}

/// What a script for browsers makes of a job.
fn run<T: DeserializeOwned>(script: &str, job: &Value) -> Result<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let mut node = Command::new("node")
        .arg(script)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = node.stdin.take() {
        input.write_all(job.to_string().as_bytes())?;
    }
    let output = node.wait_with_output()?;
    if !output.status.success() {
        return Err(Error::other(format!("{script} with {}: {}", job["browser"], output.status)));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
