//! What the program prints for other programs, held against the schemas of the formats.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use boon::{Compiler, Schemas};
use cspc_core::site::SiteFile;
use cspc_core::wire::{Language, ServiceEntry, Text};
use serde_json::{Value, json};

/// A policy with something for most rules to find, and with characters that have a meaning in other formats.
const POLICY: &str = "script-src 'unsafe-inline' * 'nonce-<x>&\"' http://a.example/%2F?q self; img-src 'none' 1.2.3.4 é; \
                      foo]]>-src \u{1}\t|`b`; style-src 'unsafe-inline' data:; script-src x";

fn cspc(arguments: &[&str], input: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The value; a text that is no JSON stays one, which no schema takes and its complaint shows.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// Why a value is not what the schema says, if it is not.
fn complaint(schema: &Value, value: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("urn:test", schema.clone()).unwrap();
    let index = compiler.compile("urn:test", &mut schemas).unwrap();
    schemas.validate(value, index).err().map(|error| format!("{error:#}"))
}

/// The schema with no property allowed that it does not name: one that the program prints has to be in it.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(keys) => {
            if keys.contains_key("properties") {
                keys.insert("additionalProperties".to_owned(), json!(false));
            }
            keys.values_mut().for_each(|value| *value = closed(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = closed(item.take())),
        _ => {}
    }
    schema
}

/// Holds a value against a schema of ours.
fn holds(name: &str, value: &Value) {
    // A schema's own address would be taken for that of another text.
    let mut schema = closed(parsed(&cspc(&["schema", name], "")));
    schema.as_object_mut().unwrap().remove("$id");
    assert_eq!(complaint(&schema, value), None, "{value:#}");
}

fn checked(format: &str) -> String {
    cspc(&["check", "-", "--as", "policy", "--format", format], POLICY)
}

/// The schema of another program's format.
fn schema_of(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/schemas").join(file);
    parsed(&std::fs::read_to_string(path).unwrap())
}

#[test]
fn sarif_is_what_its_schema_says() {
    let mut schema = schema_of("sarif-2.1.0.json");
    for key in ["id", "$id"] {
        schema.as_object_mut().unwrap().remove(key);
    }
    let report = parsed(&checked("sarif"));
    assert_eq!(complaint(&schema, &report), None);
    let results = report["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 10, "{report:#}");
    let rules: Vec<&Value> =
        report["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().iter().collect();
    let is_described = |result: &Value| rules.iter().any(|rule| rule["id"] == result["ruleId"]);
    assert!(results.iter().all(is_described));
    let mut broken = report;
    broken["runs"][0]["results"][0]["level"] = json!("grave");
    assert!(complaint(&schema, &broken).is_some());
}

#[test]
fn gitlab_reports_are_what_its_documentation_says() {
    let report = parsed(&checked("gitlab"));
    assert_eq!(complaint(&schema_of("gitlab-code-quality.json"), &report), None);
    let prints: std::collections::BTreeSet<&str> =
        report.as_array().unwrap().iter().filter_map(|it| it["fingerprint"].as_str()).collect();
    assert_eq!(prints.len(), report.as_array().unwrap().len());
}

#[test]
fn junit_is_xml_whose_counts_are_right() {
    let report = checked("junit");
    let document = roxmltree::Document::parse(&report).unwrap();
    let suite = document.root_element().first_element_child().unwrap();
    assert_eq!(
        (document.root_element().tag_name().name(), suite.tag_name().name()),
        ("testsuites", "testsuite")
    );
    let cases: Vec<_> = suite.children().filter(roxmltree::Node::is_element).collect();
    for count in ["tests", "failures"] {
        assert_eq!(suite.attribute(count), Some(cases.len().to_string().as_str()));
    }
    for case in cases {
        assert!(case.attribute("name").is_some() && case.attribute("classname").is_some());
        let failure = case.first_element_child().unwrap();
        assert_eq!(failure.tag_name().name(), "failure");
        assert!(failure.attribute("message").is_some_and(|message| !message.is_empty()));
    }
}

#[test]
fn findings_and_rules_are_what_their_schemas_say() {
    let report = parsed(&checked("json"));
    assert!(
        report["findings"].as_array().unwrap().iter().any(|finding| finding["fix"].is_object())
    );
    holds("findings", &report);
    holds("rules", &parsed(&cspc(&["rules", "--format", "json"], "")));
}

#[test]
fn what_is_sent_from_where_is_what_its_schema_says() {
    let nginx = "server { listen 443 ssl; add_header X-A 1 always; add_header X-B 1;
        location /a { if ($arg_x) { return 403; } add_header X-C $arg_c; } }";
    let apache = "Header set X-A 1\nHeader always set X-B 1 env=OPEN\nSetEnvIf Origin . OPEN
<Location /a>\nHeader set X-A 2\nHeader always unset X-B\n</Location>\nHeader unset X-A\n";
    for (form, text) in [("nginx", nginx), ("apache", apache), ("headers", "X-A: 1\nX-B: 2\n")] {
        let asked = ["check", "-", "--as", form, "--effective", "--format", "json"];
        let effective = parsed(&cspc(&asked, text));
        holds("effective", &effective);
        let of = |key: &str| {
            let places = effective["places"].as_array().unwrap().iter();
            places.map(|place| place[key].as_array().unwrap().len()).sum::<usize>()
        };
        let has_all = of("lost") > 0 && of("unknown") > 0;
        assert!(of("headers") > 0 && (has_all || form == "headers"), "{effective:#}");
    }
}

#[test]
fn a_baseline_is_what_its_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("baseline.json");
    cspc(&["check", "--policy", POLICY, "--write-baseline", path.to_str().unwrap()], "");
    holds("baseline", &parsed(&std::fs::read_to_string(path).unwrap()));
}

#[test]
fn what_a_site_gives_is_what_the_schemas_say() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<!doctype html><meta http-equiv=content-security-policy content=\"img-src *\"><script>a()</script>\
                <script src=https://a.example/x.js integrity=sha256-x></script><link rel=stylesheet href=/a.css><p onclick=b()>é";
    std::fs::write(folder.path().join("index.html"), page).unwrap();
    std::fs::write(folder.path().join("a.css"), "p { background: url(b.png) }").unwrap();
    let site = folder.path().to_str().unwrap();
    holds("inventory", &parsed(&cspc(&["inventory", site, "--format", "json"], "")));
    holds("plan", &parsed(&cspc(&["build", site, "--emit", "json"], "")));
}

#[test]
fn answers_are_what_their_schemas_say() {
    let (old, new) = (
        "script-src 'self'; foo x",
        "script-src * 'unsafe-inline' 'unsafe-eval'; form-action *; foo y",
    );
    let lines = json!({"old": [old], "new": [new], "self": "https://e.example"}).to_string();
    holds("diff", &parsed(&cspc(&["diff", "--batch", "--fail-on", "never"], &lines)));
    let captured =
        json!({"url": "https://e.example/", "headers": {"content-security-policy": POLICY}});
    holds("grade", &parsed(&cspc(&["grade", "--batch"], &captured.to_string())));
    let counted = ["grade", "--batch", "--summary", "--format", "json"];
    holds("grades", &parsed(&cspc(&counted, &captured.to_string())));
    let counted = ["check", "-", "--as", "policy", "--summary", "--format", "json"];
    holds("counts", &parsed(&cspc(&counted, POLICY)));
    holds("tree", &parsed(&cspc(&["fmt", "--batch"], &json!({"input": POLICY}).to_string())));
    for url in ["https://e.example/x.js", "https://x.example/x.js"] {
        let question = json!({"self": "https://e.example", "policies": [{"value": old}], "request": {"url": url, "destination": "script"}});
        holds("explain", &parsed(&cspc(&["explain", "--batch"], &question.to_string())));
    }
}

/// The schema of the site file.
fn config_schema() -> Value {
    let mut schema = parsed(&cspc(&["schema", "config"], ""));
    schema.as_object_mut().unwrap().remove("$id");
    schema
}

#[test]
fn a_site_file_is_what_its_schema_says() {
    let schema = config_schema();
    for wrong in [
        json!({"sources": {"foo-src": []}}),
        json!({"lint": {"ignore": [{"rule": "csp/http-source"}]}}),
        json!({"lint": {"severity": {"csp/nothing": "high"}}}),
        json!({"headers": {"X-A": true}}),
        json!({"services": {"strip": true}}),
        json!({"routes": [{"session": true}]}),
        json!({"routes": [{"path": "/", "glob": "/*"}]}),
        json!({"other": 1}),
    ] {
        assert!(complaint(&schema, &wrong).is_some(), "{wrong}");
    }
}

#[test]
fn the_first_site_file_is_what_its_schema_says_with_all_of_it_in_force() {
    let folder = tempfile::tempdir().unwrap();
    cspc(&["init", folder.path().to_str().unwrap()], "");
    let text = std::fs::read_to_string(folder.path().join("cspc.toml")).unwrap();
    let in_force: String = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with([' ', '#']) => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let schema = config_schema();
    for text in [text, in_force] {
        let file: Value = toml::from_str(&text).unwrap();
        assert_eq!(complaint(&schema, &file), None, "{file:#}");
    }
}

/// The keys that the program reads in a table of the site file, by what it says of one that it does not know.
fn keys_read(table: &str) -> BTreeSet<String> {
    let text = format!("{table}\nno-such-key = 1");
    let told = SiteFile::parse("cspc.toml", &text).unwrap_err().to_string();
    let (_, expected) = told.split_once("unknown field `no-such-key`, expected").unwrap();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_schema_of_the_site_file_has_the_keys_that_are_read() {
    let schema = config_schema();
    for (table, pointer) in [
        ("", ""),
        ("[reporting]\nendpoint = '/'", "/properties/reporting"),
        ("[cookies]", "/properties/cookies"),
        ("[limits]", "/properties/limits"),
        ("[lint]", "/properties/lint"),
        ("[[lint.ignore]]\nrule = 'a/b'\nreason = ''", "/properties/lint/properties/ignore/items"),
        ("[[routes]]", "/properties/routes/items"),
        ("[[routes]]\n[routes.cors]\norigin = '*'", "/properties/routes/items/properties/cors"),
    ] {
        let described = schema.pointer(&format!("{pointer}/properties")).unwrap();
        let described = described.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys_read(table), described, "{table}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    cspc(&["man", "--output", folder.path().to_str().unwrap()], "");
    let check = std::fs::read_to_string(folder.path().join("cspc-check.1")).unwrap();
    assert!(check.contains(".TH cspc\\-check 1") || check.contains(".TH cspc-check 1"), "{check}");
    assert!(check.contains("fail\\-on"));
    assert!(
        std::fs::read_to_string(folder.path().join("cspc.1")).unwrap().contains("cspc\\-schema")
    );
    assert_eq!(cspc(&["man", "check"], ""), check);
}

#[test]
fn shells_complete_rules_and_formats() {
    for shell in ["bash", "zsh", "fish"] {
        let script = cspc(&["completions", shell], "");
        for word in ["csp/unsafe-inline", "inventory", "sarif"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn what_the_playground_is_told_is_what_the_schemas_say() {
    let text: Text = serde_json::from_value(
        json!({"text": format!("Age: 1\nContent-Security-Policy: {POLICY}")}),
    )
    .unwrap();
    let told = [
        ("responses", serde_json::to_value(text.responses().unwrap())),
        ("language", serde_json::to_value(Language::new())),
        ("services", serde_json::to_value(ServiceEntry::all())),
    ];
    for (name, value) in told {
        holds(name, &value.unwrap());
    }
}
