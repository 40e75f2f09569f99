//! `cspc diff` as its users meet it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Runs it; what it reads is a file, as a pipe would fill up.
fn diff(arguments: &[&str], input: &str) -> Output {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(input.as_bytes()).unwrap();
    file.rewind().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command.arg("diff").args(arguments).stdin(file).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn a_policy_that_only_reports_does_not_count() {
    let only_reports = json!({"value": "img-src 'none'", "disposition": "report"});
    let line =
        json!({"old": ["img-src 'none'"], "new": [only_reports], "self": "https://e.example"})
            .to_string();
    let output = diff(&["--batch"], &line);
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!((&answer["relation"], &answer["subsumed"]), (&json!("wider"), &json!(false)));
}

/// One question a line for each of the vectors of `tests/conformance/subsume_vectors.json`, with their own answer.
#[test]
fn an_empty_file_is_no_deployment() {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.json");
    std::fs::write(&plan, "\n").unwrap();
    let output = diff(&["img-src 'self'", plan.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("plan.json` is empty: expected policies"), "{said}");
    assert_eq!(diff(&["img-src 'self'", "-"], "").status.code(), Some(2));
}

#[test]
fn what_a_server_puts_together_is_not_compared() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nginx.conf");
    let name = file.to_str().unwrap();
    std::fs::write(&file, "server { add_header Content-Security-Policy $policy always; }").unwrap();
    let output = diff(&["img-src 'self'", name], "");
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("compare plans"));
    let nonce = "server { add_header Content-Security-Policy \"script-src 'nonce-$request_id'\"; }";
    std::fs::write(&file, nonce).unwrap();
    assert_eq!(diff(&[name, name], "").status.code(), Some(0));
}

#[test]
fn a_batch_says_what_is_subsumed() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance/subsume_vectors.json");
    let vectors: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let question = |vector: &Value| {
        let disposition = vector.get("b_disposition").cloned().unwrap_or_else(|| json!("enforce"));
        let returned = vector["b"].as_array().unwrap().iter();
        let new: Vec<_> =
            returned.map(|text| json!({"value": text, "disposition": disposition})).collect();
        json!({"old": [vector["a"]], "new": new, "self": vector["self_origin"]}).to_string() + "\n"
    };
    let questions: String = vectors.iter().map(question).collect();
    let output = diff(&["--batch", "--fail-on", "never"], &questions);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), vectors.len());
    assert!(vectors.len() > 300);
    for (vector, answer) in vectors.iter().zip(&answers) {
        assert_eq!(answer["subsumed"], vector["expect"], "{vector}");
    }
}
