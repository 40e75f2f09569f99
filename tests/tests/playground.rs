//! The playground in real browsers, served by the binary that carries it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use cspc_tests::{cspc, http, nested_script};
use serde_json::{Value, json};

/// `cspc playground`, ended when it is dropped.
struct Playground {
    process: Child,
    url: String,
}

impl Playground {
    fn start() -> Self {
        let mut process = Command::new(cspc())
            .arg("playground")
            .stdout(Stdio::piped())
            .spawn()
            .expect("cspc is built");
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        assert!(
            url.starts_with("http://127.0.0.1:"),
            "cspc was built without the playground: {url}"
        );
        Self { process, url: url.trim().to_owned() }
    }

    fn port(&self) -> u16 {
        self.url.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap()
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A visit to the page, which asks another host for a script, whose text is longer by so many bytes.
fn recorded(host: &str, length: usize) -> Value {
    let entry = |url: &str, media_type: &str, text: &str| {
        let content = json!({ "mimeType": media_type, "text": text });
        let request = json!({ "method": "GET", "url": url, "headers": [] });
        json!({ "pageref": "p", "request": request, "response": { "status": 200, "headers": [], "content": content } })
    };
    let page = entry("https://shop.example/index.html", "text/html", "<p>");
    let text = format!("a(){}", " ".repeat(length));
    let script = entry(&format!("https://{host}/a.js"), "text/javascript", &text);
    json!({ "log": { "version": "1.2", "pages": [{ "id": "p" }], "entries": [page, script] } })
}

/// A page whose scripts are nested about as deeply as the engine reads them in a browser, and one that is deeper.
fn nested() -> String {
    let shapes = [
        ("[", "", "]", 330),
        ("(", "1", ")", 330),
        ("()=>{", "", "}", 165),
        ("[", "", "]", 100_000),
    ];
    shapes.map(|(open, inner, close, depth)| nested_script(open, inner, close, depth)).concat()
}

fn use_it(browser: &str) -> Value {
    let playground = Playground::start();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shots = folder.join("../target/playground").join(browser);
    std::fs::create_dir_all(&shots).unwrap();
    let page = folder.join("../examples/shop/index.html").canonicalize().unwrap();
    let files = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = files.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let recording = file("visit.har", recorded("recorded.example", 0).to_string().as_bytes());
    let large = file("large.har", recorded("large.example", 50_000_000).to_string().as_bytes());
    let binary = file("broken.har", &[0, 159, 146, 150]);
    let nested = file("nested.html", nested().as_bytes());
    let job = json!({
        "browser": browser,
        "url": playground.url,
        "shots": shots,
        "page": page,
        "recording": recording,
        "large": large,
        "binary": binary,
        "nested": nested,
    });
    let mut node = Command::new("node")
        .arg("playground.mjs")
        .current_dir(folder.join("browser"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin.take().unwrap().write_all(job.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{browser}: a step failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn works_in(browser: &str) {
    let Value::Object(mut said) = use_it(browser) else { panic!("{browser} said nothing") };
    let steps = said.remove("steps").unwrap();
    println!(
        "{browser}: {} ms until ready, {} ms from key to findings, {} ms standing still while 50 MB are read",
        steps["ready_ms"], steps["keystroke_ms"], steps["large_recording_blocked_ms"]
    );
    assert_eq!(said["violations"], json!([]), "{browser}: the page breaks its own policy");
    assert_eq!(said["errors"], json!([]), "{browser}");
    for (name, outcome) in
        steps.as_object().unwrap().iter().filter(|(name, _)| name.starts_with("axe"))
    {
        assert_eq!(*outcome, json!([]), "{browser}: {name}");
    }
    let says = |step: &str, wanted: &str| {
        let text = steps[step].as_str().unwrap_or_default();
        assert!(text.contains(wanted), "{browser}: {step} does not say `{wanted}`: {text}");
    };
    says("findings", "lets any inline script run");
    says("grade", "content-security-policy");
    says("try", "Allowed");
    assert_eq!(steps["marked"], "https://cdn.example");
    says("compare", "https:");
    says("output", "add_header Content-Security-Policy");
    says("site", "Needed by");
    says("recording", "https://recorded.example/a.js");
    says("large_recording", "https://large.example/a.js");
    says("binary", "broken.har is no recording");
    says("nested", "it is nested too deeply");
    let nested = steps["nested"].as_str().unwrap();
    assert!(!nested.contains("places)"), "{browser}: {nested}");
    assert_eq!(steps["ticked"], 0, "{browser}: a service is ticked before one was chosen");
    says("builder", "https://*.googletagmanager.com");
    says("builder", "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
    says("builder", "'strict-dynamic' 'nonce-CSPC_NONCE'");
    says(
        "builder",
        "; report-uri https://reports.example/csp; report-to csp\nReporting-Endpoints: ",
    );
    says("nonce", "add_header Content-Security-Policy-Report-Only");
    says(
        "completed",
        "script-src https://cdn.example/strip.js https://connect-js.stripe.com https://js.stripe.com",
    );
    assert_eq!(steps["keyboard"], "tab-findings");
    assert_eq!(steps["shared"], true);
    assert_eq!(steps["injected"], 0);
    assert_eq!(steps["too_wide"], json!([]), "{browser}: a narrow window scrolls sideways");
}

#[test]
#[ignore = "needs Chromium, and the playground in the binary: tests/run"]
fn works_in_chromium() {
    works_in("chromium");
}

#[test]
#[ignore = "needs Firefox, and the playground in the binary: tests/run"]
fn works_in_firefox() {
    works_in("firefox");
}

#[test]
#[ignore = "needs the playground in the binary: tests/run"]
fn answers_this_machine_alone() {
    let playground = Playground::start();
    let ask = |method: &str, path: &str, host: Option<&str>| {
        let host = host.map_or_else(String::new, |host| format!("Host: {host}\r\n"));
        let text = format!("{method} {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        http::exchange(playground.port(), false, &text)
    };
    let own = format!("127.0.0.1:{}", playground.port());
    let page = ask("GET", "/", Some(&own));
    assert_eq!(page.status, 200);
    let policy = page.get("Content-Security-Policy");
    assert!(policy.len() == 1 && policy[0].starts_with("default-src 'none';"), "{policy:?}");
    assert!(!policy[0].contains("unsafe"), "{policy:?}");
    assert!(policy[0].contains("require-trusted-types-for 'script'"), "{policy:?}");
    assert_eq!(ask("GET", "/", Some("evil.example")).status, 421);
    assert_eq!(ask("GET", "/", None).status, 421);
    assert_eq!(ask("POST", "/", Some(&own)).status, 405);
    for path in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/passwd", "/assets/../../Cargo.toml"]
    {
        assert_eq!(ask("GET", path, Some(&own)).status, 404, "{path}");
    }
}
