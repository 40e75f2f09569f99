//! What is built for clean sites leaves nothing to be said of it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Sites without inline handlers, `eval` and inline styles: the site file, arguments, and the page.
const SITES: [(&str, &[&str], &str); 5] = [
    ("", &[], "<p>"),
    ("", &[], "<script src=a.js></script><link rel=stylesheet href=s.css><img src=i.png>"),
    ("", &["--write-integrity"], "<script src=a.js></script><script>let b;</script>"),
    (
        "strict-dynamic = true\ntrusted-types = true",
        &["--write-integrity"],
        "<script src=a.js></script><script>let c;</script><style>a{}</style>",
    ),
    (
        "strategy = 'nonce'\nstrict-dynamic = true",
        &[],
        "<script nonce=CSPC_NONCE src=a.js></script><style nonce=CSPC_NONCE>a{}</style>",
    ),
];

fn cspc(folder: &Path, arguments: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {told}");
    (String::from_utf8(output.stdout).unwrap(), told)
}

#[test]
fn nothing_above_low_is_found_and_the_grade_is_the_best() {
    for (file, arguments, page) in SITES {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        fs::create_dir(&site).unwrap();
        let page = format!("<!doctype html><meta charset=utf-8>{page}");
        for (name, text) in
            [("index.html", page.as_str()), ("a.js", "let a;"), ("s.css", "a{}"), ("i.png", "")]
        {
            fs::write(site.join(name), text).unwrap();
        }
        let file = format!("origin = 'https://shop.example'\n{file}");
        fs::write(folder.path().join("cspc.toml"), file).unwrap();
        let build = ["build", "site", "--emit", "json", "-o", "out"];
        let (_, told) = cspc(folder.path(), &[&build, arguments].concat());
        assert!(!told.contains("[build/"), "{page}: {told}");
        let plan = "out/plan.json";
        let (report, _) = cspc(folder.path(), &["check", plan, "--format", "json"]);
        let report: Value = serde_json::from_str(&report).unwrap();
        let summary = &report["summary"];
        assert_eq!((&summary["high"], &summary["medium"]), (&0.into(), &0.into()), "{report:#}");
        let (grade, _) = cspc(folder.path(), &["grade", plan, "--format", "json"]);
        for grade in grade.lines() {
            let grade: Value = serde_json::from_str(grade).unwrap();
            assert_eq!(grade["grade"], "A+", "{grade:#}");
        }
    }
}
