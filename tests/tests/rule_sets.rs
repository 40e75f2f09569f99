//! What rule sets say of what is built for real sites: our own, that of google/csp-evaluator and that of the Observatory.
//!
//! Judged are pages without inline handlers, inline styles and code from strings, each of which forces a keyword on their
//! policy, and without what they load over plain HTTP: each rule set tells of these. The sites are built with
//! `--write-integrity`, as csp_evaluator tells of every script that is allowed by its address.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use cspc_core::diagnostic::Severity;
use cspc_core::grade::PreloadList;
use cspc_core::inventory::{Asset, Content, Inventory, Kind, Links, Page};
use cspc_core::lint::{self, Extent, Field, Response};
use cspc_core::plan::{Answered, Plan};
use cspc_core::wire::Captured;
use cspc_tests::cspc;
use cspc_tests::sites::site;

const HOST: &str = "site.example";

/// The sites that have pages to be judged, and how many policies these have at least.
const SITES: [(&str, usize); 9] = [
    ("shop", 5),
    ("ace-builds", 1),
    ("html5-boilerplate", 2),
    ("impress.js", 4),
    ("rust", 300),
    ("startbootstrap-sb-admin-2", 3),
    ("streamlit", 1),
    ("swagger-ui-dist", 1),
    ("video.js", 1),
];

static BUILT: LazyLock<Vec<Built>> = LazyLock::new(|| {
    let built = SITES.map(|(name, least)| (Built::new(name), least));
    let all = built.into_iter().map(|(built, least)| {
        assert!(built.policies().len() >= least, "{}: {}", built.name, built.policies().len());
        built
    });
    all.collect()
});

/// A site with `integrity` in its pages, and what is built for it.
struct Built {
    name: &'static str,
    inventory: Inventory,
    plan: Plan,
    /// The text of the pages that are judged, by path.
    texts: BTreeMap<String, String>,
}

/// What the program says of a site in JSON.
fn told<T: serde::de::DeserializeOwned>(arguments: &[&str], root: &Path) -> T {
    let mut command = Command::new(cspc());
    command.args(arguments).arg(format!("--origin=https://{HOST}")).arg("--quiet").arg(root);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

impl Built {
    fn new(name: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy");
        let write = format!("--write-integrity={}", copy.display());
        let plan = told(&["build", "--emit", "json", &write], &site(name));
        let inventory = told(&["inventory", "--format", "json"], &copy);
        let mut built = Self { name, inventory, plan, texts: BTreeMap::new() };
        let text = |page: &Page| {
            let bytes = fs::read(copy.join(page.path.trim_start_matches('/'))).unwrap();
            (page.path.clone(), String::from_utf8_lossy(&bytes).into_owned())
        };
        built.texts = built.pages().map(text).collect();
        built
    }

    /// The pages that are judged.
    fn pages(&self) -> impl Iterator<Item = &Page> {
        let links = Links::new(&self.inventory);
        self.inventory.pages.iter().filter(move |page| {
            let files = links.loaded_by(page);
            let mut assets = page.assets.iter().chain(files.iter().flat_map(|file| &file.assets));
            assets.all(forces_nothing)
        })
    }

    fn headers(&self, page: &Page) -> Vec<(String, String)> {
        let headers = self.plan.headers_of(Answered::page(&page.path)).into_iter();
        let pairs = headers.map(|header| (header.name.to_string(), header.value.as_str().into()));
        pairs.collect()
    }

    /// Each policy of the pages that are judged, with the first page that has it.
    fn policies(&self) -> BTreeMap<String, &Page> {
        let mut policies = BTreeMap::new();
        for page in self.pages() {
            let mut headers = self.headers(page).into_iter();
            let (_, policy) = headers.find(|(name, _)| name == "Content-Security-Policy").unwrap();
            policies.entry(policy).or_insert(page);
        }
        policies
    }

    /// Whether the scripts of the site that the page names are there, and so have `integrity`.
    fn has_scripts_of(&self, page: &Page) -> bool {
        let own = page.assets.iter().filter(|asset| asset.kind == Kind::Script);
        let mut own = own.filter_map(Asset::url).filter(|url| url.starts_with('/'));
        own.all(|url| self.inventory.scripts.iter().any(|script| script.path == url))
    }

    /// The page as the Observatory meets it.
    fn captured(&self, page: &Page) -> Captured {
        let url = |scheme: &str| format!("{scheme}://{HOST}{}", page.path);
        let mut captured = Captured::new(url("https"), self.headers(page));
        captured.set_hops(["http", "https"].map(url).into_iter());
        captured.html = self.texts.get(&page.path).cloned();
        captured
    }
}

fn forces_nothing(asset: &Asset) -> bool {
    match asset.kind {
        Kind::EventHandler | Kind::JavascriptUrl | Kind::InlineStyle | Kind::StyleAttribute => {
            false
        }
        // Code that only might compile text forces nothing.
        Kind::Eval => matches!(asset.content, Content::Code { .. }),
        _ => asset.url().is_none_or(|url| !url.starts_with("http:")),
    }
}

#[test]
#[ignore = "needs the sites; tests/run runs it"]
fn no_rule_of_ours_finds_more_than_a_low_one() {
    for built in &*BUILT {
        for page in built.pages() {
            let headers = built.headers(page);
            let fields = headers.iter().map(|(name, value)| Field::header(name, value)).collect();
            let response = Response { fields, extent: Extent::Head };
            let findings = lint::check(&response).findings().into_iter();
            let findings = findings.map(|judged| judged.finding);
            let grave: Vec<_> = findings.filter(|found| found.severity > Severity::Low).collect();
            assert!(grave.is_empty(), "{}{}: {grave:#?}", built.name, page.path);
        }
    }
}

#[test]
#[ignore = "needs the sites and node; tests/run runs it"]
fn csp_evaluator_finds_nothing_above_its_lowest_severity() {
    let judged: Vec<(&Built, String, &Page)> = BUILT
        .iter()
        .flat_map(|built| {
            let policies = built.policies().into_iter();
            policies.map(move |(policy, page)| (built, policy, page))
        })
        .filter(|(built, _, page)| built.has_scripts_of(page))
        .collect();
    assert!(judged.len() > 300, "{}", judged.len());
    let policies: Vec<&str> = judged.iter().map(|(_, policy, _)| policy.as_str()).collect();
    for ((built, policy, page), findings) in judged.iter().zip(csp_evaluator(&policies)) {
        assert!(findings.is_empty(), "{}{}: {findings:?}: {policy}", built.name, page.path);
    }
}

/// What it finds in each policy, above its lowest severity.
fn csp_evaluator(policies: &[&str]) -> Vec<Vec<String>> {
    let mut node = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/vendors/evaluate.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = node.stdin.take().unwrap().write_all(&serde_json::to_vec(policies).unwrap());
    input.unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[ignore = "needs node; tests/run runs it"]
fn csp_evaluator_is_asked() {
    let open = "script-src 'self' 'unsafe-inline' https:; img-src http://a.example";
    let kinds = ["SCRIPT_UNSAFE_INLINE", "PLAIN_URL_SCHEMES", "MISSING_DIRECTIVES", "SRC_HTTP"];
    let found = csp_evaluator(&[open, "default-src 'none'; base-uri 'none'"]);
    for kind in kinds {
        assert!(found[0].iter().any(|finding| finding.contains(kind)), "{kind}: {:?}", found[0]);
    }
    assert_eq!(found[1], [""; 0]);
}

#[test]
#[ignore = "needs the sites; tests/run runs it"]
fn the_observatory_gives_its_best_grade() {
    for built in &*BUILT {
        for page in built.pages() {
            let graded = built.captured(page).graded(&PreloadList::default()).unwrap();
            let failed: Vec<_> = graded.tests.iter().filter(|test| !test.pass).collect();
            assert_eq!(graded.grade, "A+", "{}{}: {failed:#?}", built.name, page.path);
        }
    }
}
