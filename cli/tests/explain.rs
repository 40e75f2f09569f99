//! `cspc explain` as its users meet it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn explain(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command
        .arg("explain")
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

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_clause_that_decides_is_quoted() {
    let policy = "default-src 'none'; script-src 'self'";
    let page = ["--policy", policy, "--self", "https://e.example", "--as", "script", "--url"];
    let output = explain(&[&page[..], &["https://x.example/a.js"]].concat(), b"");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output), @r"
    blocked
      policy 1 blocks it: `script-src 'self'`, which stands in for script-src-elem
        why: no source matches
        would allow it: script-src https://x.example
    ");
    let output = explain(&[&page[..], &["https://e.example/a.js"]].concat(), b"");
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stdout(&output), @r"
    allowed
      policy 1 allows it by `'self'`: `script-src 'self'`
    ");
}

#[test]
fn an_address_on_the_page_s_own_host_needs_only_its_path() {
    let asked = |url| {
        let page = ["--policy", "img-src 'self' cdn.example", "--self", "https://e.example"];
        explain(&[&page[..], &["--as", "image", "--url", url]].concat(), b"")
    };
    assert_eq!(asked("/a.png").status.code(), Some(0));
    assert_eq!(asked("//cdn.example/a.png").status.code(), Some(0));
    assert_eq!(asked("//x.example/a.png").status.code(), Some(1));
    let output = asked("x.example/a.png");
    assert_eq!(output.status.code(), Some(2), "a host, perhaps, and not a path on the page's");
    assert!(stderr(&output).contains("`x.example/a.png` is not a URL"), "{}", stderr(&output));
}

#[test]
fn the_page_is_of_the_site_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cspc.toml");
    std::fs::write(&file, "origin = \"https://shop.example\"\n").unwrap();
    let asked = ["--policy", "img-src 'self'", "--as", "image", "--url", "https://shop.example/x"];
    let config = ["--config", file.to_str().unwrap()];
    assert_eq!(explain(&[&asked[..], &config].concat(), b"").status.code(), Some(0));
    let elsewhere = ["--self", "https://e.example"];
    let output = explain(&[&asked[..], &config, &elsewhere].concat(), b"");
    assert_eq!(output.status.code(), Some(1));
    std::fs::write(&file, "origin = 7\n").unwrap();
    let output = explain(&[&asked[..], &config].concat(), b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cspc.toml:1:10"), "{}", stderr(&output));
}

#[test]
fn every_question_can_be_asked() {
    let policy = "default-src 'none'; sandbox; form-action 'self'; base-uri 'none'; \
                  frame-ancestors 'none'; trusted-types a; webrtc 'block'";
    for question in [
        &["--inline", "style", "--content", "p{}"][..],
        &["--inline", "event-handler", "--content", "go()"],
        &["--eval"],
        &["--wasm"],
        &["--webrtc"],
        &["--frame-ancestor", "https://a.example"],
        &["--form-action", "https://a.example/x"],
        &["--base", "https://a.example/"],
        &["--trusted-types-policy", "b"],
    ] {
        let output = explain(&[&["--policy", policy], question].concat(), b"");
        assert_eq!(output.status.code(), Some(1), "{question:?}: {}", stderr(&output));
    }
}

#[test]
fn a_policy_that_only_reports_blocks_nothing() {
    let question = ["--policy", "script-src 'none'", "--report-only", "--eval", "--format", "json"];
    let output = explain(&question, b"");
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stdout(&output), @r#"{"allowed":true,"violations":[{"policy":0,"disposition":"report","effective":"script-src","directive":"script-src","reason":"eval-not-allowed","span":[0,17],"would_allow":"'unsafe-eval'"}],"matches":[]}"#);
}

#[test]
fn engines_answer_for_themselves() {
    let question =
        ["--policy", "connect-src *", "--url", "wss://a.example/", "--as", "", "--engine"];
    for (engine, allowed) in [("spec", false), ("chromium", true), ("firefox", true)] {
        let output = explain(&[&question[..], &[engine]].concat(), b"");
        assert_eq!(output.status.success(), allowed, "{engine}");
    }
}

#[test]
fn answers_stand_beside_their_questions() {
    let input = br#"{"self":"https://e.example","policies":[{"value":"frame-ancestors 'self'"}],"ancestors":["https://e.example"]}
rubbish
{"self":"null","policies":[{"value":"script-src a.example, script-src b.example"}],"request":{"url":"https://b.example/","destination":"script"},"engine":"webkit"}
"#;
    let output = explain(&["--batch"], input);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stderr(&output), "error: lines that hold no question: 1\n");
    insta::assert_snapshot!(stdout(&output), @r#"
    {"allowed":true,"violations":[],"matches":[{"policy":0,"effective":"frame-ancestors","directive":"frame-ancestors","span":[0,22],"expression":[16,22]}]}
    {"error":"expected value at line 1 column 1"}
    {"allowed":false,"violations":[{"policy":0,"disposition":"enforce","effective":"script-src-elem","directive":"script-src","reason":"no-source-matches","span":[0,20],"would_allow":"https://b.example"},{"policy":0,"disposition":"enforce","effective":"script-src-elem","directive":"script-src","reason":"no-source-matches","span":[22,42],"would_allow":"https://b.example"}],"matches":[]}
    "#);
}

#[test]
fn nonsense_is_turned_away() {
    for (question, message) in [
        (["--url", "nonsense", "--as", "image"], "error: `nonsense` is not a URL"),
        (["--url", "https://a/", "--as", "imag"], "error: `imag` is not a destination"),
    ] {
        let output = explain(&[&["--policy", "img-src *"][..], &question].concat(), b"");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).starts_with(message), "{}", stderr(&output));
    }
}
