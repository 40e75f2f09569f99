//! The engine as WebAssembly, in Node: the same bytes as the command line for the same question, and their types.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cspc_tests::{cspc, nested_script};
use serde_json::{Value, json};

fn vectors(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// What a program prints for this input; whether it is content is left to what it prints.
fn printed(command: &mut Command, input: String) -> String {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = process.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// What the package answers to these questions, by function.
fn of_package(questions: &Value) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    printed(Command::new("node").arg("package.mjs").current_dir(folder), questions.to_string())
}

/// Policies, one a line, as `check --batch` takes them.
fn policies() -> Vec<String> {
    let vectors = vectors("csp_evaluator_vectors.json");
    let texts = vectors.iter().map(|vector| vector["csp"].as_str().unwrap().to_owned());
    texts.filter(|policy| !policy.contains(['\n', '\r'])).collect()
}

/// One question of `explain --batch` from each vector, with what is no question among them.
fn requests() -> Vec<String> {
    let requests = vectors("match_vectors.json").into_iter().map(|vector| {
        json!({
            "self": vector["self_origin"],
            "policies": [{ "value": vector["policy"] }],
            "request": vector["request"],
        })
    });
    let inline = vectors("inline_vectors.json").into_iter().map(|vector| {
        let mut item = json!({ "kind": vector["type"], "content": vector["content"] });
        let element = vector["element"].as_object().cloned().unwrap_or_default();
        item.as_object_mut().unwrap().extend(element);
        json!({
            "self": "https://example.com",
            "policies": [{ "value": vector["policy"] }],
            "inline": item,
        })
    });
    let engines = ["spec", "chromium", "firefox", "webkit", "lynx"].into_iter().cycle();
    let questions = requests.chain(inline).zip(engines).map(|(mut question, engine)| {
        question["engine"] = json!(engine);
        question.to_string()
    });
    questions.chain(["{".to_owned(), String::new(), "[1]".to_owned()]).collect()
}

fn differences() -> Vec<String> {
    let question = |vector: Value| {
        let texts = vector["b"].as_array().unwrap().iter();
        let new: Vec<Value> = texts.map(|text| json!({ "value": text })).collect();
        let old = [json!({ "value": vector["a"] })];
        json!({ "self": vector["self_origin"], "old": old, "new": new }).to_string()
    };
    vectors("subsume_vectors.json").into_iter().map(question).collect()
}

fn responses() -> Vec<String> {
    let question = |vector: Value| {
        let url = vector["url"].as_str().unwrap_or("https://example.com/").to_owned();
        json!({ "url": url, "headers": vector["headers"], "html": vector["html"] }).to_string()
    };
    vectors("observatory_vectors.json").into_iter().map(question).collect()
}

fn inputs() -> Vec<String> {
    let question = |vector: Value| {
        json!({ "input": vector["input"], "delivery": vector["delivery"] }).to_string()
    };
    vectors("parse_vectors.json").into_iter().map(question).collect()
}

#[test]
#[ignore = "needs Node, and the engine as WebAssembly: tests/run"]
fn says_what_the_command_line_says() {
    let asked: [(&str, &str, Vec<String>); 5] = [
        ("checkPolicy", "check", policies()),
        ("explain", "explain", requests()),
        ("diff", "diff", differences()),
        ("grade", "grade", responses()),
        ("parse", "fmt", inputs()),
    ];
    let questions: BTreeMap<&str, &Vec<String>> =
        asked.iter().map(|(function, _, questions)| (*function, questions)).collect();
    let answers = of_package(&json!(questions));
    let answers: BTreeMap<String, Vec<String>> = serde_json::from_str(&answers).unwrap();
    for (function, command, questions) in &asked {
        let lines = questions.join("\n") + "\n";
        let printed = printed(Command::new(cspc()).args([command, "--batch"]), lines);
        let of_wasm = &answers[*function];
        assert_eq!(printed.lines().count(), questions.len(), "{command}");
        for ((question, line), answer) in questions.iter().zip(printed.lines()).zip(of_wasm) {
            assert_eq!(line, answer, "{command}: {question}");
        }
        let refused = of_wasm.iter().filter(|answer| answer.starts_with(r#"{"error""#)).count();
        assert!(
            refused * 3 < questions.len(),
            "{command}: {refused} of {} refused",
            questions.len()
        );
        println!("{command}: {} answers, {refused} refusals, the same bytes", questions.len());
    }
}

/// Files in encodings that the engine leaves to its environment, or has to know itself.
const ENCODED: [(&str, &[u8]); 13] = [
    ("/latin1.html", b"<meta charset=iso-8859-1><style>/*\x80\x92\xE9*/</style>"),
    ("/unlabelled.html", b"<style>/*\x93\xE9*/</style>"),
    ("/private.html", b"<meta charset=x-user-defined><style>/*\x80*/</style>"),
    ("/unknown.html", "<meta charset=none><style>/*é*/</style>".as_bytes()),
    ("/replaced.html", b"<meta charset=iso-2022-kr><style>/*\xE9*/</style>"),
    ("/utf-16-label.html", "<meta charset=utf-16><style>/*é*/</style>".as_bytes()),
    ("/utf-16.html", b"\xFF\xFE<\0s\0t\0y\0l\0e\0>\0\xE9\0"),
    (
        "/koi8.html",
        b"<meta http-equiv=content-type content='; charset=koi8-r'><style>/*\xC1*/</style>",
    ),
    ("/shift-jis.html", b"<meta charset=Shift_JIS><style>/*\x82\xA0*/</style>"),
    ("/jis.html", b"<meta charset=iso-2022-jp><style>/*\x1B$B$\"\x1B(B*/</style>"),
    ("/big5.html", b"<meta charset=big5><style>/*\xA7A*/</style>"),
    ("/cyrillic.xhtml", b"<?xml version='1.0' encoding='windows-1251'?><a>\xE0<b></a>"),
    ("/koi8.css", b"@charset \"koi8-r\"; a { background: url(\xC1.png) }"),
];

/// A page with scripts in all places, and what they load.
const SCRIPTED: [(&str, &[u8]); 5] = [
    (
        "/index.html",
        b"<script src=app.js></script><script type=module>import './m.mjs';new Worker('w.js')</script><p onclick=\"fetch('/api')\">",
    ),
    ("/app.js", b"const api = 'https://api.example'; fetch(api + '/v1/' + id); eval(x); el.innerHTML = y;"),
    ("/m.mjs", b"import data from './d.json' with { type: 'json' }; import(`./${name}.js`)"),
    ("/w.js", b"importScripts('https://cdn.example/a.js')"),
    ("/broken.js", b"let let = ("),
];

/// The inventory that the package makes of files.
fn inventory_of_package(files: &[(&str, &[u8])]) -> String {
    let files: BTreeMap<_, _> =
        files.iter().map(|(path, bytes)| (path, STANDARD.encode(bytes))).collect();
    let answers = of_package(&json!({ "inventory": [json!(files).to_string()] }));
    let mut answers: BTreeMap<String, Vec<String>> = serde_json::from_str(&answers).unwrap();
    answers.remove("inventory").unwrap().remove(0)
}

/// Whether the package and the command line make the same inventory of files.
fn assert_read_alike(files: &[(&str, &[u8])]) {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        fs::write(folder.path().join(path.trim_start_matches('/')), bytes).unwrap();
    }
    let mut inventory = Command::new(cspc());
    let inventory = inventory.arg("inventory").arg(folder.path()).args(["--format", "json"]);
    assert_eq!(inventory_of_package(files), printed(inventory, String::new()).trim_end());
}

#[test]
#[ignore = "needs Node, and the engine as WebAssembly: tests/run"]
fn reads_encodings_as_the_command_line_does() {
    assert_read_alike(&ENCODED);
}

#[test]
#[ignore = "needs Node, and the engine as WebAssembly: tests/run"]
fn reads_scripts_as_the_command_line_does() {
    assert_read_alike(&SCRIPTED);
}

/// It has the stack of its environment only.
#[test]
#[ignore = "needs Node, and the engine as WebAssembly: tests/run"]
fn scripts_may_be_nested_at_any_depth() {
    for (open, inner, close) in
        [("[", "", "]"), ("(", "1", ")"), ("()=>{", "", "}"), ("a?b:", "1", ""), ("a=", "1", "")]
    {
        for (depth, is_read) in [(60, true), (170, true), (2_000, false), (200_000, false)] {
            let script = nested_script(open, inner, close, depth);
            let said = inventory_of_package(&[("/index.html", script.as_bytes())]);
            let refused = said.contains("it is nested too deeply");
            assert!(
                said.contains("inline-script") && refused != is_read,
                "{open} {depth}: {said:.300}"
            );
        }
    }
}

#[test]
#[ignore = "needs Node and the playground's packages: tests/run"]
fn the_types_are_those_of_the_schemas() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web");
    let written = fs::read_to_string(web.join("src/engine/formats.ts")).unwrap();
    let types = printed(
        Command::new("node").arg("formats.mjs").arg(cspc()).current_dir(&web),
        String::new(),
    );
    assert!(types == written, "web/src/engine/formats.ts is stale: web/formats.mjs writes it");
}
