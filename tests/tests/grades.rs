//! The grades of `examples/shop` on real servers: as they come, and with the configuration that `cspc build` writes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use cspc_core::emit::Server;
use cspc_core::grade::PreloadList;
use cspc_core::wire::Captured;
use cspc_tests::http::request;
use cspc_tests::server::{Apache, Htaccess, Kind, Location, Nginx, Running, ServerConfig};
use cspc_tests::{cspc, upstream};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The shop on a server, with an application below `/up/`.
struct Shop {
    running: Running,
    _folder: TempDir,
}

/// A folder that servers may read.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to),
            false => assert!(fs::copy(from, to).is_ok()),
        }
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{command:?}: {told}");
    output
}

/// What the owner of the shop says of it.
const SITE: &str = r#"origin = "https://shop.example"
https-redirect = 301
cookies = { secure = true, http-only = true, same-site = "lax" }
"#;

fn build(server: Server, config: &ServerConfig, site: &Path) {
    fs::write(site, SITE).unwrap();
    let mut command = Command::new(cspc());
    command.arg("build").arg(&config.docroot).arg("--config").arg(site);
    run(command.args(["--emit", server.name(), "-o"]).arg(&config.emitted));
}

impl Shop {
    /// With the configuration of `cspc build`, or with none but what serves the pages.
    fn start(server: Server, is_built: bool) -> Self {
        let folder = folder();
        let config = ServerConfig {
            docroot: folder.path().join("root"),
            emitted: folder.path().join("emitted"),
            upstream: upstream::start().unwrap(),
            locations: vec![Location {
                path: "/up/".into(),
                kind: Kind::Proxy,
                own_headers: Vec::new(),
            }],
            ..ServerConfig::default()
        };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop"), &config.docroot);
        if is_built {
            build(server, &config, &folder.path().join("cspc.toml"));
        }
        let running = match server {
            Server::Nginx => Nginx::start(&config),
            Server::Htaccess if is_built => Htaccess::start(&config),
            _ => Apache::start(&config),
        };
        Self { running: running.unwrap(), _folder: folder }
    }

    /// What `cspc grade` says of the page, for which it asks over HTTP and over HTTPS.
    fn grade(&self, path: &str) -> Value {
        let mut command = Command::new(cspc());
        command.args(["grade", "--format", "json", "--insecure"]);
        for (port, to) in [(80, self.running.port), (443, self.running.tls_port)] {
            command.arg("--resolve").arg(format!("shop.example:{port}:127.0.0.1:{to}"));
        }
        let output = run(command.arg(format!("https://shop.example{path}")));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What the library says of an answer of the application.
    fn grade_answer(&self, answer: &Value) -> Value {
        let ask = |port, is_tls| request(port, is_tls, "GET", "/up/", &[upstream::spec(answer)]);
        let (plain, secure) = (ask(self.running.port, false), ask(self.running.tls_port, true));
        let first = "http://shop.example/up/";
        let hops: Vec<&str> = [first].into_iter().chain(plain.get("Location")).collect();
        let captured = json!({"url": "https://shop.example/up/", "headers": secure.headers,
            "html": secure.body, "hops": hops});
        let captured: Captured = serde_json::from_value(captured).unwrap();
        json!(captured.graded(&PreloadList::default()).unwrap())
    }
}

/// A page of each folder, one that is not there, and two that are told apart by their encoding and by what they load.
const PATHS: [&str; 6] =
    ["/", "/products/mug.html", "/blog/", "/blog/cafe.html", "/checkout.html", "/missing"];

/// Cookies as frameworks set them, good and bad.
fn cookies() -> Value {
    let cookies = [
        "sessionid=1; Path=/",
        "__Host-login=1; Path=/; Secure",
        "csrftoken=1; SameSite=None",
        "sid=1; Secure; HttpOnly; SameSite=Strict",
        "seen=1; SameSite=Often",
        "old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite",
    ];
    json!({"headers": cookies.map(|cookie| ["Set-Cookie", cookie])})
}

fn rises_to_the_top(server: Server) {
    let told = |graded: &Value| format!("{}: {} {graded:#}", graded["url"], graded["grade"]);
    let (bare, built) = (Shop::start(server, false), Shop::start(server, true));
    for path in PATHS {
        let graded = bare.grade(path);
        assert_eq!(graded["grade"], "F", "{}", told(&graded));
        let graded = built.grade(path);
        assert_eq!(graded["grade"], "A+", "{}", told(&graded));
    }
}

/// The same for what an application behind the server answers, with cookies.
fn hardens_cookies(server: Server) {
    for (is_built, grade, result) in [
        (false, "F", "cookies-session-without-secure-flag"),
        (true, "A+", "cookies-secure-with-httponly-sessions-and-samesite"),
    ] {
        let graded = Shop::start(server, is_built).grade_answer(&cookies());
        assert_eq!(
            (&graded["grade"], &graded["tests"][1]["result"]),
            (&json!(grade), &json!(result)),
            "{graded:#}"
        );
    }
}

#[test]
#[ignore = "needs nginx; tests/run runs it"]
fn nginx() {
    rises_to_the_top(Server::Nginx);
    hardens_cookies(Server::Nginx);
}

#[test]
#[ignore = "needs Apache; tests/run runs it"]
fn apache() {
    rises_to_the_top(Server::Apache);
    hardens_cookies(Server::Apache);
}

#[test]
#[ignore = "needs Apache; tests/run runs it"]
fn htaccess() {
    rises_to_the_top(Server::Htaccess);
}
