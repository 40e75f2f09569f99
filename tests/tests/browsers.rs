//! What real browsers block under the headers that `cspc build` writes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use cspc_core::plan::Plan;
use cspc_tests::browser::{BROWSERS, visit};
use cspc_tests::cspc;
use cspc_tests::folder::FolderServer;
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
    let closed = "default-src 'none'; base-uri 'none'".to_owned();
    let server = FolderServer::with_policies(shop(), vec![closed]).unwrap();
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

/// A page under a policy that lacks one hash.
struct Weakened {
    path: String,
    policy: String,
    directive: String,
    hash: String,
}

/// Every way to take one hash out of one rule's policy.
fn weakened(plan: &Plan) -> Vec<Weakened> {
    let mut found = Vec::new();
    for rule in plan.rules.iter().filter(|rule| !rule.matches.exact.is_empty()) {
        let path = rule.matches.exact.iter().find(|path| !path.ends_with('/')).unwrap();
        let policy = rule.headers[0].value.as_str();
        for directive in policy.split("; ") {
            let (name, _) = directive.split_once(' ').unwrap();
            for hash in directive.split(' ').filter(|word| word.starts_with("'sha")) {
                let less = policy.replace(directive, &directive.replace(&format!(" {hash}"), ""));
                let (directive, hash) = (name.to_owned(), hash.to_owned());
                found.push(Weakened { path: path.clone(), policy: less, directive, hash });
            }
        }
    }
    found
}

/// Under the whole policy nothing is blocked, so that what is blocked without a hash is what the hash stands for.
#[test]
#[ignore = "needs Chromium and Firefox; tests/run runs it"]
fn no_hash_can_be_taken_away() {
    let variants = weakened(&plan());
    assert!(variants.len() > 20, "the shop has more inline code than {}", variants.len());
    let policies = variants.iter().map(|variant| variant.policy.clone()).collect();
    let server = FolderServer::with_policies(shop(), policies).unwrap();
    let url = |(number, variant): (usize, &Weakened)| {
        format!("http://127.0.0.1:{}{}?policy={number}", server.port, variant.path)
    };
    let urls: Vec<String> = variants.iter().enumerate().map(url).collect();
    for browser in BROWSERS {
        let visits = visit(browser, &urls).unwrap();
        let survived: Vec<String> = visits
            .iter()
            .zip(&variants)
            .filter(|(visit, variant)| {
                !visit
                    .violations
                    .iter()
                    .any(|event| event.effective_directive.starts_with(&variant.directive))
            })
            .map(|(visit, variant)| {
                format!(
                    "{} {} {}: {:?}",
                    variant.path, variant.directive, variant.hash, visit.violations
                )
            })
            .collect();
        assert!(survived.is_empty(), "{browser} blocked nothing without\n{}", survived.join("\n"));
        println!("{browser}: each of {} hashes is needed", variants.len());
    }
}
