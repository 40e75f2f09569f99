//! `cspc fmt` as its users meet it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn fmt(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command
        .arg("fmt")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

const POLICY: &str = "IMG-SRC 'SELF' 'none' https://A.example/B ; default-src; img-src x";

#[test]
fn each_style_has_its_form() {
    let line = "default-src 'none'; img-src 'self' https://a.example/B\n";
    assert_eq!(stdout(&fmt(&["-"], POLICY)), line);
    assert_eq!(
        stdout(&fmt(&["-", "--style", "lines"], POLICY)),
        "default-src 'none';\nimg-src 'self' https://a.example/B\n"
    );
    assert_eq!(
        stdout(&fmt(&["-", "--style", "minified"], POLICY)),
        "default-src;img-src 'self' https://a.example/B\n"
    );
    let covered =
        "img-src https://a.example/x https://a.example https://a.example/ *.b.example x.b.example";
    assert_eq!(
        stdout(&fmt(&["-", "--style", "normalized"], covered)),
        "img-src https://a.example https://a.example/ *.b.example\n"
    );
}

#[test]
fn the_policies_of_a_response_are_merged() {
    let head = "HTTP/1.1 200 OK\r\n\
                Content-Security-Policy: default-src 'self'; script-src 'self' https://cdn.example 'unsafe-inline'\r\n\
                Content-Security-Policy: default-src https: data:; img-src *; frame-ancestors 'none'\r\n\
                Content-Security-Policy-Report-Only: default-src 'none'\r\n\r\n";
    let output = fmt(&["-", "--merge", "--self", "https://e.example"], head);
    assert_eq!(
        stdout(&output),
        "default-src 'self'; script-src 'self' https://cdn.example; connect-src https://e.example; frame-ancestors 'none'\n"
    );
    assert!(output.stderr.is_empty(), "{output:?}");
    // A script with the nonce that only one of them asks for, of the host that only the other does.
    let lossy = "script-src 'nonce-a', script-src https://x.example";
    let output = fmt(&["--merge", "--self", "https://e.example", "--policy", lossy], "");
    assert_eq!(stdout(&output), "script-src 'none'\n");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("now blocked: the script https://x.example/"), "{told}");
    let output = fmt(&["--merge", "--policy", lossy], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--self ORIGIN"));
}

#[test]
fn a_form_is_checked() {
    assert_eq!(fmt(&["--check", "--policy", POLICY], "").status.code(), Some(1));
    assert_eq!(fmt(&["--check", "--policy", "default-src 'none'"], "").status.code(), Some(0));
}

#[test]
fn a_batch_answers_line_by_line() {
    let questions = "{\"input\":\"sandbox; sandbox\",\"delivery\":\"meta\"}\n{\"input\":\"\"}\n";
    let output = fmt(&["--batch"], questions);
    assert_eq!(
        stdout(&output),
        "{\"policies\":1,\"directives\":[{\"policy\":0,\"name\":\"sandbox\",\"values\":[]}],\"issues\":[\"duplicate-directive\",\"ignored-in-meta\"]}\n\
         {\"policies\":0,\"directives\":[],\"issues\":[\"empty-policy\"]}\n"
    );
    assert_eq!(fmt(&["--batch"], "{\"delivery\":1}\n").status.code(), Some(2));
}
