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
