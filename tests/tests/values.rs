//! Any legal value arrives byte for byte, and can add nothing: thousands of values in one configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use cspc_core::emit::{Server, emit};
use cspc_core::header::{HeaderName, HeaderValue};
use cspc_core::plan::{Header, Match, Plan, Rule};
use cspc_tests::http::request;
use cspc_tests::server::{self, Running, ServerConfig};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// How many headers one answer carries.
const HEADERS: usize = 40;

/// What some server reads as more than text.
const FRAGMENTS: [&str; 32] = [
    "$",
    "$uri",
    "${HOME}",
    "{$HOME}",
    "{path}",
    "{http.request.host}",
    "%",
    "%{HTTPS}e",
    "%[path]",
    "%%",
    "%20",
    "\\",
    "\\n",
    "\\r\\nX-Evil: 1",
    "\\\"",
    "\"",
    "'",
    "`",
    "expr=",
    ";",
    "#",
    "{",
    "}",
    "&quot;",
    "<!--",
    ":splat",
    "include /etc/passwd;",
    "\t",
    "  ",
    "$1",
    "ü",
    "日本",
];

fn value() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => prop::sample::select(FRAGMENTS.to_vec()).prop_map(str::to_owned),
        2 => "[ -~]{1,12}",
        1 => "[a-z ;'-]{1,40}",
        1 => "\\PC{1,4}",
    ];
    let start = prop_oneof![8 => Just(""), 1 => Just("expr="), 1 => Just("+")];
    (start, prop::collection::vec(part, 1..8))
        .prop_map(|(start, parts)| start.to_owned() + &parts.concat())
}

/// Some values are long: as long as the server takes.
fn values(count: usize, longest: usize) -> Vec<HeaderValue> {
    let mut runner = TestRunner::deterministic();
    let mut values = Vec::new();
    while values.len() < count {
        let text = value().new_tree(&mut runner).unwrap().current();
        let long = values.len() % 500 == 0;
        let text = if long { text.repeat(longest / text.len().max(1)) } else { text };
        let value = HeaderValue::new(text).unwrap();
        if !value.is_empty() {
            values.push(value);
        }
    }
    values
}

/// Each page carries some of the values.
fn plan(values: &[HeaderValue]) -> Plan {
    let header = |(index, value): (usize, &HeaderValue)| {
        Header::set(HeaderName::new(format!("X-V{index}")).unwrap(), value.clone())
    };
    let rule = |(page, values): (usize, &[HeaderValue])| {
        let matches = Match { exact: vec![format!("/p{page}")], ..Match::default() };
        Rule::new(matches, values.iter().enumerate().map(header).collect())
    };
    Plan { rules: values.chunks(HEADERS).enumerate().map(rule).collect(), ..Plan::new() }
}

fn arrives(server: Server, count: usize, longest: usize, takes: fn(&str) -> bool) {
    let mut values = values(count, longest);
    values.retain(|value| takes(value.as_str()));
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let config = ServerConfig {
        docroot: folder.path().join("root"),
        emitted: folder.path().join("emitted"),
        ..ServerConfig::default()
    };
    fs::create_dir_all(&config.docroot).unwrap();
    fs::create_dir_all(&config.emitted).unwrap();
    for file in emit(&plan(&values), server.into()).unwrap().files {
        fs::write(config.emitted.join(file.name), file.content).unwrap();
    }
    let running = start(server, &config);
    for (page, values) in values.chunks(HEADERS).enumerate() {
        let response = request(running.port, false, "GET", &format!("/p{page}"), &[]);
        assert!(!response.bare_line_feed && response.get("X-Evil").is_empty(), "/p{page}");
        for (index, value) in values.iter().enumerate() {
            assert_eq!(
                response.get(&format!("X-V{index}")),
                [value.as_str()],
                "{server} {}",
                response.status
            );
        }
    }
    println!("{server}: {} values, the longest of {longest} bytes", values.len());
}

fn start(server: Server, config: &ServerConfig) -> Running {
    match server {
        Server::Nginx => server::Nginx::start(config),
        Server::NginxHeadersMore => server::HeadersMore::start(config),
        Server::Apache => server::Apache::start(config),
        Server::Htaccess => server::Htaccess::start(config),
        Server::Caddy => server::Caddy::start(config),
        Server::Haproxy => server::Haproxy::start(config),
        Server::Lighttpd => server::Lighttpd::start(config),
        other => panic!("{other} is no program of the tests"),
    }
    .unwrap()
}

#[test]
#[ignore = "needs nginx; tests/run runs it"]
fn by_nginx() {
    arrives(Server::Nginx, 4000, 100_000, |_| true);
}

#[test]
#[ignore = "needs nginx; tests/run runs it"]
fn by_headers_more() {
    arrives(Server::NginxHeadersMore, 2000, 100_000, |_| true);
}

/// What begins with `expr=` and holds a variable is an error on Apache.
fn is_no_expression(value: &str) -> bool {
    !value.starts_with("expr=")
}

#[test]
#[ignore = "needs Apache; tests/run runs it"]
fn by_apache() {
    arrives(Server::Apache, 4000, 100_000, is_no_expression);
}

#[test]
#[ignore = "needs Apache; tests/run runs it"]
fn by_apache_in_a_folder() {
    arrives(Server::Htaccess, 1000, 50_000, |_| true);
}

#[test]
#[ignore = "needs Caddy; tests/run runs it"]
fn by_caddy() {
    arrives(Server::Caddy, 2000, 100_000, |_| true);
}

#[test]
#[ignore = "needs HAProxy; tests/run runs it"]
fn by_haproxy() {
    arrives(Server::Haproxy, 2000, 3000, |_| true);
}

/// What ends with a backslash is an error on lighttpd.
#[test]
#[ignore = "needs lighttpd; tests/run runs it"]
fn by_lighttpd() {
    arrives(Server::Lighttpd, 4000, 20_000, |value| !value.ends_with('\\'));
}
