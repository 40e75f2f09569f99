//! Helpers shared by the end-to-end tests.

use std::path::PathBuf;

pub mod browser;
pub mod fates;
pub mod folder;
pub mod http;
pub mod laws;
pub mod reading;
pub mod recall;
pub mod server;
pub mod sites;
pub mod upstream;
pub mod verdicts;

/// An inline script of `inner` between so many of these.
#[must_use]
pub fn nested_script(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("<script>x={}{inner}{}</script>", open.repeat(depth), close.repeat(depth))
}

/// The compiled program: `CSPC_BIN`, or the one in the target folder that holds the test.
///
/// # Panics
/// If it was not built.
pub fn cspc() -> PathBuf {
    let beside = || Some(std::env::current_exe().ok()?.ancestors().nth(2)?.join("cspc"));
    let path = std::env::var_os("CSPC_BIN").map(PathBuf::from).or_else(beside).unwrap_or_default();
    assert!(path.exists(), "{} is missing: run `cargo build -p cspc` first", path.display());
    path
}
