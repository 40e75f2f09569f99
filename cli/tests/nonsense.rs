//! Inventories edited by hand into nonsense, and site files that contradict themselves or their site: each ends with exit
//! code 2 and a message that says where and what to write instead, and nothing is written.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Builds in the folder, which has to fail with this message.
fn refuses(arguments: &[&str], folder: &Path, told: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    let command = command.current_dir(folder).arg("build").args(arguments).args(["-o", "out"]);
    let output = command.output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}: {message}");
    assert!(message.starts_with("error: ") && message.contains(told), "{told}: {message}");
    assert!(output.stdout.is_empty() && !folder.join("out").exists(), "{told}");
}

fn refuses_inventory(text: &str, told: &str) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("site.json"), text).unwrap();
    refuses(&["site.json", "--emit", "nginx"], folder.path(), told);
}

const HASH: &str = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// An inventory that makes sense, one value a line.
fn inventory() -> Value {
    json!({
        "schema": "cspc.inventory/1",
        "origin": "https://site.example",
        "pages": [{"path": "/a.html", "assets": [
            {"kind": "inline-script", "hash": HASH, "bytes": 1, "line": 3, "column": 4},
            {"kind": "script", "url": "/a.js", "line": 5, "column": 6, "integrity": null,
             "crossorigin": null, "nonce": null, "module": false, "parser_inserted": true},
        ]}],
    })
}

/// The inventory with another value at a JSON pointer.
fn edited(pointer: &str, value: Value) -> String {
    let mut inventory = inventory();
    *inventory.pointer_mut(pointer).unwrap() = value;
    serde_json::to_string_pretty(&inventory).unwrap()
}

#[test]
fn an_inventory_that_makes_sense_is_built_for() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("site.json"), inventory().to_string()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    let arguments = ["build", "site.json", "--emit", "nginx"];
    assert!(command.current_dir(&folder).args(arguments).output().unwrap().status.success());
}

#[test]
fn values_of_the_wrong_type_are_told_with_their_place_in_the_file() {
    let content = "expected an asset with `url`, with `hash` and the number of its `bytes`";
    for (pointer, value, told) in [
        ("/schema", json!(1), "invalid type: integer `1`, expected a string at line 28 column 13"),
        ("/origin", json!(["x"]), "site.json:2:12: invalid type: sequence, expected a string"),
        ("/pages", json!({}), "site.json:3:11: invalid type: map, expected a list"),
        ("/pages/0/assets", json!(null), "site.json:5:20: invalid type: null, expected a list"),
        ("/pages/0/path", json!(1), "invalid type: integer `1`, expected a string"),
        ("/pages/0/assets/0/kind", json!("scrpt"), ": unknown variant `scrpt`, expected one of"),
        ("/pages/0/assets/0/line", json!("3"), ": invalid type: string \"3\", expected a whole"),
        ("/pages/0/assets/0/line", json!(-1), ": invalid value: integer `-1`, expected a whole"),
        ("/pages/0/assets/0/column", json!(1.5), ": invalid type: floating point `1.5`, expected"),
        ("/pages/0/assets/0/column", json!(1e30), ": invalid type: floating point `1e+30`, expec"),
        ("/pages/0/assets/0/bytes", json!(-1), content),
        ("/pages/0/assets/0/bytes", json!(1e30), content),
        ("/pages/0/assets/0/hash", json!(5), content),
        ("/pages/0/assets/1/url", json!(7), content),
    ] {
        refuses_inventory(&edited(pointer, value), told);
    }
}

#[test]
fn values_that_mean_nothing_are_told_with_what_has_them() {
    let (inline, script) = ("the inline-script at /a.html:3:4 ", "the script at /a.html:5:6 ");
    let no_hash = "is no hash: expected `sha256-` and the base64 of 32 bytes";
    let no_address = "is no address: expected an absolute path of the site, or a URL in full";
    let no_path = "is no path that a server sees: expected one that starts with `/`";
    for (pointer, value, place, told) in [
        ("hash", "x'; script-src *", inline, no_hash),
        ("hash", "", inline, no_hash),
        ("hash", "md5-AAAA", inline, no_hash),
        ("hash", "sha256-AAAA", inline, no_hash),
        ("hash", &*HASH.replace("256", "384"), inline, no_hash),
        ("hash", &*HASH.replace('A', "!"), inline, no_hash),
        ("url", "", script, no_address),
        ("url", "a.js", script, no_address),
        ("url", "https://[::1/a.js", script, no_address),
        ("url", "http://", script, no_address),
        ("url", "https://a b/", script, no_address),
        ("path", "", "the inventory's pages: ``", no_path),
        ("path", "a.html", "the inventory's pages: `a.html`", no_path),
        ("path", "/../a.html", "the inventory's pages: `/../a.html`", no_path),
        ("path", "//a.html", "the inventory's pages: `//a.html`", no_path),
        ("path", "/\0", "the inventory's pages: `/\\u{0}`", no_path),
        (
            "origin",
            "site.example",
            "the inventory's origin: `site.example`",
            "expected an origin such as",
        ),
        (
            "origin",
            "https://a.example/b",
            "the inventory's origin: ",
            "`/b` in `https://a.example/b` is no part of an origin",
        ),
        ("origin", "ftp://a.example", "the inventory's origin: ", "is not of the web"),
        ("schema", "cspc.inventory/2", "site.json", "expected cspc.inventory/1"),
    ] {
        let pointer = match pointer {
            "hash" => "/pages/0/assets/0/hash",
            "url" => "/pages/0/assets/1/url",
            "path" => "/pages/0/path",
            "schema" => "/schema",
            _ => "/origin",
        };
        let text = edited(pointer, json!(value));
        refuses_inventory(&text, place);
        refuses_inventory(&text, told);
    }
}

#[test]
fn inventories_of_another_shape_are_told() {
    let text = serde_json::to_string_pretty(&inventory()).unwrap();
    let page = json!({"path": "/a.html", "assets": []});
    let no_form = "`site.json` is neither a folder, nor a HAR file, nor an inventory";
    let unnamed =
        json!({"path": "/a.html", "assets": [{"kind": "script", "line": 1, "column": 1}]});
    let misplaced = json!({"path": "/a.html", "assets": [
        {"kind": "script", "hash": HASH, "bytes": 1, "line": 1, "column": 2}]});
    for (text, told) in [
        ("", no_form),
        ("null", no_form),
        ("[]", "expected an object with the key `schema` or `log`"),
        (text.get(..text.len() / 2).unwrap(), "EOF while parsing"),
        (&*text.replace("\"line\": 3", "\"line\": 1e400"), ": number out of range"),
        (&*text.replace("\"line\": 3", "\"line\": 3, \"line\": 4"), ": duplicate field `line`"),
        (&*text.replace("\"pages\"", "\"sides\""), ": missing field `pages`"),
        (&*edited("/pages", json!([])), "there is no page in `site.json`: expected some"),
        (
            &*edited("/pages", json!([page, page])),
            "`/a.html` is there twice: put the assets of both into one page",
        ),
        (&*edited("/pages/0", unnamed), ": expected an asset with `url`, with `hash`"),
        (
            &*edited("/pages/0", misplaced),
            "the script at /a.html:1:2 makes no sense: the kind `script` is loaded: expected `url`",
        ),
    ] {
        refuses_inventory(text, told);
    }
}

#[test]
fn contradictions_in_the_site_file_are_told_with_their_place() {
    for (site_file, told) in [
        ("targets = ['ngnx']", "cspc.toml:1:12: unknown target `ngnx`: expected `nginx`"),
        ("origin = 'https://a.example/b'", "cspc.toml:1:10: `/b` in `https://a.example/b`"),
        ("origin = 'a.example'", "cspc.toml:1:10: `a.example` is no URL"),
        ("targets = ['json']\n[[routes]]\nglob = '/*.php'", "cspc.toml:3:8: no page is served"),
        ("[[routes]]\npath = '/b.html'\nreport-only = true", "cspc.toml:2:8: no page is served"),
        ("[[routes]]\npath = '/a.html'\nprefix = '/b'", "cspc.toml:1:1: a route has one of"),
        ("[[routes]]\npath = 'a.html'", "cspc.toml:2:8: `a.html` is no path that a server sees"),
        ("", "no target to write for: name one with --emit"),
        (
            "targets = ['nginx', 'netlify']\nstrategy = 'nonce'",
            "cspc.toml:2:12: netlify cannot make nonces: it sends the same bytes to everybody",
        ),
        (
            "targets = ['netlify']\n[[routes]]\npath = '/a.html'\nstrategy = 'nonce'",
            "cspc.toml:3:8: netlify cannot make nonces: it sends the same bytes to everybody",
        ),
        ("targets = ['json']\nstratgy = 'hash'", "cspc.toml:2:1: unknown field `stratgy`"),
        (
            "targets = ['json']\nnonce-placeholder = 'x'",
            "cspc.toml:2:21: `x` cannot stand for a nonce",
        ),
        ("strategy = 'nonse'", "cspc.toml:1:12: unknown variant `nonse`, expected one of"),
        ("limits = { max-policies = 0 }", "cspc.toml:1:27: `max-policies` is at least 1"),
        ("limits = { max-policies = -1 }", "cspc.toml:1:27: invalid value: integer `-1`"),
        ("report-only = true\nreport-only = false", "cspc.toml:2:1: duplicate key"),
        (
            "enforce = \"img-src 'self'\"\nreport-only = false",
            "cspc.toml:2:15: `enforce` keeps the old policy in force while the new one reports",
        ),
        (
            "targets = ['json']\norigin = 'http://a.example'\nupgrade-insecure-requests = true",
            "cspc.toml: `upgrade-insecure-requests` has browsers ask over HTTPS",
        ),
        (
            "[sources]\nscript-src = [\"'sha384-AAAA'\"]",
            "cspc.toml:2:15: `'sha384-AAAA'` is no hash: expected the base64 of 48 bytes",
        ),
        ("[sources]\nimgsrc = ['*']", "cspc.toml:2:1: `imgsrc` is not a directive with a list"),
        ("[services]\nstrip = true", "cspc.toml:2:1: `strip` is not a service that cspc knows"),
    ] {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("a.html"), "").unwrap();
        let needs_target = !site_file.is_empty() && !site_file.contains("targets");
        let target: &[&str] = if needs_target { &["--emit", "json"] } else { &[] };
        fs::write(folder.path().join("cspc.toml"), site_file).unwrap();
        refuses(target, folder.path(), told);
    }
}
