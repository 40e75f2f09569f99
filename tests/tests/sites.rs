//! What real browsers block on real sites, and which headers each response of the shop carries.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use cspc_core::inventory::{Asset, Content, Inventory, Kind};
use cspc_core::plan::{AssetUse, Plan, SourceUse};
use cspc_tests::browser::{BROWSERS, Violation, Visit, visit};
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

/// A page under a policy that lacks one expression, and the assets of the page that need that.
struct Weakened<'p> {
    policy: String,
    source: &'p SourceUse,
    page: &'p str,
    assets: Vec<&'p AssetUse>,
}

fn weakened<'p>(plan: &'p Plan, source: &'p SourceUse) -> Option<Weakened<'p>> {
    let rule = &plan.rules[source.rule];
    let on_page = |path: &str| rule.matches.exact.iter().any(|own| own == path);
    let mut assets = source.assets.iter().filter(|asset| AT_ONCE.contains(&&*asset.kind));
    let page = &*assets.clone().find(|asset| on_page(&asset.page))?.page;
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
    let assets = assets.by_ref().filter(|asset| asset.page == page).collect();
    Some(Weakened { policy, source, page, assets })
}

impl Weakened<'_> {
    /// Whether a browser says that it blocked one of the assets.
    fn is_named_by(&self, visit: &Visit, inventory: &Inventory, origin: &str) -> bool {
        let page = inventory.pages.iter().find(|page| page.path == self.page).unwrap();
        let needs = |asset: &&Asset| {
            let place = (asset.line, asset.column, asset.kind.as_str());
            self.assets.iter().any(|needs| (needs.line, needs.column, &*needs.kind) == place)
        };
        let assets = page.assets.iter().filter(needs);
        let assets: Vec<&Asset> =
            assets.filter(|asset| !page.assets.iter().any(|script| makes(script, asset))).collect();
        let names = |event: &Violation, asset: &Asset| match (&asset.content, asset.kind) {
            (Content::Url(url), _) => event.blocked.replace(origin, "") == **url,
            // Browsers do not tell the lines of attributes.
            (_, Kind::EventHandler | Kind::StyleAttribute) => event.blocked == "inline",
            _ => event.blocked == "inline" && event.line_number == asset.line,
        };
        visit.violations.iter().any(|event| {
            event.effective_directive.starts_with(&self.source.directive)
                && assets.iter().any(|asset| names(event, asset))
        })
    }
}

/// Whether an asset stands in an inline script, all on one line, which makes it when it runs.
fn makes(script: &Asset, asset: &Asset) -> bool {
    let Content::Inline { bytes, .. } = script.content else { return false };
    let columns = script.column + 1..script.column + bytes;
    script.kind == Kind::InlineScript
        && script.line == asset.line
        && columns.contains(&asset.column)
}

/// What the program says of a site in JSON.
fn told<T: serde::de::DeserializeOwned>(arguments: &[&str], root: &Path) -> T {
    let output = Command::new(cspc()).args(arguments).arg("--quiet").arg(root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A closed policy shows which assets a browser meets; each of these is blocked by the lack of its expression alone.
fn each_expression_is_needed(name: &str, root: &Path) {
    let plan: Plan = told(&["build", "--emit", "json"], root);
    let inventory: Inventory = told(&["inventory", "--format", "json"], root);
    let needed = plan.sources.iter().filter(|source| source.spare.is_none());
    // A page that leads on to another one is gone before it says what was blocked.
    let stays = |weakened: &Weakened<'_>| {
        let page = fs::read(root.join(weakened.page.trim_start_matches('/'))).unwrap();
        !String::from_utf8_lossy(&page).contains("http-equiv=\"refresh\"")
    };
    let all: Vec<_> = needed.filter_map(|source| weakened(&plan, source)).filter(stays).collect();
    let step = all.len().div_ceil(EXPRESSIONS).max(1);
    let sampled: Vec<Weakened<'_>> = all.into_iter().step_by(step).collect();
    let policies = sampled.iter().map(|weakened| weakened.policy.clone());
    let policies = policies.chain(["default-src 'none'".to_owned()]).collect();
    let server = FolderServer::with_policies(root.to_owned(), policies).unwrap();
    let origin = server.origin();
    let url =
        |weakened: &Weakened<'_>, policy| format!("{origin}{}?policy={policy}", weakened.page);
    let closed: Vec<String> = sampled.iter().map(|page| url(page, sampled.len())).collect();
    let open = |(number, page)| url(page, number);
    let open: Vec<String> = sampled.iter().enumerate().map(open).collect();
    for browser in BROWSERS {
        let (closed, open) = (visit(browser, &closed).unwrap(), visit(browser, &open).unwrap());
        let met = sampled.iter().zip(closed).zip(open);
        let met = met.filter(|((page, closed), _)| page.is_named_by(closed, &inventory, &origin));
        let met: Vec<_> = met.map(|((page, _), open)| (page, open)).collect();
        assert!(!met.is_empty(), "{name}: nothing to take away");
        println!("{name}: {browser} needs each of {} expressions of {}", met.len(), sampled.len());
        let survived =
            met.iter().filter(|(page, open)| !page.is_named_by(open, &inventory, &origin));
        let survived: Vec<String> = survived
            .map(|(Weakened { source, assets, .. }, open)| {
                let (directive, expression) = (&source.directive, &source.expression);
                format!("{directive} {expression}: {assets:?}, {open:?}")
            })
            .collect();
        assert!(survived.is_empty(), "{name}: {browser} did not block without {survived:#?}");
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
fn shop() {
    check("shop", &[""]);
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn python_documentation() {
    check("python3-doc", &[""]);
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn sqlite_documentation() {
    check("sqlite3-doc", &[""]);
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn locust() {
    check("locust", &[""]);
}

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn reveal_js() {
    check("reveal.js", &[""]);
}

/// Without this, a page without violations would show nothing.
#[test]
#[ignore = "needs Chromium and Firefox; tests/run runs it"]
fn browsers_report_what_a_closed_policy_blocks() {
    let closed = "default-src 'none'; base-uri 'none'".to_owned();
    let root = site("shop");
    let pages = sample(&root, &[""], PAGES);
    let server = FolderServer::with_policies(root, vec![closed]).unwrap();
    let urls: Vec<String> =
        pages.iter().map(|page| format!("{}/{page}", server.origin())).collect();
    for browser in BROWSERS {
        let visits = visit(browser, &urls).unwrap();
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

#[test]
#[ignore = "needs nginx, Apache, Chromium and Firefox; tests/run runs it"]
fn each_header_of_the_shop_comes_once() {
    let root = site("shop");
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
