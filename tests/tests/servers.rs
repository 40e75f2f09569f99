//! What real nginx and Apache send for a plan that the library has written for them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use cspc_core::emit::{Target, emit};
use cspc_core::plan::Plan;
use cspc_tests::http::{Response, request};
use cspc_tests::server::{Apache, Location, Nginx, Running, ServerConfig};
use cspc_tests::upstream;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Cases that a server cannot pass, by name, with the reason.
const EXPECTED_FAILURES: [(Target, &str, &str); 1] =
    [(Target::Nginx, "range-416", "nginx sends every `always` header twice with its own 416")];

const PAGES: [&str; 14] = [
    "index.html",
    "app/index.html",
    "admin/index.html",
    "admin/tool.html",
    "administrator/index.html",
    "docs/a.html",
    "docs/sub/b.html",
    "static/app.js",
    "static/style.css",
    "static/logo.svg",
    "static/data.json",
    "static/pic.png",
    "a b.html",
    "errors/404.html",
];

/// A server with a plan's configuration, and the folder of both.
struct Site {
    running: Running,
    emit_time: Duration,
    _folder: TempDir,
}

fn site(target: Target, plan: &Plan, mut config: ServerConfig) -> Result<Site, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    config.docroot = folder.path().join("root");
    config.emitted = folder.path().join("emitted");
    for page in PAGES {
        let path = config.docroot.join(page);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "some text").unwrap();
    }
    fs::create_dir(&config.emitted).unwrap();
    let begun = Instant::now();
    let files = emit(plan, target).map_err(|error| error.to_string())?;
    let emit_time = begun.elapsed();
    for file in files {
        fs::write(config.emitted.join(file.name), file.content).unwrap();
    }
    let running = match target {
        Target::Nginx => Nginx::start(&config),
        _ => Apache::start(&config),
    };
    Ok(Site { running: running.map_err(|e| e.to_string())?, emit_time, _folder: folder })
}

impl Site {
    fn get(&self, path: &str) -> Response {
        request(self.running.port, false, "GET", path, &[])
    }

    fn ask(&self, question: &Value) -> Response {
        let tls = question["scheme"] == "https";
        let port = if tls { self.running.tls_port } else { self.running.port };
        let mut headers: Vec<(String, String)> = pairs(&question["headers"]);
        if !question["upstream"].is_null() {
            headers.push(upstream::spec(&question["upstream"]));
        }
        let method = question["method"].as_str().unwrap_or("GET");
        request(port, tls, method, question["path"].as_str().unwrap(), &headers)
    }
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

fn locations(case: &Value) -> Vec<Location> {
    let proxied = json!([{"path": "/up/", "kind": "proxy"}]);
    let given = &case["site"]["locations"];
    let given = if given.is_null() { &proxied } else { given };
    let location = |value: &Value| Location {
        path: value["path"].as_str().unwrap().to_owned(),
        proxy: value["kind"] == "proxy",
        own_headers: pairs(&value["own_headers"]),
    };
    given.as_array().unwrap().iter().map(location).collect()
}

/// `{"repeat": "abc", "times": 1000, "head": "", "tail": ""}` stands for a long text.
fn expand(value: &mut Value) {
    match value {
        Value::Object(fields) if fields.contains_key("repeat") => {
            let text = |name: &str| fields[name].as_str().unwrap();
            let times = usize::try_from(fields["times"].as_u64().unwrap()).unwrap();
            let long = format!("{}{}{}", text("head"), text("repeat").repeat(times), text("tail"));
            *value = Value::String(long);
        }
        Value::Array(items) => items.iter_mut().for_each(expand),
        Value::Object(fields) => fields.values_mut().for_each(expand),
        _ => {}
    }
}

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/server_cases.json");
    let mut data: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let Value::Array(mut cases) = data["cases"].take() else { panic!("no cases") };
    cases.iter_mut().for_each(expand);
    cases
}

/// What is wrong with an answer, one line each.
fn wrong(response: &Response, expect: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    if expect["status"].as_u64().is_some_and(|status| status != u64::from(response.status)) {
        wrong.push(format!("status {}, expected {}", response.status, expect["status"]));
    }
    let headers: BTreeMap<String, Vec<String>> =
        serde_json::from_value(expect["headers"].clone()).unwrap_or_default();
    for (name, mut expected) in headers {
        let mut got = response.get(&name);
        got.sort_unstable();
        expected.sort_unstable();
        if got != expected {
            wrong.push(format!("{name}: got {got:.200?}, expected {expected:.200?}"));
        }
    }
    for name in expect["absent"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !response.get(name).is_empty() {
            wrong.push(format!("{name}: got {:?}, expected none", response.get(name)));
        }
    }
    let cookies: BTreeMap<String, Vec<String>> =
        serde_json::from_value(expect["cookies"].clone()).unwrap_or_default();
    wrong.extend(cookies.iter().filter_map(|(name, expected)| cookie(response, name, expected)));
    if response.bare_line_feed {
        wrong.push("a bare line feed in the head".to_owned());
    }
    wrong
}

/// Each attribute once, and no attribute twice.
fn cookie(response: &Response, name: &str, expected: &[String]) -> Option<String> {
    let lines = response.get("Set-Cookie");
    let mut own = lines.iter().filter(|line| line.split('=').next() == Some(name));
    let line = own.next().copied().unwrap_or_default();
    let attributes: Vec<String> =
        line.split(';').skip(1).map(|a| a.trim().to_ascii_lowercase()).collect();
    let once = |wanted: &String| attributes.iter().filter(|a| *a == wanted).count() == 1;
    let mut names: Vec<&str> = attributes.iter().filter_map(|a| a.split('=').next()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    let right = own.next().is_none() && expected.iter().all(once) && names.len() == count;
    (!right).then(|| format!("cookie {name}: got {lines:?}, expected {expected:?}"))
}

fn run_case(target: Target, case: &Value, upstream: u16) -> Vec<String> {
    let plan: Plan = serde_json::from_value(case["policy"].clone()).unwrap();
    let pages = case["site"]["error_pages"].as_object().into_iter().flatten();
    let config = ServerConfig {
        upstream,
        locations: locations(case),
        error_pages: pages.map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned())).collect(),
        ..ServerConfig::default()
    };
    let site = match site(target, &plan, config) {
        Ok(site) => site,
        Err(error) => return vec![error],
    };
    let mut all = Vec::new();
    for question in case["requests"].as_array().unwrap() {
        let found = wrong(&site.ask(question), &question["expect"]);
        all.extend(found.iter().map(|w| format!("{}: {w}", question["path"])));
    }
    all
}

fn run_cases(target: Target, cases: &[Value]) {
    let upstream = upstream::start().unwrap();
    let mut failed = String::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let wrong = run_case(target, case, upstream);
        let excuse = EXPECTED_FAILURES.iter().find(|(t, name, _)| *t == target && *name == id);
        match (excuse, wrong.is_empty()) {
            (None, false) => failed.push_str(&format!("{id}\n    {}\n", wrong.join("\n    "))),
            (Some((_, _, why)), true) => failed.push_str(&format!("{id}: passes now ({why})\n")),
            _ => {}
        }
    }
    println!("{target}: {} cases", cases.len());
    assert!(failed.is_empty(), "{target} sends something else:\n{failed}");
}

#[test]
#[ignore = "needs nginx; tests/run runs it"]
fn nginx_sends_what_the_cases_say() {
    run_cases(Target::Nginx, &cases());
}

#[test]
#[ignore = "needs Apache; tests/run runs it"]
fn apache_sends_what_the_cases_say() {
    run_cases(Target::Apache, &cases());
}

/// Cases for what the hand-made file leaves out.
fn more_cases() -> Vec<Value> {
    let app = |value: &str| json!({"status": 200, "headers": [["X-A", value]]});
    let none = json!({"status": 200, "headers": []});
    let ok = |value: &str| json!({"status": 200, "headers": {"X-A": [value]}});
    vec![
        json!({"id": "default", "policy": {"rules": [
            {"headers": [{"name": "X-A", "value": "base"}]},
            {"match": {"prefix": "/up/d"}, "headers": [{"name": "x-a", "value": "mine", "op": "default"}]}]},
            "requests": [
            {"path": "/up/x", "upstream": app("theirs"), "expect": ok("base")},
            {"path": "/up/d", "upstream": app("theirs"), "expect": ok("theirs")},
            {"path": "/up/d/x", "upstream": none, "expect": ok("mine")},
            {"path": "/docs/a.html", "expect": ok("base")}]}),
        json!({"id": "default-everywhere", "policy": {"rules": [
            {"headers": [{"name": "X-A", "value": "mine", "op": "default"}]}]},
            "requests": [
            {"path": "/up/x", "upstream": app("theirs"), "expect": ok("theirs")},
            {"path": "/up/x", "upstream": none, "expect": ok("mine")},
            {"path": "/missing", "expect": {"status": 404, "headers": {"X-A": ["mine"]}}}]}),
        json!({"id": "add-then-set", "policy": {"rules": [
            {"headers": [{"name": "X-A", "value": "1"}, {"name": "X-A", "value": "2", "op": "add"}]},
            {"match": {"prefix": "/docs", "suffix": ".html"}, "headers": [{"name": "X-A", "value": "3"}]}]},
            "requests": [
            {"path": "/docs/a.html", "expect": ok("3")},
            {"path": "/", "expect": {"headers": {"X-A": ["1", "2"]}}}]}),
        json!({"id": "all-keys", "policy": {"rules": [{"match": {"exact": ["/up/a", "/up/b"],
            "type": "TEXT/html", "status": [200, 404], "scheme": "https"},
            "headers": [{"name": "X-A", "value": "1"}]}]},
            "requests": [
            {"path": "/up/a", "scheme": "https", "upstream": none, "expect": ok("1")},
            {"path": "/up/a", "upstream": none, "expect": {"absent": ["X-A"]}},
            {"path": "/up/c", "scheme": "https", "upstream": none, "expect": {"absent": ["X-A"]}},
            {"path": "/up/b", "scheme": "https", "upstream": {"status": 500},
             "expect": {"status": 500, "absent": ["X-A"]}}]}),
        json!({"id": "redirect", "policy": {"https_redirect": 308, "server_tokens": "off",
            "origin": "https://shop.example", "rules": [{"headers": [
            {"name": "Strict-Transport-Security", "value": "max-age=9", "scheme": "https"}]}]},
            "requests": [
            {"path": "/docs/a.html?x=1", "expect": {"status": 308, "absent": ["Strict-Transport-Security"],
             "headers": {"Location": ["https://shop.example/docs/a.html?x=1"]}}},
            {"path": "/docs/a.html", "scheme": "https", "expect": {"status": 200,
             "headers": {"Strict-Transport-Security": ["max-age=9"]}}}]}),
        json!({"id": "range-416", "policy": {"rules": [{"headers": [{"name": "X-A", "value": "1"}]}]},
            "requests": [{"path": "/docs/a.html", "headers": [["Range", "bytes=999-"]],
             "expect": {"status": 416, "headers": {"X-A": ["1"]}}}]}),
        json!({"id": "type-proxied", "policy": {"rules": [
            {"headers": [{"name": "X-A", "value": "all"}]},
            {"match": {"type": ["text/html"]}, "headers": [{"name": "X-A", "value": "html"}]}]},
            "requests": [
            {"path": "/up/x", "upstream": none, "expect": ok("html")},
            {"path": "/up/x", "upstream": {"headers": [["Content-Type", "TEXT/HTML;charset=x"], ["X-A", "z"]]},
             "expect": ok("html")},
            {"path": "/up/x", "upstream": {"headers": [["Content-Type", "text/html5"]]}, "expect": ok("all")},
            {"path": "/up/x", "upstream": {"status": 304}, "expect": {"status": 304, "absent": ["X-A"]}}]}),
        json!({"id": "expression", "policy": {"rules": [{"headers": [
            {"name": "X-A", "value": "expr=a%b\"c'd\\e $ $x"}]}]},
            "requests": [{"path": "/", "expect": ok("expr=a%b\"c'd\\e $ $x")}]}),
    ]
}

#[test]
#[ignore = "needs nginx; tests/run runs it"]
fn nginx_sends_what_more_cases_say() {
    run_cases(Target::Nginx, &more_cases());
}

#[test]
#[ignore = "needs Apache; tests/run runs it"]
fn apache_sends_what_more_cases_say() {
    run_cases(Target::Apache, &more_cases());
}

const HOSTILE: [&str; 18] = [
    "/a b",
    "/\"q\"; add_header X-Evil 1; \"",
    "/'q'",
    "/$uri",
    "/${PATH}",
    "/%{HTTPS}e",
    "/100%",
    "/line\nbreak",
    "/back\\slash\\",
    "/\\n",
    "/semi;colon{brace}",
    "/#hash",
    "/(a|b)*[c]?.+^$",
    "/grüße/日本語",
    "/Twin.html",
    "/twin.html",
    "/TWIN.html",
    "/low=/low",
];

fn encode(path: &str) -> String {
    let byte = |b: u8| {
        let plain = b.is_ascii_alphanumeric() || b == b'/';
        if plain { char::from(b).to_string() } else { format!("%{b:02X}") }
    };
    path.bytes().map(byte).collect()
}

fn exact_plan(paths: &[String]) -> Plan {
    serde_json::from_value(json!({"rules": [
        {"match": {}, "headers": [{"name": "X-Page", "value": "other"}]},
        {"match": {"exact": paths}, "headers": [{"name": "X-Page", "value": "named"}]}]}))
    .unwrap()
}

fn hostile_paths(target: Target) {
    let paths: Vec<String> = HOSTILE.map(str::to_owned).to_vec();
    let site = site(target, &exact_plan(&paths), ServerConfig::default()).unwrap();
    for path in &paths {
        let encoded = encode(path);
        let response = site.get(&encoded);
        assert_eq!(response.get("X-Page"), ["named"], "{path:?} {response:?}");
        assert!(response.get("X-Evil").is_empty());
        let others = [
            format!("{encoded}x"),
            format!("{encoded}/"),
            format!("{encoded}%0A"),
            format!("/x{encoded}"),
            encode(&path.replace('w', "W").replace('l', "L").replace('a', "A")),
        ];
        for other in others.iter().filter(|other| *other != &encoded) {
            assert_eq!(site.get(other).get("X-Page"), ["other"], "{other} is not {path:?}");
        }
    }
    for other in ["/TWIN.HTML", "/tWin.html", "/LOW=/LOW", "/axb", "/"] {
        assert_eq!(site.get(other).get("X-Page"), ["other"], "{other}");
    }
}

#[test]
#[ignore = "needs nginx; tests/run runs it"]
fn nginx_matches_hostile_paths_and_nothing_else() {
    hostile_paths(Target::Nginx);
}

#[test]
#[ignore = "needs Apache; tests/run runs it"]
fn apache_matches_hostile_paths_and_nothing_else() {
    hostile_paths(Target::Apache);
}

fn many_paths(target: Target) {
    const KINDS: [&str; 5] = ["struct", "fn", "trait", "enum", "macro"];
    let path = |n: usize| {
        let (kind, hash) = (KINDS[n % 5], n.wrapping_mul(2_654_435_761) % 1_000_003);
        format!("/docs/crate_{}/module_{}/{kind}.Item{hash:x}.html", n % 97, n % 1009)
    };
    let paths: Vec<String> = (0..50_000).map(path).collect();
    let site = site(target, &exact_plan(&paths), ServerConfig::default()).unwrap();
    let begun = Instant::now();
    for path in paths.iter().step_by(500) {
        assert_eq!(site.get(path).get("X-Page"), ["named"], "{path}");
        assert_eq!(site.get(&path.to_ascii_uppercase()).get("X-Page"), ["other"], "{path}");
    }
    let each = begun.elapsed() / 200;
    println!(
        "{target}, 50,000 paths: emitted in {:?}, loaded in {:?}, {each:?} a request",
        site.emit_time, site.running.load_time
    );
    assert!(site.running.load_time < Duration::from_secs(20));
    assert!(each < Duration::from_millis(50), "{each:?} a request");
}

#[test]
#[ignore = "needs nginx; tests/run runs it"]
fn nginx_loads_fifty_thousand_paths() {
    many_paths(Target::Nginx);
}

#[test]
#[ignore = "needs Apache; tests/run runs it"]
fn apache_loads_fifty_thousand_paths() {
    many_paths(Target::Apache);
}
