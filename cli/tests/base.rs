//! A folder that is served below its origin, as its owner meets it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// Built to be served under `/docs`, with pages that name their files so.
fn site() -> TempDir {
    let folder = TempDir::new().unwrap();
    let script = "<script src=/docs/a.js></script>";
    for (name, content) in [
        ("index.html", script),
        ("404.html", "<style>p{}</style>"),
        ("a.js", "fetch('https://api.example/')"),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// The plan, and what is told beside it.
fn build(folder: &Path, arguments: &[&str]) -> (Value, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    let output = command.args(["build", ".", "--emit", "json"]).args(arguments);
    let output = output.current_dir(folder).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    (serde_json::from_slice(&output.stdout).unwrap(), told)
}

#[test]
fn what_pages_load_is_found_where_the_folder_is_served() {
    let site = site();
    let (_, told) = build(site.path(), &[]);
    assert!(told.contains("under `/docs`") && told.contains("[build/other-base]"), "{told}");
    let (plan, told) = build(site.path(), &["--base", "/docs/"]);
    assert!(!told.contains("build/"), "{told}");
    let rules = plan["rules"].as_array().unwrap();
    let page = rules.iter().find(|rule| rule["match"]["exact"][0] == "/docs/").unwrap();
    let policy = page["headers"][0]["value"].as_str().unwrap();
    assert!(policy.contains("connect-src https://api.example"), "{policy}");
    // The page for errors is that of the folder.
    let error = rules.iter().find(|rule| rule["match"]["status"][0] == 404).unwrap();
    assert!(error["headers"][0]["value"].as_str().unwrap().contains("style-src 'sha256-"));
}

#[test]
fn what_a_server_is_to_fill_in_is_no_folder() {
    let site = site();
    let page = "<base href=\"{{ base | default('./') }}\"><script src=a.js></script>";
    fs::write(site.path().join("page.html"), page).unwrap();
    fs::write(site.path().join("a.js"), "").unwrap();
    let (_, told) = build(site.path(), &["--base", "/docs"]);
    assert!(told.contains("build the site before cspc reads it"), "{told}");
    assert!(!told.contains("[build/other-base]"), "{told}");
}

#[test]
fn what_is_relative_to_pages_is_not_asked_for_under_their_own_base() {
    let site = site();
    fs::write(site.path().join("index.html"), "<script src=docs/a.js></script>").unwrap();
    let (_, told) = build(site.path(), &[]);
    assert!(told.contains("[build/other-base]"), "{told}");
    let (_, told) = build(site.path(), &["--base", "/docs"]);
    assert!(told.contains("the script `/docs/docs/a.js` is not in the folder"), "{told}");
}

#[test]
fn the_site_file_may_say_where() {
    let site = site();
    let (given, _) = build(site.path(), &["--base", "/docs"]);
    fs::write(site.path().join("cspc.toml"), "base = '/docs'").unwrap();
    assert_eq!(build(site.path(), &[]).0, given);
    fs::write(site.path().join("cspc.toml"), "base = 'https://a.example/docs'").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    let output = command.args(["build", "."]).current_dir(site.path()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("cspc.toml:1:8: `https://a.example/docs` is no path"), "{told}");
}
