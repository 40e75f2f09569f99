//! Many sites at once: captured ones, recorded ones and live ones.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::{BufRead as _, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

fn cspc(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
    {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Three sites, of which one is none.
const LINES: &str = "{\"url\":\"https://a.example/\",\"headers\":[[\"X-Frame-Options\",\"DENY\"],[\"Server\",\"nginx/1.2\"]]}\n{\"url\":\"https://b.example/\"}\n{\"url\":\"ftp://c.example/\"}\n";

#[test]
fn an_estate_is_graded_in_a_table_and_a_summary() {
    let output = cspc(&["grade", "--batch", "--format", "text"], LINES);
    assert_eq!(output.status.code(), Some(2));
    let table = stdout(&output);
    let first: Vec<&str> = table.lines().map(|line| line.split("  ").next().unwrap()).collect();
    assert_eq!(first, ["D", "C", "–"], "{table}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("2 sites: 1 C, 1 D; mean score 40\n"), "{told}");
    assert!(told.contains("  1 site without a grade\n"), "{told}");
    let summary = json_of(&cspc(&["grade", "--batch", "--summary", "--format", "json"], LINES));
    assert_eq!(summary["schema"], "cspc.grades/1");
    assert_eq!(summary["grades"], json!([{"grade": "C", "sites": 1}, {"grade": "D", "sites": 1}]));
    assert_eq!(summary["lost"][3], json!({"test": "x-frame-options", "sites": 1, "points": 20}));
    assert!(summary["failed"]["ftp://c.example/"].is_string());
}

#[test]
fn tables_for_other_programs_quote_what_they_show() {
    let line = "{\"url\":\"https://a.example/=1,\\\"|x\"}\n=cmd()\n";
    let csv = stdout(&cspc(&["grade", "--batch", "--format", "csv"], line));
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].starts_with("url,grade,score,content-security-policy,"), "{csv}");
    assert!(rows[1].starts_with("\"https://a.example/=1,\"\"|x\",D,30,-25,"), "{csv}");
    assert_eq!((rows.len(), rows[0].matches(',').count()), (3, 15));
    let markdown = stdout(&cspc(&["grade", "--batch", "--format", "markdown"], line));
    assert!(markdown.contains("| D | 30 | https://a.example/=1,\"\\|x | "), "{markdown}");
}

#[test]
fn captured_responses_are_judged_beside_policies() {
    let output = cspc(&["check", "--batch", "--select", "leak/,csp/unsafe-inline"], LINES);
    let lines: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0][0]["rule"], "leak/server-version");
    assert_eq!(lines[0][0]["location"]["path"], "https://a.example/");
    assert_eq!(lines[1], json!([]));
    let output = cspc(&["check", "--batch"], "script-src 'unsafe-inline'\n{\"url\":1}\n");
    assert!(stdout(&output).contains("csp/unsafe-inline"));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_recording_is_counted_page_by_page() {
    let page = |url: &str, headers: Value| json!({"request": {"url": url}, "response": {"headers": headers}});
    let html = json!({"name": "Content-Type", "value": "text/html; charset=utf-8"});
    let leak = json!({"name": "X-Powered-By", "value": "PHP"});
    let entries = [
        page("https://a.example/", json!([html])),
        page("https://b.example/", json!([html, leak])),
    ];
    let har = json!({"log": {"entries": entries}}).to_string();
    let only = ["check", "-", "--as", "har", "--select", "leak/", "--summary"];
    let counts = json_of(&cspc(&[&only[..], &["--format", "json"]].concat(), &har));
    let low = |index: usize| {
        let input = &counts["inputs"][index];
        (input["input"].as_str().unwrap().to_owned(), input["low"].as_u64().unwrap())
    };
    assert_eq!(low(0), ("-#https://a.example/".to_owned(), 0));
    assert_eq!(low(1), ("-#https://b.example/".to_owned(), 1));
    let rule = json!({"rule": "leak/technology", "severity": "low", "findings": 1, "inputs": 1});
    assert_eq!(counts["rules"], json!([rule]));
    assert!(stdout(&cspc(&only, &har)).contains("       1      1  low    leak/technology\n"));
}

#[test]
fn of_a_recording_the_pages_are_graded_with_the_way_to_each() {
    let entry = |url: &str, status: u16, headers: &[(&str, &str)]| {
        let html = [("Content-Type", "text/html")];
        let headers = html.iter().chain(headers);
        let headers: Vec<Value> =
            headers.map(|(name, value)| json!({"name": name, "value": value})).collect();
        json!({"request": {"url": url}, "response": {"status": status, "headers": headers}})
    };
    let cookies = "theme=1; Secure\nsession=1; Secure; HttpOnly";
    let entries = [
        entry("http://shop.example/", 301, &[("Location", "http://www.shop.example/")]),
        entry("http://www.shop.example/", 302, &[("Location", "https://www.shop.example/#top")]),
        entry("https://www.shop.example/", 200, &[("Set-Cookie", cookies)]),
        entry("https://www.shop.example/", 304, &[]),
        entry("https://www.shop.example/gone", 301, &[("Location", "https://other.example/")]),
        entry("https://shop.example/round", 302, &[("Location", "/round")]),
    ];
    let har = json!({"log": {"entries": entries}}).to_string();
    let output = stdout(&cspc(&["grade", "-", "--format", "json"], &har));
    let graded: Vec<Value> =
        output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let urls: Vec<&str> = graded.iter().map(|it| it["url"].as_str().unwrap()).collect();
    let pages = ["https://www.shop.example/", "https://www.shop.example/gone"];
    assert_eq!(urls, [&pages[..], &["https://shop.example/round"]].concat());
    let result = |test: &str| {
        let tests = graded[0]["tests"].as_array().unwrap();
        tests.iter().find(|it| it["name"] == test).unwrap()["result"].clone()
    };
    assert_eq!(result("redirection"), "redirection-not-to-https-on-initial-redirection");
    assert_eq!(result("cookies"), "cookies-secure-with-httponly-sessions");
}

#[test]
fn what_is_missing_is_named_as_such() {
    let output = cspc(
        &["check", "-", "--select", "hsts/missing", "--format", "json"],
        "HTTP/1.1 200 OK\nServer: x\n",
    );
    assert_eq!(json_of(&output)["findings"][0]["header"], "Strict-Transport-Security");
}

/// Serves a page on a free port, and notes when it was asked for.
fn serve() -> (u16, Arc<Mutex<Vec<Instant>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let times = Arc::clone(&asked);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut first = String::new();
            let _ = BufReader::new(&stream).read_line(&mut first);
            if first.starts_with("GET") {
                times.lock().unwrap().push(Instant::now());
            }
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n",
            );
        }
    });
    (port, asked)
}

fn hosts(folder: &Path, lines: &str) -> String {
    let path = folder.join("hosts");
    std::fs::write(&path, lines).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_host_is_asked_for_one_page_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (port, asked) = serve();
    let list = hosts(
        folder.path(),
        &format!(
            "# ours\nhttp://127.0.0.1:{port}/1\n\nhttp://127.0.0.1:{port}/2 # two\nhttp://127.0.0.1:1/\n"
        ),
    );
    let output = cspc(&["grade", "--hosts", &list, "--wait", "0.4", "--format", "json"], "");
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1]["url"], format!("http://127.0.0.1:{port}/2"));
    assert!(lines[2]["error"].as_str().unwrap().contains("refused"), "{}", lines[2]);
    let times = asked.lock().unwrap().clone();
    let gap = times[1].duration_since(times[0]);
    assert!(times.len() == 2 && gap >= Duration::from_millis(400), "{gap:?}");
    let output = cspc(&["check", "--hosts", &list, "--wait", "0", "--summary"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains(&format!("http://127.0.0.1:{port}/1\n")));
}

#[test]
fn a_list_of_hosts_is_told_where_it_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let list = hosts(folder.path(), "a.example\nb example\n");
    let told = String::from_utf8(cspc(&["grade", "--hosts", &list], "").stderr).unwrap();
    assert!(told.contains("hosts:2:1: `b example` is neither a URL nor a host"), "{told}");
}

#[test]
fn a_configuration_that_is_not_deployed_is_graded_by_its_start_page() {
    let nginx = "events {}\nhttp { server { listen 443 ssl; server_name shop.example; add_header X-Frame-Options DENY always;\n location /a { add_header X-A 1; } } }";
    let graded = json_of(&cspc(&["grade", "-", "--as", "nginx", "--format", "json"], nginx));
    assert_eq!((&graded["url"], &graded["score"]), (&"https://shop.example/".into(), &50.into()));
    let bare =
        json_of(&cspc(&["grade", "-", "--format", "json"], "X-Frame-Options: DENY\nServer: a"));
    assert_eq!(bare["score"], 50);
}
