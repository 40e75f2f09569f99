//! `cspc grade` as its users meet it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn grade(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command
        .arg("grade")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_head_is_graded_explained_and_led_to_the_top() {
    let head = "HTTP/2 200\ncontent-type: text/html\nstrict-transport-security: max-age=\nset-cookie: sid=1; Path=/; Secure\n\n<p>";
    let output = grade(&["-", "--server", "nginx"], head);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stdout(&output), @r#"
    https://example.com/  C  score 50

       -25  Content-Security-Policy        there is no policy
       -20  X-Frame-Options                any site may embed the page
        -5  X-Content-Type-Options         there is none
         ·  Cookies                        every cookie is Secure, and sessions are HttpOnly
         ·  Cross-Origin-Embedder-Policy   there is none
         ·  Cross-Origin-Opener-Policy     there is none
         ·  Cross-origin resource sharing  other origins cannot read the page
         ·  Redirection                    HTTP leads to HTTPS on the same host
         ·  Referrer-Policy                there is none; browsers then tell other sites the origin only
         ·  Strict-Transport-Security      browsers come back over HTTPS for at least six months
         ·  Subresource integrity          there are no scripts
         ·  Cross-Origin-Resource-Policy   there is none

    Where this score is blind
      - the cookie `sid` looks like a session that scripts can read; the score knows sessions by `sess` and `login` only
      - browsers cannot read `max-age=`, and so there is no HSTS; the score passes it

    The shortest way up, to a score of 110
      1. send `Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'` (a first one, for a site that loads its own files only; `cspc build` writes one for your pages)  +60
           add_header Content-Security-Policy "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'" always;
    "#);
}

#[test]
fn a_grade_can_be_asked_for() {
    let head = "HTTP/2 200\nx-frame-options: DENY\n";
    assert_eq!(grade(&["-", "--min-grade", "C"], head).status.code(), Some(0));
    assert_eq!(grade(&["-", "--min-grade", "B"], head).status.code(), Some(1));
    assert_eq!(grade(&["-", "--min-score", "51"], head).status.code(), Some(1));
    assert_eq!(grade(&["-", "--min-grade", "E"], head).status.code(), Some(2));
}

#[test]
fn captures_without_a_url_are_named_by_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let head = file("a.txt", "HTTP/2 200\nx-frame-options: DENY\n");
    let rules = file("_headers", "/*\n  Content-Security-Policy: default-src 'self'\n");
    for format in ["text", "csv", "markdown"] {
        let shown = stdout(&grade(&[&head, &rules, "--format", format], "")).replace('\\', "");
        assert!(shown.contains(&head) && shown.contains(&rules), "{shown}");
        assert!(!shown.contains("example.com"), "{shown}");
    }
    let lines = stdout(&grade(&[&head, &rules, "--format", "json"], ""));
    let named = lines.lines().map(|line| {
        let graded: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(graded["url"], "https://example.com/");
        graded["input"].as_str().unwrap().to_owned()
    });
    assert_eq!(named.collect::<Vec<_>>(), [head, rules]);
}

#[test]
fn a_text_that_is_no_response_is_refused() {
    let quoting = "# Notes\n\n```nginx\nadd_header Content-Security-Policy \"img-src *\";\n```\n";
    let naming = "We send this:\n\nContent-Security-Policy: img-src *\n";
    for text in [quoting, naming, "what it is that we send"] {
        let output = grade(&["-"], text);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(said.contains("`-` looks like no response: expected what `curl -si"), "{said}");
    }
    let captures = [
        "$ curl -sI https://shop.example\nHTTP/2 200\nserver: nginx\ncontent-security-policy: img-src *\n",
        "Content-Security-Policy: img-src *\nServer: nginx\n",
        "img-src *",
        "* Connected\n\n< HTTP/2 200\n< server: nginx\n",
    ];
    for text in captures {
        assert_eq!(grade(&["-"], text).status.code(), Some(0), "{text}");
    }
    assert_eq!(grade(&["-", "--as", "headers"], naming).status.code(), Some(0));
}

#[test]
fn of_a_folder_is_said_what_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let output = grade(&[&path], "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains(&format!("`cspc build {path} --emit json | cspc grade -`")), "{said}");
}

#[test]
fn a_batch_answers_line_by_line() {
    let input = "{\"url\":\"https://a.example\",\"headers\":[[\"X-Frame-Options\",\"DENY\"]]}\nnonsense\n{\"url\":\"file:///x\"}\n";
    let output = grade(&["--batch"], input);
    assert_eq!(output.status.code(), Some(2));
    let answers: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 3);
    assert_eq!((&answers[0]["score"], &answers[0]["grade"]), (&50.into(), &"C".into()));
    assert!(answers[1]["error"].is_string() && answers[2]["error"].is_string());
}

#[test]
fn nothing_in_a_response_steers_the_terminal() {
    let head = "HTTP/2 200\nstrict-transport-security: max-age=\u{1b}[31m\nset-cookie: x\u{1b}]0;sid=1; Secure\n";
    let output = grade(&["-"], head);
    assert!(!stdout(&output).contains('\u{1b}'), "{}", stdout(&output));
}
