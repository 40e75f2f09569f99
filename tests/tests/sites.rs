//! What real browsers block on real sites, and which headers each response of the shop carries.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use cspc_core::plan::{Plan, SourceUse};
use cspc_tests::browser::{BROWSERS, visit};
use cspc_tests::cspc;
use cspc_tests::folder::FolderServer;
use cspc_tests::http::request;
use cspc_tests::server::{Apache, Nginx, Running, ServerConfig};
use cspc_tests::sites::{repository, sample, site};

/// The most pages that are opened of each folder of a site.
const PAGES: usize = 25;

fn serve(target: &str, root: &Path, out: &Path, error_page: bool) -> Running {
    let emitted = out.join(target);
    let mut build = Command::new(cspc());
    build.arg("build").arg(root).args(["--quiet", "--emit", target, "-o"]).arg(&emitted);
    assert!(build.status().unwrap().success(), "{build:?}");
    let error_pages =
        if error_page { vec![("404".to_owned(), "/404.html".to_owned())] } else { Vec::new() };
    let config =
        ServerConfig { docroot: root.to_owned(), emitted, error_pages, ..ServerConfig::default() };
    match target {
        "nginx" => Nginx::start(&config).unwrap(),
        _ => Apache::start(&config).unwrap(),
    }
}

/// `[{"engine", "directive", "blocked", "reason"}]`: what JavaScript does at run time, which no reading shows.
fn expected(name: &str) -> BTreeMap<(String, String, String), String> {
    let path = repository().join(format!("tests/sites/{name}.json"));
    let entries: Vec<BTreeMap<String, String>> =
        fs::read(path).map_or_else(|_| Vec::new(), |text| serde_json::from_slice(&text).unwrap());
    let key = |entry: &BTreeMap<String, String>, name: &str| entry[name].clone();
    let keyed = |entry: &BTreeMap<String, String>| {
        (key(entry, "engine"), key(entry, "directive"), key(entry, "blocked"))
    };
    entries.iter().map(|entry| (keyed(entry), key(entry, "reason"))).collect()
}

fn check(name: &str, folders: &[&str]) {
    let root = site(name);
    let pages = sample(&root, folders, PAGES);
    let out = tempfile::tempdir().unwrap();
    let mut seen = BTreeMap::new();
    for (target, browsers) in [("nginx", &["chromium", "firefox"][..]), ("apache", &["chromium"])] {
        let server = serve(target, &root, out.path(), false);
        let origin = format!("http://127.0.0.1:{}", server.port);
        let urls: Vec<String> = pages.iter().map(|page| format!("{origin}/{page}")).collect();
        for browser in browsers {
            for page in visit(browser, &urls).unwrap() {
                assert_eq!(page.status, 200, "{}", page.url);
                for event in page.violations {
                    let blocked = event.blocked.replace(&origin, "");
                    let key = ((*browser).to_owned(), event.effective_directive, blocked);
                    seen.entry(key).or_insert(format!("{} {:?}", page.url, event.sample));
                }
            }
        }
    }
    let expected = expected(name);
    for (key, reason) in &expected {
        println!("{name}: {key:?} at run time: {reason}");
    }
    let unexpected: Vec<_> = seen.iter().filter(|(key, _)| !expected.contains_key(key)).collect();
    let gone: Vec<_> = expected.keys().filter(|key| !seen.contains_key(key)).collect();
    assert!(unexpected.is_empty(), "{name}: unexpected: {unexpected:#?}");
    assert!(gone.is_empty(), "{name}: expected, but gone: {gone:#?}");
    each_expression_is_needed(name, &root);
}

/// The most expressions that are taken away from a site's policies, one at a time.
const EXPRESSIONS: usize = 50;

/// What every browser loads or runs as soon as the page is there.
const AT_ONCE: [&str; 6] =
    ["event-handler", "inline-script", "inline-style", "script", "style", "style-attribute"];

/// A page under a policy that lacks one expression.
struct Weakened<'p> {
    path: &'p str,
    policy: String,
    source: &'p SourceUse,
}

fn weakened<'p>(plan: &'p Plan, source: &'p SourceUse) -> Option<Weakened<'p>> {
    let rule = &plan.rules[source.rule];
    let on_page = |path: &str| rule.matches.exact.iter().any(|own| own == path);
    let mut assets = source.assets.iter();
    let asset = assets.find(|asset| AT_ONCE.contains(&&*asset.kind) && on_page(&asset.page))?;
    let start = format!("{} ", source.directive);
    let less = |directive: &str| {
        let words = directive.split(' ').filter(|word| *word != source.expression);
        words.collect::<Vec<_>>().join(" ")
    };
    let directives = rule.headers[0].value.as_str().split("; ");
    let directives = directives.map(|directive| match directive.starts_with(&start) {
        true => less(directive),
        false => directive.to_owned(),
    });
    let policy = directives.collect::<Vec<_>>().join("; ");
    Some(Weakened { path: &asset.page, policy, source })
}

/// Under the whole policy nothing else is blocked, so that what is blocked without an expression is what it stands for.
fn each_expression_is_needed(name: &str, root: &Path) {
    let mut build = Command::new(cspc());
    build.arg("build").arg(root).args(["--quiet", "--emit", "json"]);
    let plan: Plan = serde_json::from_slice(&build.output().unwrap().stdout).unwrap();
    let needed = plan.sources.iter().filter(|source| source.spare.is_none());
    // A page that leads on to another one is gone before it says what was blocked.
    let stays = |weakened: &Weakened<'_>| {
        let page = fs::read(root.join(weakened.path.trim_start_matches('/'))).unwrap();
        !String::from_utf8_lossy(&page).contains("http-equiv=\"refresh\"")
    };
    let all = needed.filter_map(|source| weakened(&plan, source)).filter(stays);
    let all: Vec<Weakened<'_>> = all.collect();
    let step = all.len().div_ceil(EXPRESSIONS).max(1);
    let sampled: Vec<Weakened<'_>> = all.into_iter().step_by(step).collect();
    assert!(!sampled.is_empty(), "{name}: nothing to take away");
    let policies = sampled.iter().map(|weakened| weakened.policy.clone()).collect();
    let server = FolderServer::with_policies(root.to_owned(), policies).unwrap();
    let url = |(number, weakened): (usize, &Weakened<'_>)| {
        format!("{}{}?policy={number}", server.origin(), weakened.path)
    };
    let urls: Vec<String> = sampled.iter().enumerate().map(url).collect();
    for browser in BROWSERS {
        let visits = visit(browser, &urls).unwrap();
        let survived = visits.iter().zip(&sampled).filter(|(visit, Weakened { source, .. })| {
            let mut events = visit.violations.iter();
            !events.any(|event| event.effective_directive.starts_with(&source.directive))
        });
        let survived: Vec<String> = survived
            .map(|(visit, Weakened { source, .. })| {
                format!("{} {} {}", visit.url, source.directive, source.expression)
            })
            .collect();
        assert!(survived.is_empty(), "{name}: {browser} blocked nothing without {survived:#?}");
        println!("{name}: {browser} needs each of {} expressions", sampled.len());
    }
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn rust_documentation() {
    check("rust", &["std", "book"]);
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn streamlit() {
    check("streamlit", &[""]);
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn swagger_ui() {
    check("swagger-ui-dist", &[""]);
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn html5_boilerplate() {
    check("html5-boilerplate", &[""]);
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn each_header_of_the_shop_comes_once() {
    let root = repository().join("examples/shop");
    let json = Command::new(cspc()).arg("build").arg(&root).args(["--emit", "json"]).output();
    let plan: Plan = serde_json::from_slice(&json.unwrap().stdout).unwrap();
    let everywhere = plan.rules.iter().filter(|rule| rule.matches.is_everything());
    let headers = everywhere.flat_map(|rule| &rule.headers).filter(|h| h.scheme.is_none());
    let names: BTreeSet<String> = headers.map(|header| header.name.to_string()).collect();
    assert!(!names.is_empty());
    let mut paths = sample(&root, &[""], PAGES);
    paths.push("missing".to_owned());
    let out = tempfile::tempdir().unwrap();
    for target in ["nginx", "apache"] {
        let server = serve(target, &root, out.path(), true);
        for path in &paths {
            let response = request(server.port, false, "GET", &format!("/{path}"), &[]);
            assert_eq!(response.status, if path == "missing" { 404 } else { 200 }, "{path}");
            for name in names.iter().map(String::as_str).chain(["content-security-policy"]) {
                assert_eq!(response.get(name).len(), 1, "{target} /{path}: {name}");
            }
        }
        for browser in ["chromium", "firefox"] {
            let url = [format!("http://127.0.0.1:{}/missing", server.port)];
            for page in visit(browser, &url).unwrap() {
                assert_eq!(page.status, 404);
                assert!(page.violations.is_empty(), "{target} {browser}: {:#?}", page.violations);
            }
        }
    }
}
