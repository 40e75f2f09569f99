//! What real browsers block under the headers that `cspc build` writes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use cspc_core::plan::Plan;
use cspc_tests::browser::{BROWSERS, visit};
use cspc_tests::fixed::FixedPolicy;
use cspc_tests::server::{Apache, Nginx, ServerConfig};

const PAGES: [&str; 13] = [
    "index.html",
    "products/index.html",
    "products/mug.html",
    "products/bowl.html",
    "products/vase.html",
    "cart.html",
    "checkout.html",
    "contact.html",
    "about.html",
    "404.html",
    "blog/index.html",
    "blog/glaze.html",
    "blog/cafe.html",
];

fn shop() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop").canonicalize().unwrap()
}

/// The compiled program: `CSPC_BIN`, or the one in the target folder that holds this test.
fn cspc() -> PathBuf {
    std::env::var_os("CSPC_BIN").map_or_else(
        || std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("cspc"),
        PathBuf::from,
    )
}

fn build(target: &str, out: &Path) {
    let mut build = Command::new(cspc());
    build.arg("build").arg(shop()).args(["--emit", target, "-o"]).arg(out);
    assert!(build.status().unwrap().success(), "{build:?}");
}

fn plan() -> Plan {
    let output =
        Command::new(cspc()).arg("build").arg(shop()).args(["--emit", "json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn urls(port: u16) -> Vec<String> {
    PAGES.iter().map(|page| format!("http://127.0.0.1:{port}/{page}")).collect()
}

fn assert_nothing_blocked(port: u16) {
    for browser in BROWSERS {
        for page in visit(browser, &urls(port)).unwrap() {
            assert_eq!(page.status, 200, "{}", page.url);
            assert!(page.violations.is_empty(), "{browser} {}: {:#?}", page.url, page.violations);
        }
    }
}

#[test]
#[ignore = "needs nginx, Apache, Chromium, Firefox; tests/run runs it"]
fn the_shop_works_behind_real_servers() {
    let out = tempfile::tempdir().unwrap();
    for target in ["nginx", "apache"] {
        build(target, &out.path().join(target));
        let emitted = out.path().join(target);
        let config = ServerConfig { docroot: shop(), emitted, ..ServerConfig::default() };
        let server = match target {
            "nginx" => Nginx::start(&config).unwrap(),
            _ => Apache::start(&config).unwrap(),
        };
        assert_nothing_blocked(server.port);
    }
}

/// Without this, a page without violations would show nothing.
#[test]
#[ignore = "needs Chromium and Firefox; tests/run runs it"]
fn browsers_report_what_a_closed_policy_blocks() {
    let server = FixedPolicy::start(shop()).unwrap();
    server.set("default-src 'none'; base-uri 'none'");
    for browser in BROWSERS {
        let visits = visit(browser, &urls(server.port)).unwrap();
        let events = visits.iter().flat_map(|page| &page.violations);
        let seen: BTreeSet<_> = events.map(|event| event.effective_directive.as_str()).collect();
        for directive in [
            "base-uri",
            "frame-src",
            "img-src",
            "script-src-attr",
            "script-src-elem",
            "style-src-attr",
            "style-src-elem",
        ] {
            assert!(seen.contains(directive), "{browser} did not report {directive}: {seen:?}");
        }
    }
}

/// Page, policy without one hash, and the directive and hash that are gone.
fn weakened(plan: &Plan) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for rule in plan.rules.iter().filter(|rule| !rule.matches.exact.is_empty()) {
        let page = rule.matches.exact.iter().find(|path| path.ends_with(".html")).unwrap();
        for header in &rule.headers {
            let text = serde_json::to_value(&header.value).unwrap().as_str().unwrap().to_owned();
            for directive in text.split("; ").filter(|text| text.contains("'sha")) {
                let name = directive.split(' ').next().unwrap();
                for hash in directive.split(' ').filter(|word| word.starts_with("'sha")) {
                    let less = directive.replace(&format!(" {hash}"), "");
                    found.push((page.clone(), text.replace(directive, &less), name.to_owned()));
                }
            }
        }
    }
    found
}

#[test]
#[ignore = "needs Chromium and Firefox; tests/run runs it"]
fn no_hash_can_be_taken_away() {
    let server = FixedPolicy::start(shop()).unwrap();
    let variants = weakened(&plan());
    assert!(!variants.is_empty());
    for (page, policy, directive) in variants {
        server.set(&policy);
        let url = [format!("http://127.0.0.1:{}{page}", server.port)];
        for browser in BROWSERS {
            let visits = visit(browser, &url).unwrap();
            let hit = visits[0]
                .violations
                .iter()
                .any(|event| event.effective_directive.starts_with(&directive));
            assert!(hit, "{browser} {page}: nothing of {directive} blocked by {policy}");
        }
    }
}
