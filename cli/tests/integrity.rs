//! `cspc build --write-integrity` as its users meet it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const PAGE: &str = "<!DOCTYPE html>\r\n<SCRIPT src=a.js ></SCRIPT><script src=/a.js?v=2></script>\
                    <link rel=stylesheet href='s.css'><script src=//cdn.example/a.js></script>";

fn build(folder: &Path, arguments: &[&str]) -> Output {
    let mut build = Command::new(env!("CARGO_BIN_EXE_cspc"));
    build.args(["build", "site", "--emit", "json"]).args(arguments).current_dir(folder);
    build.output().unwrap()
}

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    fs::create_dir_all(root.join("img")).unwrap();
    for (name, content) in [
        ("index.html", PAGE.as_bytes()),
        ("latin.html", b"<title>\xE9</title><script src=/a.js></script>"),
        ("a.js", b"let a;"),
        ("s.css", b"a{}"),
        ("img/x.png", b"\x89PNG"),
    ] {
        fs::write(root.join(name), content).unwrap();
    }
    folder
}

#[test]
fn the_copy_differs_in_its_attributes_alone_and_the_policy_is_that_of_the_copy() {
    let folder = site();
    let output = build(folder.path(), &["--write-integrity"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("wrote site-integrity\n"), "{told}");
    assert!(told.contains("latin.html` gets no integrity: it is not in UTF-8"), "{told}");
    let (old, new) = (folder.path().join("site"), folder.path().join("site-integrity"));
    for name in ["latin.html", "a.js", "s.css", "img/x.png"] {
        assert_eq!(fs::read(old.join(name)).unwrap(), fs::read(new.join(name)).unwrap(), "{name}");
    }
    let copy = fs::read_to_string(new.join("index.html")).unwrap();
    let script = cspc_core::inventory::sha256("let a;");
    let added = [&script, &cspc_core::inventory::sha256("a{}")]
        .map(|hash| format!(" integrity=\"{hash}\" crossorigin=\"anonymous\""));
    assert_eq!(copy.matches(&added[0]).count(), 2, "{copy}");
    assert_eq!(copy.replace(&added[0], "").replace(&added[1], ""), PAGE);
    let plan = String::from_utf8(output.stdout).unwrap();
    assert!(plan.contains("script-src 'self';"), "{plan}");
    assert!(plan.contains(&format!("script-src '{script}' https://cdn.example/a.js;")), "{plan}");
}

#[test]
fn what_is_there_stays_as_it_is() {
    let folder = site();
    fs::create_dir(folder.path().join("copy")).unwrap();
    let output = build(folder.path(), &["--write-integrity=copy"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("`copy` is there already: remove it, or name another folder"), "{told}");
    assert_eq!(fs::read_dir(folder.path().join("copy")).unwrap().count(), 0);
    let several = build(folder.path(), &["site", "--write-integrity=new"]);
    assert_eq!(several.status.code(), Some(2));
    assert!(!folder.path().join("new").exists());
}
