//! `cspc check` and `cspc rules` as their users meet them.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn check(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command
        .arg("check")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

const STRICT: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[test]
fn a_typo_is_underlined_and_mended() {
    let output = check(&["--policy", &format!("{STRICT}; imgsrc a.example; font-src none")], b"");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output), @r"
    medium[csp/unknown-directive]: `imgsrc` is not a directive, and browsers ignore it
     --> --policy:1:82
      |
    1 | default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; imgsrc a.example; font-src none
      |                                                                                  ^^^^^^
      |
    help: did you mean `img-src`?

    medium[csp/unquoted-keyword]: `none` without quotes is read as a host
     --> --policy:1:109
      |
    1 | default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; imgsrc a.example; font-src none
      |                                                                                                             ^^^^
      |
    help: put it in single quotes
    ");
}

#[test]
fn a_strict_policy_is_passed() {
    let output = check(&["--policy", STRICT], b"");
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
}

#[test]
fn policies_are_found_where_they_stand() {
    let head = b"HTTP/2 200\r\nserver: x\r\nContent-Security-Policy: default-src *\r\n\r\n";
    let page = b"<!doctype html>\n<meta http-equiv=Content-Security-Policy content='default-src *; sandbox'>";
    for (input, place) in [(&head[..], "-:3:38"), (&page[..], "-:2:63")] {
        let output = check(&["-"], input);
        assert_eq!(output.status.code(), Some(1));
        assert!(stdout(&output).contains(place), "{place}: {}", stdout(&output));
    }
    assert!(stdout(&check(&["-"], page)).contains("csp/ignored-in-meta"));
}

#[test]
fn findings_are_a_contract() {
    let output =
        check(&["--policy", &STRICT.replace("'none'", "'unsafe-inline'"), "--format", "json"], b"");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["schema"], "cspc.findings/1");
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "csp/unsafe-inline");
    assert_eq!(
        finding["location"],
        serde_json::json!({"path": "--policy", "line": 1, "column": 13, "span": [12, 27]})
    );
    assert_eq!(report["summary"]["high"], 1);
}

#[test]
fn a_batch_answers_line_by_line() {
    let output = check(
        &["--batch", "--fail-on", "never"],
        format!("default-src *\n{STRICT}\n\n").as_bytes(),
    );
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<Vec<serde_json::Value>> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert!(!lines[0].is_empty() && lines[1].is_empty());
    assert_eq!(lines[2][0]["rule"], "csp/empty-policy");
}

#[test]
fn rules_can_be_chosen_and_left_out() {
    let policy = "script-src * 'unsafe-inline'";
    let only =
        check(&["--policy", policy, "--select", "csp/unsafe-inline", "--format", "github"], b"");
    assert_eq!(stdout(&only).lines().count(), 1);
    assert!(
        stdout(&only).starts_with("::error file=--policy,line=1,col=14,title=csp/unsafe-inline::"),
        "{}",
        stdout(&only)
    );
    let unknown = check(&["--policy", policy, "--ignore", "csp/nothing"], b"");
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn rubbish_ends_in_a_message() {
    for (input, message) in [
        (&b"\xFF\xFE\0"[..], "is not text"),
        (b"{\"a\":1}", "unknown field `a`"),
        (b"<p>no policy", "there is no policy in a <meta>"),
        (b"HTTP/1.1 200 OK\nServer: x\n", "there is no Content-Security-Policy"),
    ] {
        let output = check(&["-"], input);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(message), "{error}");
    }
    assert_eq!(check(&[], b"").status.code(), Some(2));
}

#[test]
fn nothing_in_a_policy_steers_the_terminal() {
    let output = check(&["--policy", "default-src \u{1b}]0;x\u{7} \u{202E}"], b"");
    let text = stdout(&output);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202E}']), "{text:?}");
}

#[test]
fn a_megabyte_of_sources_is_judged_in_one_go() {
    let policy = format!("img-src {}", "https://*.a.example/%2e ".repeat(40_000));
    let output = check(&["-", "--format", "json", "--fail-on", "never"], policy.as_bytes());
    assert_eq!(output.status.code(), Some(0));
}
