//! Whether the inventory of a real site has what real browsers load and run there.
//!
//! `CSPC_RECALL_PAGES` is the number of pages that are opened of each folder, or `all`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cspc_core::inventory::Inventory;
use cspc_tests::browser::{BROWSERS, visit};
use cspc_tests::cspc;
use cspc_tests::folder::FolderServer;
use cspc_tests::recall::{CLOSED, Fate, Judge, Recall};
use cspc_tests::sites::{sample, site};

const PAGES: usize = 5;

fn pages() -> usize {
    match std::env::var("CSPC_RECALL_PAGES").as_deref() {
        Ok("all") => usize::MAX,
        Ok(number) => number.parse().unwrap(),
        Err(_) => PAGES,
    }
}

fn inventory(root: &Path) -> Inventory {
    let mut command = Command::new(cspc());
    // The scheme of the server decides what `//host/` is.
    let arguments = ["--format", "json", "--origin", "http://127.0.0.1"];
    let output = command.arg("inventory").arg(root).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `[["engine", "page", "directive", "thing", "reason"]]`: what no reading can know.
fn expected(name: &str) -> BTreeSet<[String; 4]> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("sites/{name}.recall.json"));
    let entries: Vec<[String; 5]> =
        fs::read(path).map_or_else(|_| Vec::new(), |text| serde_json::from_slice(&text).unwrap());
    entries
        .into_iter()
        .map(|[engine, page, directive, thing, _]| [engine, page, directive, thing])
        .collect()
}

fn check(name: &str, folders: &[&str]) {
    let root = site(name);
    let inventory: &'static Inventory = Box::leak(Box::new(inventory(&root)));
    let judge: &'static Judge<'static> = Box::leak(Box::new(Judge::new(inventory)));
    let server = FolderServer::start(root.clone(), |path, _| {
        let report = "Content-Security-Policy-Report-Only";
        vec![(report, CLOSED.to_owned()), (report, judge.hashes(path))]
    });
    let origin = server.unwrap().origin();
    let urls: Vec<String> =
        sample(&root, folders, pages()).iter().map(|page| format!("{origin}/{page}")).collect();
    let mut missed = BTreeSet::new();
    for engine in BROWSERS {
        let mut recall = Recall::default();
        for page in visit(engine, &urls).unwrap() {
            assert_eq!(page.status, 200, "{}", page.url);
            judge.judge(&origin, &page, &mut recall);
        }
        let unresolved = [Fate::UnresolvedAtPlace, Fate::UnresolvedInScript, Fate::Untied];
        let [found, lost] = [Fate::Found, Fate::Missed].map(|fate| recall.count(fate));
        let [at_place, in_script, untied] = unresolved.map(|fate| recall.count(fate));
        let all = found + lost + at_place + in_script + untied;
        println!(
            "{name}, {engine}, {} pages: recall {:.1} % ({found} of {all}); unresolved at their place {at_place}, in their \
             script {in_script}, not tied {untied}; missed {lost}",
            urls.len(),
            100.0 * found as f64 / all as f64,
        );
        for fate in unresolved {
            recall.items(fate).for_each(|item| println!("  {fate:?}: {item:?}"));
        }
        missed.extend(recall.items(Fate::Missed).map(|(page, directive, thing)| {
            [engine.to_owned(), page.clone(), directive.clone(), thing.clone()]
        }));
        assert!(found > 0, "{name}: {engine} saw nothing");
    }
    assert_eq!(missed, expected(name), "{name}: what browsers load or run and the inventory lacks");
}

macro_rules! recalls {
    ($($test:ident: $site:literal, $folders:expr;)*) => {
        $(
            #[test]
            #[ignore = "needs Chromium and Firefox; tests/run runs it"]
            fn $test() {
                check($site, &$folders);
            }
        )*
    };
}

recalls! {
    ace: "ace-builds", [""];
    html5_boilerplate: "html5-boilerplate", [""];
    impress: "impress.js", [""];
    locust: "locust", [""];
    netron: "netron", [""];
    reveal: "reveal.js", [""];
    rust_documentation: "rust", ["std", "book"];
    sb_admin: "startbootstrap-sb-admin-2", [""];
    streamlit: "streamlit", [""];
    swagger_ui: "swagger-ui-dist", [""];
    video: "video.js", [""];
}
