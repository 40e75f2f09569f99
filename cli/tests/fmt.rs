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
