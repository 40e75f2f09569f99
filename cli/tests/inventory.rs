//! `cspc inventory` as its users meet it: reviewed scripts, and the report.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use cspc_core::inventory::{Content, Kind, SiteOrigin, read_page};
use tempfile::TempDir;

fn inventory(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command.arg("inventory").args(arguments).current_dir(folder).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn site(page: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("pay.html"), page).unwrap();
    fs::write(folder.path().join("a.js"), "f()").unwrap();
    folder
}

const PAGE: &str = "<script src=a.js></script><script>1</script>\
                    <script src=https://js.stripe.com/v3/ integrity=sha256-AAAA></script>";

#[test]
fn a_review_holds_until_a_script_changes() {
    let site = site(PAGE);
    let lock = site.path().join("cspc.lock");
    let missing = inventory(&["--check"], site.path());
    assert_eq!(missing.status.code(), Some(2));

    assert_eq!(
        inventory(&["--approve", "--purpose", "checkout"], site.path()).status.code(),
        Some(0)
    );
    let unowned = inventory(&["--check"], site.path());
    assert_eq!(unowned.status.code(), Some(1));
    assert!(
        stdout(&unowned).contains("unjustified  script /a.js\n  - no owner\n"),
        "{}",
        stdout(&unowned)
    );
    // Whose a known third party is needs no saying.
    assert!(!stdout(&unowned).contains("stripe"), "{}", stdout(&unowned));

    let approved = inventory(&["--approve", "--owner", "Ann"], site.path());
    assert_eq!(approved.status.code(), Some(0));
    let holds = inventory(&["--check"], site.path());
    assert_eq!((holds.status.code(), stdout(&holds)), (Some(0), ""));
    assert_eq!(String::from_utf8_lossy(&holds.stderr), "3 scripts, all as approved\n");
    let before = fs::read_to_string(&lock).unwrap();
    assert!(before.contains("place = \"/pay.html:1:27\""), "{before}");
    assert!(before.contains("assured_by = \"its integrity attribute\""), "{before}");

    fs::write(site.path().join("a.js"), "g()").unwrap();
    fs::write(site.path().join("pay.html"), PAGE.replace(">1<", ">2<")).unwrap();
    let broken = inventory(&["--check"], site.path());
    assert_eq!(broken.status.code(), Some(1));
    for line in [
        "changed      script /a.js\n  - content sha256-",
        "new          inline-script /pay.html:1:27 sha256-",
        "  + on /pay.html, assured by its hash in the policy\n",
        "gone  ",
    ] {
        assert!(stdout(&broken).contains(line), "{line}: {}", stdout(&broken));
    }
    assert_eq!(fs::read_to_string(&lock).unwrap(), before);
    let told = String::from_utf8_lossy(&broken.stderr);
    assert!(told.starts_with("1 changed, 1 gone, 1 new\nlook at each; "), "{told}");
    assert_eq!(inventory(&["--check", "--format", "json"], site.path()).status.code(), Some(2));
}

/// Of a script of another site, reading finds nothing that assures it; what a person writes of it stays.
#[test]
fn what_assures_a_script_may_be_written_by_hand() {
    let site = site("<script src=https://js.stripe.com/v3/></script>");
    let approve = ["--approve", "--purpose", "checkout"];
    let approved = inventory(&approve, site.path());
    let told = String::from_utf8_lossy(&approved.stderr);
    assert!(told.contains("nothing assures of 1 of them that it stays what it is"), "{told}");
    let lock = site.path().join("cspc.lock");
    let written = fs::read_to_string(&lock).unwrap().replace("\"nothing\"", "\"a weekly look\"");
    fs::write(&lock, &written).unwrap();
    let again = inventory(&approve, site.path());
    assert_eq!(String::from_utf8_lossy(&again.stderr), "1 script in cspc.lock\n");
    assert_eq!(fs::read_to_string(&lock).unwrap(), written);
    assert_eq!(inventory(&["--check"], site.path()).status.code(), Some(0));
}

/// A script that loads others from addresses that reading does not tell is listed by the code that does.
#[test]
fn a_new_place_that_loads_scripts_from_somewhere_breaks_the_review() {
    let site = site("<script src=a.js></script>");
    fs::write(site.path().join("a.js"), "import(plugin)").unwrap();
    let approved = inventory(&["--approve", "--owner", "Ann", "--purpose", "shop"], site.path());
    let told = String::from_utf8_lossy(&approved.stderr);
    assert!(told.contains("which script 1 place loads or makes"), "{told}");
    let lock = fs::read_to_string(site.path().join("cspc.lock")).unwrap();
    assert!(lock.contains("code = \"plugin\"\nplace = \"/a.js:1:8\"\n"), "{lock}");
    assert_eq!(inventory(&["--check"], site.path()).status.code(), Some(0));

    fs::write(site.path().join("a.js"), "import(plugin);import(theme)").unwrap();
    let broken = inventory(&["--check"], site.path());
    assert_eq!(broken.status.code(), Some(1));
    let line = "new          script /a.js:1:23 theme\n  + on /pay.html, assured by nothing\n";
    assert!(stdout(&broken).contains(line), "{}", stdout(&broken));
}

/// What a policy forbids as such is no address that reading failed to tell.
#[test]
fn code_that_a_policy_can_forbid_is_listed_apart_from_what_is_not_told() {
    let site = site("<script>eval(text); fetch(address)</script>");
    let listed = inventory(&["--by", "origin"], site.path());
    for line in [
        "code that a policy can forbid (1)\n  eval                 eval(text)  (/pay.html:1:9)\n",
        "not told by reading (1)\n  connect              unresolved: address  (/pay.html:1:27)\n",
    ] {
        assert!(stdout(&listed).contains(line), "{line}: {}", stdout(&listed));
    }
}

#[test]
fn a_lock_file_that_cannot_be_read_is_told_with_its_line() {
    let site = site(PAGE);
    fs::write(site.path().join("cspc.lock"), "schema = \"cspc.lock/1\"\n[[script]]\nkind = 3\n")
        .unwrap();
    let output = inventory(&["--check"], site.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 3"), "{output:?}");
}

/// Whatever the site says, the report is text: its own policy allows its one style, and there is nothing else in it.
#[test]
fn nothing_of_the_site_is_markup_in_the_report() {
    let site = site(
        "<img src='https://x.example/<script>alert(1)</script>'><p onclick=f(\"<img/src=x>\")>\
                     <script>fetch(`<svg onload=1>${x}`)</script>",
    );
    fs::write(site.path().join("<b onload=x>.html"), "<p>").unwrap();
    let output = inventory(&["--format", "html"], site.path());
    assert_eq!(output.status.code(), Some(0));
    let page = read_page("/report.html", &output.stdout, &SiteOrigin::unknown());
    let [asset] = page.assets.iter().filter(|asset| !asset.implicit).collect::<Vec<_>>()[..] else {
        panic!("{:?}", page.assets)
    };
    let Content::Inline { hash, .. } = &asset.content else { panic!("{asset:?}") };
    assert_eq!(asset.kind, Kind::InlineStyle);
    let [own] = page.meta_policies.as_slice() else { panic!("{:?}", page.meta_policies) };
    let policy = &own.policy;
    assert!(policy.starts_with("default-src 'none'; ") && policy.contains(hash), "{policy}");
    assert!(stdout(&output).contains("/&lt;b onload=x&gt;.html"));
}

/// What others have a hand in stands open, what could not be read at the top.
#[test]
fn the_report_begins_with_what_it_is_read_for() {
    let site = site("<script src=https://js.stripe.com/v3/></script><script>f(</script>");
    fs::write(site.path().join("<.svg"), "<svg>").unwrap();
    let output = inventory(&["--format", "html"], site.path());
    for part in [
        "<p>2 pages, 4 assets</p>\n<section>\n<h2>Not read</h2>\n<ul>\n",
        "<li>/&lt;.svg:1:6: the document is not well-formed, and is read up to here: it ends before `&lt;/svg&gt;`\n",
        "<li>/pay.html:1:",
        "<details open><summary>https://js.stripe.com <small>stripe (1)</small></summary>",
        "<details><summary>inline <small>(1)</small></summary>",
        "<p>nothing is loaded by: /&lt;.svg, /a.js</p>",
    ] {
        assert!(stdout(&output).contains(part), "{part}: {}", stdout(&output));
    }
}

const RECORDING: &str = r#"{"log":{"creator":{"name":"WebInspector"},"entries":[
    {"_resourceType":"document","request":{"url":"https://shop.example/pay"},"response":{"content":{"mimeType":"text/html"}}},
    {"_resourceType":"script","request":{"url":"https://shop.example/a.js"}},
    {"_resourceType":"fetch","request":{"url":"https://api.example/v1"}}]}}"#;

#[test]
fn a_folder_and_a_recording_make_one_inventory() {
    let site = site(PAGE);
    fs::write(site.path().join("visit.har"), RECORDING).unwrap();
    let seen = inventory(&[".", "visit.har", "--by", "witness"], site.path());
    assert_eq!(seen.status.code(), Some(0), "{seen:?}");
    let (folder, recording) = stdout(&seen).split_once("only in visit.har (1)\n").unwrap();
    assert!(folder.contains("https://js.stripe.com/v3/") && !folder.contains("/a.js"), "{folder}");
    assert_eq!(recording, "  connect              https://api.example/v1  (/pay.html)\n");

    let mut build = Command::new(env!("CARGO_BIN_EXE_cspc"));
    build.args(["build", ".", "visit.har", "--emit", "json", "--quiet"]).current_dir(site.path());
    let plan = build.output().unwrap();
    assert_eq!(plan.status.code(), Some(0), "{plan:?}");
    assert!(stdout(&plan).contains("connect-src https://api.example"), "{}", stdout(&plan));
}

#[test]
fn a_broken_recording_is_refused_with_its_place() {
    let site = site(PAGE);
    let (start, _) = RECORDING.split_at(RECORDING.len() / 2);
    for (broken, said) in
        [(start, "line 2"), ("{\"log\":{}}", "no page"), ("[]", "expected"), ("\u{0}", "line 1")]
    {
        fs::write(site.path().join("visit.har"), broken).unwrap();
        let output = inventory(&["visit.har"], site.path());
        assert_eq!(output.status.code(), Some(2), "{broken}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{broken}: {output:?}");
    }
}

#[test]
fn what_reading_does_not_tell_is_marked_and_what_is_no_address_is_not() {
    let site = site("<script>fetch(a); eval(b)</script>");
    let output = inventory(&["."], site.path());
    assert!(
        stdout(&output).contains("connect              unresolved: a\n"),
        "{}",
        stdout(&output)
    );
    assert!(stdout(&output).contains("eval                 eval(b)\n"), "{}", stdout(&output));
}

#[test]
fn what_a_page_has_in_several_places_is_one_line() {
    let site = site("<p style=a:b>\n<p style=c:d>\n<p style=a:b>\n<p style=a:b>");
    let output = inventory(&["."], site.path());
    let lines = stdout(&output);
    let lines: Vec<&str> = lines.lines().filter(|line| line.contains("style-attribute")).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("        1:4  ") && lines[0].ends_with(" (3 bytes), 3 places"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("        2:4  ") && lines[1].ends_with(" (3 bytes)"), "{lines:?}");
}

#[test]
fn an_import_that_no_import_map_maps_is_told() {
    let site = site(
        "<script type=importmap>{\"imports\":{\"a\":\"/a.js\",\"b\":null}}</script>\
         <script type=module>import 'a';import 'b'</script><script type=module src=m.js></script>",
    );
    fs::write(site.path().join("m.js"), "import 'a';\nimport 'c';import 'd'").unwrap();
    let other = "<script type=importmap>{\"imports\":{\"b\":\"/b.js\",\"d\":\"/d.js\"}}</script>";
    fs::write(site.path().join("other.html"), other).unwrap();
    let output = inventory(&[".", "--verbose"], site.path());
    let told = String::from_utf8_lossy(&output.stderr);
    let findings = told.lines().filter(|line| line.ends_with("[build/unresolved]"));
    let expected = [
        "/pay.html:1:105: no import map says where the module `b` is [build/unresolved]",
        "/m.js:2:8: no import map says where the module `c` is [build/unresolved]",
    ];
    assert!(findings.eq(expected), "{told}");
    let report = inventory(&[".", "--format", "html"], site.path());
    let folded =
        "<h2>Not read</h2>\n<details><summary>more to know <small>(2)</small></summary>\n<ul>\n";
    assert!(stdout(&report).contains(folded), "{}", stdout(&report));
}

/// A site that is large enough for a cache.
fn big_site() -> TempDir {
    let site = site(PAGE);
    let big = format!("<script>f()</script>{}", " ".repeat(5 << 20));
    fs::write(site.path().join("big.html"), big).unwrap();
    site
}

fn run_with_cache(arguments: &[&str], site: &Path, cache: &Path) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cspc"));
    command.args(["inventory", "--format", "json"]).args(arguments).current_dir(site);
    let output = command.env("XDG_CACHE_HOME", cache).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    output.stdout
}

/// The second run reads from the cache what the first one kept there, and says the same, as does one that uses none.
#[test]
fn what_was_read_before_is_not_read_again() {
    let (site, cache) = (big_site(), TempDir::new().unwrap());
    let run = |arguments: &[&str]| run_with_cache(arguments, site.path(), cache.path());
    let kept = || fs::read_dir(cache.path().join("cspc")).map_or(0, Iterator::count);
    let fresh = run(&["--no-cache", "--jobs", "1"]);
    assert_eq!(kept(), 0);
    assert_eq!(run(&[]), fresh);
    assert_eq!(kept(), 1);
    assert_eq!(run(&["--jobs", "3"]), fresh);
    fs::write(site.path().join("a.js"), "fetch('/new')").unwrap();
    assert!(String::from_utf8(run(&[])).unwrap().contains("/new"));
    let entry = fs::read_dir(cache.path().join("cspc")).unwrap().next().unwrap().unwrap();
    fs::write(entry.path(), "damaged").unwrap();
    assert_eq!(run(&[]), run(&["--no-cache"]));
}

/// Whatever the order in which they end, what stays is the whole cache of one of them, and nothing else.
#[test]
fn runs_at_the_same_time_share_a_cache() {
    let (site, cache) = (big_site(), TempDir::new().unwrap());
    let run = |arguments: &[&str]| run_with_cache(arguments, site.path(), cache.path());
    let fresh = run(&["--no-cache"]);
    thread::scope(|scope| {
        let runs = [(); 4].map(|()| scope.spawn(|| run(&["--jobs", "1"])));
        for output in runs {
            assert_eq!(output.join().unwrap(), fresh);
        }
    });
    assert_eq!(fs::read_dir(cache.path().join("cspc")).unwrap().count(), 1);
    assert_eq!(run(&[]), fresh);
}
