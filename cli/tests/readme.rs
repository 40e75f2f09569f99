//! What README.md shows is what the program prints.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;
use std::process::Command;

/// A command of README.md, and what is said to come of it: a block that is marked as `output`.
struct Example {
    command: String,
    output: Vec<String>,
}

fn examples(readme: &str) -> Vec<Example> {
    let mut command = String::new();
    let mut examples = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        if let Some(more) = line.strip_prefix("    ").filter(|_| command.ends_with('\\')) {
            command.push('\n');
            command.push_str(more);
        } else if line.starts_with("    cspc ") {
            line.trim_start().clone_into(&mut command);
        } else if line.starts_with("```") && line.ends_with(" output") {
            let output = lines.by_ref().take_while(|line| *line != "```").map(str::to_owned);
            examples.push(Example { command: command.clone(), output: output.collect() });
        }
    }
    examples
}

/// What the command writes to either of its streams, in the folder of README.md.
fn run(command: &str) -> String {
    let binaries = Path::new(env!("CARGO_BIN_EXE_cspc")).parent().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let script = format!("PATH=\"$1:$PATH\"; {command}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, "sh"]).arg(binaries).current_dir(root).env("COLUMNS", "120");
    let output = shell.output().unwrap();
    [output.stdout, output.stderr].map(|stream| String::from_utf8(stream).unwrap()).concat()
}

/// Whether the line is as shown, where `…` stands for anything.
fn is_as_shown(line: &str, shown: &str) -> bool {
    let mut pieces = shown.split('…');
    let first = pieces.next().unwrap_or_default();
    let mut rest = line.strip_prefix(first);
    let mut ends_open = false;
    for piece in pieces {
        rest = rest.and_then(|rest| rest.split_once(piece)).map(|(_, rest)| rest);
        ends_open = piece.is_empty();
    }
    rest.is_some_and(|rest| rest.is_empty() || ends_open)
}

#[test]
fn its_examples_are_what_the_program_prints() {
    let readme = include_str!("../../README.md");
    let examples = examples(readme);
    assert_eq!(examples.len(), readme.matches(" output\n").count());
    for Example { command, output } in examples {
        let printed = run(&command);
        let mut lines = printed.lines();
        for shown in output {
            let is_there = shown.trim() == "…" || lines.any(|line| is_as_shown(line, &shown));
            assert!(is_there, "`{command}` does not print, in this order, {shown:?}");
        }
    }
}
