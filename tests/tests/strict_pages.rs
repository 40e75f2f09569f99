//! `'strict-dynamic'`, hashes of files with integrity, and Trusted Types, in real browsers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use cspc_core::inventory::sha256;
use cspc_core::plan::{Answered, Plan};
use cspc_tests::browser::{BROWSERS, visit};
use cspc_tests::cspc;
use cspc_tests::folder::FolderServer;

/// Scripts say that they ran by asking for what no policy allows, at an address that reading does not tell. The last line
/// gives a string to a sink that reading does not see.
const OWN: &str = r#"
const own = trustedTypes.createPolicy("own", { createHTML: (html) => html });
document.querySelector("p").innerHTML = own.createHTML("<b>own</b>");
fetch(["https:", "", "own.invalid"].join("/")).catch(() => {});
document.querySelector("p")[["inner", "HTML"].join("")] = "a string";
"#;

const LATE: &str = r#"fetch(["https:", "", "late.invalid"].join("/")).catch(() => {});"#;

const INLINE: &str = r#"
const maker = trustedTypes.createPolicy("maker", { createScriptURL: (url) => url });
const late = document.createElement("script");
late.src = maker.createScriptURL("/late.js");
document.body.append(late);
"#;

const SITE_FILE: &str = "strict-dynamic = true\ntrusted-types = true\n";

fn write_site(root: &Path) {
    let hash = sha256(OWN);
    let page = format!(
        "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>\
         <link rel=preload as=script href=/own.js integrity={hash}>\
         <p></p><script src=/own.js integrity={hash}></script><script>{INLINE}</script>"
    );
    for (name, text) in [
        ("index.html", page.as_str()),
        ("own.js", OWN),
        ("late.js", LATE),
        ("cspc.toml", SITE_FILE),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
}

fn build(root: &Path) -> Plan {
    let mut build = Command::new(cspc());
    build.arg("build").arg(root).arg("--config").arg(root.join("cspc.toml"));
    let output = build.args(["--emit", "json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn policy(plan: &Plan) -> String {
    let headers = plan.headers_of(Answered::page("/index.html"));
    let policy = headers.iter().find(|header| header.name.as_str() == "Content-Security-Policy");
    policy.unwrap().value.as_str().to_owned()
}

#[test]
#[ignore = "needs Chromium and Firefox; tests/run runs it"]
fn trusted_scripts_run_and_load_others_and_strings_are_refused() {
    let root = tempfile::tempdir().unwrap();
    write_site(root.path());
    let policy = policy(&build(root.path()));
    let own = sha256(OWN);
    assert!(policy.contains(&format!("'{own}'")) && !policy.contains("'self' '"), "{policy}");
    assert!(policy.contains("; trusted-types maker own"), "{policy}");
    let server = FolderServer::with_policies(root.path().to_owned(), vec![policy]).unwrap();
    for browser in BROWSERS {
        let visits = visit(browser, &[format!("{}/index.html", server.origin())]).unwrap();
        let events = visits[0].violations.iter();
        let events: BTreeSet<(&str, &str)> = events
            .map(|event| {
                let blocked = event.blocked.trim_end_matches('/');
                (event.effective_directive.as_str(), blocked)
            })
            .collect();
        let expected = [
            ("connect-src", "https://late.invalid"),
            ("connect-src", "https://own.invalid"),
            ("require-trusted-types-for", "trusted-types-sink"),
        ];
        assert_eq!(events, BTreeSet::from(expected), "{browser}");
    }
}
