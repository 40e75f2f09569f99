//! What real servers send for a plan that the library has written for them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use cspc_core::configuration::normalized;
use cspc_core::deployment::{Configuration, Form};
use cspc_core::emit::capability::Feature;
use cspc_core::emit::{Server, emit};
use cspc_core::plan::Plan;
use cspc_tests::http::{Response, request};
use cspc_tests::reading::{configuration, differences, place};
use cspc_tests::server::{
    Apache, Caddy, Haproxy, HeadersMore, Htaccess, Kind, Lighttpd, Location, Nginx, Running,
    ServerConfig,
};
use cspc_tests::upstream;
use serde_json::{Value, json};
use tempfile::TempDir;

#[path = "servers/cross_origin.rs"]
mod cross_origin;

use cross_origin::{names_the_origins_that_may_read, refuses_requests_of_other_sites};

/// Cases that a server cannot pass, by name, with the reason.
const EXPECTED_FAILURES: [(Server, &str, &str); 22] = [
    (Server::Nginx, "fastcgi-cookies", "nginx can change the cookies of proxied applications only"),
    (
        Server::NginxHeadersMore,
        "fastcgi-cookies",
        "nginx can change the cookies of proxied applications only",
    ),
    (Server::Nginx, "range-416", "nginx sends every `always` header twice with its own 416"),
    (Server::Caddy, "status-static", "Caddy answers 404 for a folder without an index"),
    (Server::Caddy, "type-static", CADDY_RESPONSE),
    (Server::Caddy, "type-proxied", CADDY_RESPONSE),
    (Server::Caddy, "all-keys", CADDY_RESPONSE),
    (Server::Caddy, "cond-success", CADDY_RESPONSE),
    (Server::Caddy, "default-everywhere", "what is deferred is lost with Caddy's own errors"),
    (Server::Lighttpd, "type-static", LIGHTTPD_RESPONSE),
    (Server::Lighttpd, "type-proxied", LIGHTTPD_RESPONSE),
    (Server::Lighttpd, "all-keys", LIGHTTPD_RESPONSE),
    (Server::Lighttpd, "cond-success", LIGHTTPD_RESPONSE),
    (Server::Lighttpd, "default", LIGHTTPD_RESPONSE),
    (Server::Lighttpd, "default-everywhere", LIGHTTPD_RESPONSE),
    (Server::Lighttpd, "cookie-flags", "lighttpd cannot change a header that an application sends"),
    (Server::Lighttpd, "cookie-value", "lighttpd cannot change a header that an application sends"),
    (Server::Lighttpd, "dup-two-policies", LIGHTTPD_LINES),
    (Server::Lighttpd, "add-then-set", LIGHTTPD_LINES),
    (Server::Lighttpd, "path-newline", "lighttpd refuses the request"),
    (Server::Lighttpd, "inherit-own-header", LIGHTTPD_OWN),
    (Server::Lighttpd, "range-416", "lighttpd drops all headers with its own 416"),
];

const CADDY_RESPONSE: &str = "a Caddyfile cannot ask for the type or status before Caddy 2.9";
const LIGHTTPD_RESPONSE: &str = "lighttpd decides before there is a response";
const LIGHTTPD_LINES: &str = "lighttpd joins lines of one name by commas";
const LIGHTTPD_OWN: &str = "the owner's own headers have to stand in the plan";

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
    folder: TempDir,
}

fn site(server: Server, plan: &Plan, mut config: ServerConfig) -> Result<Site, String> {
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
    let emitted = emit(plan, server.into()).map_err(|error| error.to_string())?;
    let emit_time = begun.elapsed();
    for file in emitted.files {
        fs::write(config.emitted.join(file.name), file.content).unwrap();
    }
    let running = match server {
        Server::Nginx => Nginx::start(&config),
        Server::NginxHeadersMore => HeadersMore::start(&config),
        Server::Apache => Apache::start(&config),
        Server::Htaccess => Htaccess::start(&config),
        Server::Caddy => Caddy::start(&config),
        Server::Haproxy => Haproxy::start(&config),
        Server::Lighttpd => Lighttpd::start(&config),
        other => panic!("{other} is no program of the tests"),
    };
    Ok(Site { running: running.map_err(|e| e.to_string())?, emit_time, folder })
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
        let path = question["path"].as_str().unwrap();
        request(port, tls, method, path, &headers)
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
        kind: match value["kind"].as_str() {
            Some("proxy") => Kind::Proxy,
            Some("fastcgi") => Kind::FastCgi,
            Some("cgi") => Kind::Cgi,
            _ => Kind::Files,
        },
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

/// The applications' ports.
#[derive(Clone, Copy)]
struct Applications {
    http: u16,
    fastcgi: u16,
}

/// The form by which the server's configuration is read back.
const fn form(server: Server) -> Option<Form> {
    match server {
        Server::Nginx | Server::NginxHeadersMore => Some(Form::Nginx),
        Server::Apache | Server::Htaccess => Some(Form::Apache),
        Server::Caddy => Some(Form::Caddy),
        _ => None,
    }
}

/// Where the reader of the configuration says something else than the server sends. What an application sends, and a
/// request that the server refuses before it looks at its path, are not in the configuration.
fn misread(
    read: &Configuration,
    plan: &Plan,
    question: &Value,
    response: &Response,
) -> Vec<String> {
    let path = question["path"].as_str().unwrap();
    if matches!(response.status, 400 | 405 | 413 | 414) || normalized(path).is_none() {
        return Vec::new();
    }
    let of_application: Vec<(String, String)> = pairs(&question["upstream"]["headers"]);
    let names =
        plan.rules.iter().flat_map(|rule| rule.headers.iter().map(|header| header.name.as_str()));
    let is_ours =
        |name: &&str| !of_application.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let names: Vec<&str> = names.filter(is_ours).collect();
    let media_type = response.get("Content-Type").concat();
    let place = place(read, path, question["scheme"] == "https", response.status, &media_type);
    differences(&place, response, &names)
}

fn run_case(server: Server, case: &Value, applications: Applications) -> Vec<String> {
    let plan: Plan = serde_json::from_value(case["policy"].clone()).unwrap();
    let pages = case["site"]["error_pages"].as_object().into_iter().flatten();
    let config = ServerConfig {
        upstream: applications.http,
        fastcgi: applications.fastcgi,
        locations: locations(case),
        error_pages: pages.map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned())).collect(),
        ..ServerConfig::default()
    };
    let site = match site(server, &plan, config) {
        Ok(site) => site,
        Err(error) => return vec![error],
    };
    let reader = form(server).map(|form| configuration(&site.running.configuration, form));
    let mut all = Vec::new();
    // A folder's file says nothing to what is proxied.
    let asked = |question: &&Value| server != Server::Htaccess || question["upstream"].is_null();
    for question in case["requests"].as_array().unwrap().iter().filter(asked) {
        let response = site.ask(question);
        let mut found = wrong(&response, &question["expect"]);
        found.extend(reader.iter().flat_map(|read| misread(read, &plan, question, &response)));
        all.extend(found.iter().map(|w| format!("{}: {w}", question["path"])));
    }
    all
}

fn run_cases(server: Server, cases: &[Value]) {
    let applications = Applications {
        http: upstream::start().unwrap(),
        fastcgi: upstream::start_fastcgi().unwrap(),
    };
    let mut failed = String::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let wrong = run_case(server, case, applications);
        let excuse = EXPECTED_FAILURES.iter().find(|(s, name, _)| *s == server && *name == id);
        match (excuse, wrong.is_empty()) {
            (None, false) => failed.push_str(&format!("{id}\n    {}\n", wrong.join("\n    "))),
            (Some((_, _, why)), true) => failed.push_str(&format!("{id}: passes now ({why})\n")),
            _ => {}
        }
    }
    println!("{server}: {} cases", cases.len());
    assert!(failed.is_empty(), "{server} sends something else:\n{failed}");
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

/// Applications behind other protocols than HTTP, and what lies between the cases.
fn application_cases(kind: &str) -> Vec<Value> {
    let site = json!({"locations": [{"path": "/up/", "kind": kind}]});
    let csp = "Content-Security-Policy";
    let theirs = |status: u16| json!({"status": status, "headers": [[csp, "img-src *"], ["X-Powered-By", "PHP"], ["X-B", "b"]]});
    let mut cases = vec![
        json!({"id": "replaced", "policy": {"hide": ["X-Powered-By"], "rules": [{"headers": [{"name": csp, "value": "a"}]},
            {"match": {"prefix": "/up/deep/er"}, "headers": [{"name": csp, "value": "b"}, {"name": "X-B", "op": "remove"}]},
            {"match": {"prefix": "/up", "suffix": [".php", ".py"]}, "headers": [{"name": csp, "value": "c"}]},
            {"match": {"type": "text/html", "status": "error"}, "headers": [{"name": "X-Error", "value": "1"}]}]},
            "requests": []}),
        json!({"id": "long", "policy": {"rules": [{"headers": [{"name": csp, "value": "ü;".repeat(4500)}]}]},
            "requests": [{"path": "/up/x", "upstream": theirs(200),
                "expect": {"status": 200, "headers": {csp: ["ü;".repeat(4500)]}}}]}),
        json!({"id": "default", "policy": {"rules": [{"headers": [{"name": csp, "value": "mine", "op": "default"}]}]},
            "requests": [
            {"path": "/up/x", "upstream": theirs(200), "expect": {"headers": {csp: ["img-src *"]}}},
            {"path": "/up/x", "upstream": {"status": 404, "headers": []}, "expect": {"status": 404, "headers": {csp: ["mine"]}}}]}),
        json!({"id": "two", "policy": {"rules": [{"headers": [{"name": csp, "value": "a"}, {"name": csp, "value": "b", "op": "add"}]}]},
            "requests": [{"path": "/up/x", "upstream": theirs(500), "expect": {"status": 500, "headers": {csp: ["a", "b"]}}},
            {"path": "/", "expect": {"status": 200, "headers": {csp: ["a", "b"]}}}]}),
        json!({"id": "cookies", "policy": {"cookies": ["Secure", "HttpOnly", "SameSite=Strict"]}, "requests": [
            {"path": "/up/x", "upstream": {"status": 200, "headers": [["Set-Cookie", "a=1; SameSite=None; Path=/"], ["Set-Cookie", "b=2"]]},
             "expect": {"status": 200, "cookies": {"a": ["secure", "httponly", "samesite=strict"], "b": ["secure", "httponly", "samesite=strict"]}}}]}),
    ];
    let mut requests = Vec::new();
    for status in [200, 201, 302, 403, 404, 500, 503] {
        for (path, policy) in [
            ("/up/x", "a"),
            ("/up/deep/er/x", "b"),
            ("/up/%64eep//er", "b"),
            ("/up/deep/er/x.php", "c"),
            ("/up/deeper", "a"),
        ] {
            let mut absent = vec!["X-Powered-By"];
            let mut expected = json!({csp: [policy]});
            if policy == "a" {
                expected["X-B"] = json!(["b"]);
            } else {
                absent.push("X-B");
            }
            if status >= 400 {
                expected["X-Error"] = json!(["1"]);
            } else {
                absent.push("X-Error");
            }
            requests.push(json!({"path": path, "upstream": theirs(status),
                "expect": {"status": status, "headers": expected, "absent": absent}}));
        }
    }
    cases[0]["requests"] = Value::Array(requests);
    for case in &mut cases {
        case["site"] = site.clone();
        case["id"] = json!(format!("{kind}-{}", case["id"].as_str().unwrap()));
    }
    cases
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

fn matches_hostile_paths(server: Server) {
    // lighttpd refuses requests for paths with control characters.
    let refused = |path: &str| server == Server::Lighttpd && path.contains('\n');
    let paths: Vec<String> =
        HOSTILE.iter().filter(|path| !refused(path)).map(|path| (*path).to_owned()).collect();
    let site = site(server, &exact_plan(&paths), ServerConfig::default()).unwrap();
    for path in &paths {
        let encoded = encode(path);
        let response = site.get(&encoded);
        assert_eq!(response.get("X-Page"), ["named"], "{path:?} {response:?}");
        assert!(response.get("X-Evil").is_empty());
        let others = [
            format!("{encoded}x"),
            format!("{encoded}/"),
            if server == Server::Lighttpd {
                format!("{encoded}%20")
            } else {
                format!("{encoded}%0A")
            },
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

fn loads_many_paths(server: Server) {
    const KINDS: [&str; 5] = ["struct", "fn", "trait", "enum", "macro"];
    let path = |n: usize| {
        let (kind, hash) = (KINDS[n % 5], n.wrapping_mul(2_654_435_761) % 1_000_003);
        format!("/docs/crate_{}/module_{}/{kind}.Item{hash:x}.html", n % 97, n % 1009)
    };
    let paths: Vec<String> = (0..50_000).map(path).collect();
    let site = site(server, &exact_plan(&paths), ServerConfig::default()).unwrap();
    finds_many(&site, &paths, |_| "named".to_owned());
}

/// A policy of its own for each page.
fn loads_many_values(server: Server) {
    let paths: Vec<String> = (0..50_000).map(|n| format!("/shop/Item-{n}.html")).collect();
    let value = |path: &str| format!("img-src https://cdn.example{path}");
    let rule = |path: &String| json!({"match": {"exact": path}, "headers": [{"name": "X-Page", "value": value(path)}]});
    let mut rules = vec![json!({"headers": [{"name": "X-Page", "value": "other"}]})];
    rules.extend(paths.iter().map(rule));
    let plan: Plan = serde_json::from_value(json!({ "rules": rules })).unwrap();
    let site = site(server, &plan, ServerConfig::default()).unwrap();
    finds_many(&site, &paths, value);
}

fn finds_many(site: &Site, paths: &[String], value: impl Fn(&str) -> String) {
    let begun = Instant::now();
    for path in paths.iter().step_by(500) {
        assert_eq!(site.get(path).get("X-Page"), [value(path)], "{path}");
        assert_eq!(site.get(&path.to_ascii_uppercase()).get("X-Page"), ["other"], "{path}");
    }
    let each = begun.elapsed() / 200;
    println!(
        "{} paths: emitted in {:?}, loaded in {:?}, {each:?} a request",
        paths.len(),
        site.emit_time,
        site.running.load_time
    );
    assert!(site.running.load_time < Duration::from_secs(20));
    assert!(each < Duration::from_millis(50), "{each:?} a request");
}

/// Rules for pages, and for folders and types, in turns, as many of each as one map cannot hold.
fn keeps_the_order_of_many_rules(server: Server) {
    let set = |matches: Value, value: &str| json!({"match": matches, "headers": [{"name": "X-A", "value": value}]});
    let mut rules = vec![set(json!({}), "all")];
    for n in 0..20 {
        rules.push(set(json!({"prefix": format!("/p{n}")}), &format!("below {n}")));
        rules.push(set(
            json!({"exact": [format!("/p{n}/a"), format!("/p{}/c", n + 1)]}),
            &format!("page {n}"),
        ));
        rules.push(set(json!({"exact": format!("/p{n}/b")}), &format!("other page {n}")));
    }
    rules.extend(
        (0..300).map(|n| {
            set(json!({"prefix": format!("/q{n}"), "type": "text/html"}), &format!("{n}"))
        }),
    );
    let plan: Plan = serde_json::from_value(json!({ "rules": rules })).unwrap();
    let site = site(server, &plan, ServerConfig::default()).unwrap();
    for (path, value) in [
        ("/p0/a", "page 0"),
        ("/p3/c", "below 3"),
        ("/p3/b", "other page 3"),
        ("/p20/c", "page 19"),
        ("/p7", "below 7"),
        ("/q0/x", "0"),
        ("/q299/x", "299"),
        ("/x", "all"),
    ] {
        assert_eq!(site.get(path).get("X-A"), [value], "{path}");
    }
}

/// One module of tests for each server.
macro_rules! servers {
    ($($module:ident: $server:ident, $($test:ident)*;)*) => {
        $(mod $module {
            use super::*;
            $(servers!(@test $test $server);)*
        })*
    };
    (@test $test:ident $server:ident) => {
        #[test]
        #[ignore = "needs the server; tests/run runs it"]
        fn $test() {
            super::$test(Server::$server);
        }
    };
}

fn sends_what_the_cases_say(server: Server) {
    run_cases(server, &cases());
}

fn sends_what_more_cases_say(server: Server) {
    run_cases(server, &more_cases());
}

fn hosts_applications(server: Server) {
    let kinds: &[&str] = match server {
        Server::Apache => &["proxy", "fastcgi", "cgi"],
        Server::Nginx | Server::NginxHeadersMore => &["proxy", "fastcgi"],
        _ => &["proxy"],
    };
    for kind in kinds {
        run_cases(server, &application_cases(kind));
    }
}

servers! {
    nginx: Nginx, sends_what_the_cases_say sends_what_more_cases_say matches_hostile_paths loads_many_paths loads_many_values keeps_the_order_of_many_rules hosts_applications refuses_requests_of_other_sites names_the_origins_that_may_read;
    headers_more: NginxHeadersMore, sends_what_the_cases_say sends_what_more_cases_say hosts_applications refuses_requests_of_other_sites names_the_origins_that_may_read;
    apache: Apache, sends_what_the_cases_say sends_what_more_cases_say matches_hostile_paths loads_many_paths hosts_applications refuses_requests_of_other_sites names_the_origins_that_may_read;
    htaccess: Htaccess, sends_what_the_cases_say sends_what_more_cases_say matches_hostile_paths refuses_requests_of_other_sites names_the_origins_that_may_read;
    caddy: Caddy, sends_what_the_cases_say sends_what_more_cases_say matches_hostile_paths refuses_requests_of_other_sites names_the_origins_that_may_read;
    haproxy: Haproxy, sends_what_the_cases_say sends_what_more_cases_say matches_hostile_paths hosts_applications refuses_requests_of_other_sites names_the_origins_that_may_read;
    lighttpd: Lighttpd, sends_what_the_cases_say sends_what_more_cases_say matches_hostile_paths;
}

/// What stands for the nonce in a page, as it stands in the page's source.
const NONCE_TEXTS: [(Server, &str); 3] = [
    (Server::Nginx, "CSPC_NONCE$1{};"),
    (Server::NginxHeadersMore, "CSPC_NONCE"),
    (Server::Caddy, "{{placeholder `http.request.uuid`}}"),
];

#[test]
#[ignore = "needs nginx and Caddy; tests/run runs it"]
fn nonces_are_new_each_time_and_the_same_in_header_and_page() {
    for (server, text) in NONCE_TEXTS {
        let plan = serde_json::from_value(json!({"nonce": text, "rules": [
            {"headers": [{"name": "Content-Security-Policy", "value": "default-src 'none'"}]},
            {"match": {"exact": "/nonce.html"}, "headers": [
                {"name": "Content-Security-Policy", "value": "script-src 'nonce-CSPC_NONCE'; style-src 'nonce-CSPC_NONCE'"}]}]}));
        let plan: Plan = plan.unwrap();
        let site = site(server, &plan, ServerConfig::default()).unwrap();
        let page = format!("<script nonce=\"{text}\">1</script><style nonce=\"{text}\"></style>");
        fs::write(site.folder.path().join("root/nonce.html"), page).unwrap();
        let nonce = || {
            let response = site.get("/nonce.html");
            let policy = response.get("content-security-policy").concat();
            let nonce = policy.strip_prefix("script-src 'nonce-").unwrap();
            let nonce = nonce.split('\'').next().unwrap().to_owned();
            assert_eq!(policy, format!("script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'"));
            let expected =
                format!("<script nonce=\"{nonce}\">1</script><style nonce=\"{nonce}\"></style>");
            assert!(response.body.contains(&expected), "{server}: {response:?}");
            assert!(response.get("etag").is_empty() && response.get("last-modified").is_empty());
            nonce
        };
        let nonces: std::collections::BTreeSet<String> = (0..20).map(|_| nonce()).collect();
        assert_eq!(nonces.len(), 20, "{server}");
        assert!(nonces.iter().all(|nonce| nonce.len() >= 32), "{server}: {nonces:?}");
        assert_eq!(site.get("/").get("content-security-policy"), ["default-src 'none'"]);
    }
}

#[test]
fn servers_without_nonces_say_why() {
    let policy =
        json!({"name": "Content-Security-Policy", "value": "script-src 'nonce-CSPC_NONCE'"});
    let plan = |nonce: Value| -> Plan {
        serde_json::from_value(json!({"nonce": nonce, "rules": [{"headers": [policy]}]})).unwrap()
    };
    for server in Server::ALL {
        let has = server.capability().has(Feature::Nonces);
        let told =
            emit(&plan(json!("CSPC_NONCE")), server.into()).err().map(|error| error.to_string());
        match server {
            Server::Caddy => assert!(told.unwrap().contains("templates do not evaluate")),
            _ if has => assert_eq!(told, None, "{server}"),
            _ => assert!(told.unwrap().contains("cannot make nonces: "), "{server}"),
        }
        let told = emit(&plan(Value::Null), server.into()).unwrap_err().to_string();
        assert!(told.contains("what stands for the nonce in pages"), "{server}: {told}");
    }
}
