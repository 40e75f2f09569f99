//! What holds of every plan, on random sites.

use proptest::prelude::Strategy;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::policy::length;
use super::*;
use crate::header::HeaderValue;
use crate::inventory::{SiteOrigin, read_page, read_style_sheet};
use crate::plan::{Answered, Guard, Header, Op};

/// Parts of pages that ask for each kind of permission, and for some in several ways.
const PARTS: [&str; 37] = [
    "<script nonce=CSPC_NONCE>3</script>",
    "<script nonce=CSPC_NONCE src=n.js></script>",
    "<script nonce=CSPC_NONCE src=https://cdn.example/a.js></script>",
    "<style nonce=CSPC_NONCE>b{}</style>",
    "<link rel=stylesheet nonce=CSPC_NONCE href=https://cdn.example/n.css>",
    "<script>1</script>",
    "<script>2</script>",
    "<script src=a.js></script>",
    "<script src=https://cdn.example/a.js></script>",
    "<script src=https://cdn.example/></script>",
    "<script src=https://cdn.example/b.js integrity=sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=></script>",
    "<script type=importmap>{}</script>",
    "<style>a{}</style>",
    "<link rel=stylesheet href=/s.css>",
    "<link rel=stylesheet href=https://cdn.example/s.css>",
    "<p style=a:b>",
    "<p onclick=a()>",
    "<a href=javascript:a()>",
    "<img src=a.png>",
    "<img src=http://img.example/a.png>",
    "<img src=https://img.example/a.png>",
    "<img src=https://img.example:8443/a.png>",
    "<img src='https://site.example:444/a.png'>",
    "<img src=data:,x>",
    "<iframe src=/framed.html></iframe>",
    "<form action=https://pay.example/x></form>",
    "<link rel=prefetch href=https://cdn.example/a.js>",
    "<link rel=prefetch href=/next.html>",
    "<link rel=manifest href=m.json>",
    "<video src=https://video.example/a.mp4></video>",
    "<base href=https://base.example/>",
    "<script src=c.js integrity=sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=></script>",
    "<script src=d.js integrity='sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB= sha384-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'></script>",
    "<script src=https://cdn.example/a.js integrity=sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAC=></script>",
    "<script>const s = document.createElement('script'); s.src = 'https://late.example/a.js'; document.head.append(s)</script>",
    "<script>trustedTypes.createPolicy('p', {})</script>",
    "<script>element.innerHTML = text</script>",
];

fn page() -> impl Strategy<Value = String> {
    subsequence(PARTS.to_vec(), 0..8).prop_map(|parts| parts.concat())
}

fn inventory(pages: &[String], origin: Option<&str>) -> Inventory {
    let origin =
        origin.map_or_else(SiteOrigin::unknown, |origin| SiteOrigin::parse(origin).unwrap());
    let read = |(number, page): (usize, &String)| {
        let path = if number == 0 {
            "/framed.html".to_owned()
        } else if number == 4 {
            "/404.html".to_owned()
        } else {
            format!("/{number}/index.html")
        };
        read_page(&path, page.as_bytes(), &origin)
    };
    let sheet = b"@import 't.css'; a{b:url(//img.example/c.png)} @font-face{src:url(x.woff)}";
    let sheets = vec![
        read_style_sheet("/s.css", sheet, &origin),
        read_style_sheet("/t.css", b"a{b:url(data:,x)}", &origin),
    ];
    Inventory::new(origin.serialize(), pages.iter().enumerate().map(read).collect(), sheets)
}

fn origin() -> impl Strategy<Value = Option<&'static str>> {
    select(vec![
        None,
        Some("https://site.example"),
        Some("http://site.example:8080"),
        Some("http://cdn.example"),
    ])
}

fn declared() -> impl Strategy<Value = SiteFile> {
    let texts = [
        "",
        "[sources]\nimg-src = ['https:']",
        "[sources]\nscript-src = [\"'unsafe-inline'\", 'https://cdn.example']",
        "[sources]\nconnect-src = [\"'self'\", 'wss:']\nimg-src = ['*']",
        "strategy = 'allowlist'\n[services]\nstripe = true\n[reporting]\nendpoint = '/r'\nnetwork-errors = true",
        "[[routes]]\npath = '/framed.html'\nreport-only = true\n[routes.sources]\nimg-src = ['https://route.example']",
        "strategy = 'nonce'\nnonce-placeholder = 'CSPC_NONCE'",
        "upgrade-insecure-requests = true",
        "upgrade-insecure-requests = true\n[[routes]]\npath = '/framed.html'\nreport-only = true",
        "strict-dynamic = true",
        "strict-dynamic = true\nstrategy = 'nonce'\ntrusted-types = true",
        "trusted-types = ['p', 'q']\n[sources]\nscript-src = [\"'unsafe-inline'\"]",
        "enforce = 'img-src x'\n[[routes]]\nglob = '/*.html'\nstrategy = 'allowlist'\nheaders = { A = 'b' }",
    ];
    select(texts.to_vec()).prop_map(|text| SiteFile::parse("cspc.toml", text).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// `compile` fails where the proof does.
    #[test]
    fn every_plan_is_proven(
        pages in prop::collection::vec(page(), 1..6),
        origin in origin(),
        site in declared(),
        most in prop::option::of(1_usize..5),
        bytes in prop::option::of(select(vec![400_usize, 600, 4000])),
        nonces in any::<bool>(),
        without_statuses in any::<bool>(),
    ) {
        let inventory = inventory(&pages, origin);
        let options = Options { site, nonces, without_statuses, max_policies: most, max_header_bytes: bytes, ..Options::default() };
        let compiled = match compile(&inventory, &options) {
            Err(CompileError::TooLong { .. } | CompileError::TooMany { .. }) => return Ok(()),
            Err(CompileError::Declared(DeclaredError::NothingToUpgradeTo { .. }))
                if options.site.upgrade_insecure_requests => return Ok(()),
            compiled => compiled.map_err(|error| TestCaseError::fail(error.to_string()))?,
        };
        let headers = compiled.plan.rules.iter().flat_map(|rule| &rule.headers);
        let policies = headers.filter(|header| header.op == Op::Set
            && header.name.as_str().starts_with("Content-Security-Policy")
            && header.value.as_str() != "img-src x");
        let policies: std::collections::BTreeSet<&str> = policies.map(|header| header.value.as_str()).collect();
        prop_assert!(policies.len() <= most.unwrap_or(usize::MAX), "{:#?}", policies);
        let longest = policies.iter().map(|policy| policy.len()).max();
        prop_assert!(longest <= Some(bytes.unwrap_or(usize::MAX)), "{:?}", longest);
        for number in 1..compiled.plan.rules.len() {
            let mut less = compiled.plan.clone();
            let rule = less.rules.remove(number);
            let mut paths = rule.matches.exact.iter();
            let page = |path| Answered::page(path);
            let is_needed = paths.any(|path| less.headers_of(page(path)) != compiled.plan.headers_of(page(path)));
            prop_assert!(is_needed || rule.matches.exact.is_empty(), "{:?}", rule);
        }
        prop_assert_eq!(compile(&inventory, &options).unwrap(), compiled);
    }

    #[test]
    fn an_asset_more_blocks_no_other(page in page(), part in select(PARTS.to_vec()), origin in origin()) {
        let more = compile(&inventory(&[page.clone() + part], origin), &Options::default()).unwrap();
        let flaws = match prove(&inventory(&[page], origin), &more.plan) {
            Err(ProofError::Flawed { flaws, .. }) => flaws,
            other => { prop_assert!(other.is_ok(), "{:?}", other); Vec::new() }
        };
        // The new asset's own permissions are not needed by the others, and that is all.
        prop_assert!(flaws.iter().all(|flaw| matches!(flaw, Flaw::Unneeded { .. })), "{:?}", flaws);
    }

    #[test]
    fn the_length_is_known_before_the_policy_is_written(page in page(), origin in origin()) {
        let inventory = inventory(&[page], origin);
        let site = SiteFile::parse("cspc.toml", "[reporting]\nendpoint = '/r'").unwrap();
        let options = Options { site, ..Options::default() };
        let root = origin_of(&inventory).unwrap();
        let reach = Reach::new(&inventory);
        let declarations = Declarations::new(&options.site, &inventory, &reach, &root).unwrap();
        let site = Site::new(&inventory, root, &options, &declarations, &reach);
        let mut policy = site.policy(&inventory.pages[0]);
        policy.fold();
        let known = length(policy.iter().map(|(directive, text, _)| (directive, text.len())));
        prop_assert_eq!(known + policy.other_bytes(), policy.serialize().len());
    }
}

/// Takes each expression out of a plan, and puts one in: the proof has to find both.
#[test]
fn a_plan_with_more_or_less_is_not_proven() {
    let inventory = inventory(&[PARTS.concat(), PARTS[..4].concat()], Some("https://site.example"));
    let plan = compile(&inventory, &Options::default()).unwrap().plan;
    let mut changes = 0;
    for source in plan.sources.iter().filter(|source| source.spare.is_none()) {
        for (replacement, expected) in
            [("", "would be blocked"), (" https://spare.example", "no asset needs")]
        {
            let mut changed = plan.clone();
            let header = &mut changed.rules[source.rule].headers[0];
            let lists = header.value.as_str().split("; ").map(|list| {
                let is_own = list.split(' ').next() == Some(source.directive.as_str());
                let kept = list
                    .split(' ')
                    .filter(|word| !replacement.is_empty() || *word != source.expression);
                let kept: Vec<&str> = kept.collect();
                if is_own { kept.join(" ") + replacement } else { list.to_owned() }
            });
            header.value = HeaderValue::new(lists.collect::<Vec<_>>().join("; ")).unwrap();
            let error = prove(&inventory, &changed).unwrap_err().to_string();
            assert!(error.contains(expected), "{source:?}: {error}");
            changes += 1;
        }
    }
    assert!(changes > 40, "{changes}");
}

#[test]
fn what_does_not_fit_is_told_with_what_to_move() {
    let styles: String = (0..9).map(|number| format!("<p style=a:{number}>")).collect();
    let options = Options { max_header_bytes: Some(500), ..Options::default() };
    let error = compile(&inventory(&[styles + PARTS[0]], None), &options).unwrap_err().to_string();
    assert!(
        error.ends_with(
            "has 679 bytes; to be moved into files: 9 style attributes (486 bytes), 1 inline script (54 bytes)"
        ),
        "{error}"
    );
}

/// A plan for a page at `/`, one at `/old/` and one at `/error/404.html`, as a site file has it.
fn declared_plan(site: &str) -> Plan {
    let pages = ["/index.html", "/old/index.html"];
    let read = |path: &&str| {
        read_page(path, b"<script src=//cdn.example/a.js></script>", &SiteOrigin::unknown())
    };
    let site = SiteFile::parse("cspc.toml", site).unwrap();
    let pages = pages.iter().map(read).collect();
    let inventory = Inventory::new(site.origin.clone(), pages, vec![]);
    compile(&inventory, &Options { site, ..Options::default() }).unwrap().plan
}

/// The values of a header at a path.
fn sent(plan: &Plan, path: &str, name: &str) -> Vec<String> {
    let headers = plan.headers_of(Answered::page(path));
    let named = headers.iter().filter(|header| header.name.as_str() == name);
    named.map(|header| header.value.as_str().to_owned()).collect()
}

#[test]
fn routes_differ_in_what_they_say_and_in_nothing_else() {
    let plan = declared_plan(
        "cookies = { secure = true }
        https-redirect = 308
        [[routes]]
        prefix = '/old'
        strategy = 'allowlist'
        report-only = true
        headers = { Referrer-Policy = false, X-A = 'b' }
        [[routes]]
        prefix = '/api'
        cors = { origin = 'https://app.example/', credentials = true }",
    );
    let (enforced, reported) = ("Content-Security-Policy", "Content-Security-Policy-Report-Only");
    assert!(sent(&plan, "/", enforced)[0].contains("script-src https://cdn.example/a.js;"));
    assert_eq!(sent(&plan, "/", reported).len(), 0);
    assert!(sent(&plan, "/old/", reported)[0].contains("script-src https://cdn.example;"));
    assert_eq!(sent(&plan, "/old/", enforced).len(), 0);
    assert_eq!(sent(&plan, "/", "Referrer-Policy").len(), 1);
    assert_eq!(sent(&plan, "/old/", "Referrer-Policy").len(), 0);
    assert_eq!(sent(&plan, "/old/x", "X-A"), ["b"]);
    assert_eq!(sent(&plan, "/api/1", "Access-Control-Allow-Origin"), ["https://app.example"]);
    assert_eq!(sent(&plan, "/api/1", "Cross-Origin-Resource-Policy"), ["cross-origin"]);
    assert_eq!((plan.cookies.len(), plan.https_redirect.map(u16::from)), (1, Some(308)));
}

#[test]
fn several_origins_are_named_to_themselves_and_pass_the_guard_for_what_they_may_do() {
    let plan = declared_plan(
        "origin = 'https://shop.example'
        [[routes]]
        prefix = '/api'
        cors = { origin = ['https://app.example', 'https://b.example'], methods = ['PUT'] }
        guard = true",
    );
    let [of_all, of_app, of_b] = &plan.rules[plan.rules.len() - 3..] else { panic!() };
    assert!(of_all.guard.is_some_and(|guard| !guard.is_open()));
    let asked = |origin| {
        let response = Answered { origin, ..Answered::page("/api/x") };
        let headers = plan.headers_of(response).into_iter();
        let line = |header: &Header| format!("{}: {}", header.name, header.value.as_str());
        let named =
            headers.map(line).filter(|line| line.contains("rigin: ") || line.contains("Vary"));
        named.collect::<Vec<_>>()
    };
    assert_eq!(asked(None), ["Vary: Origin"]);
    assert_eq!(asked(Some("https://app.example.evil.example")), ["Vary: Origin"]);
    for (rule, origin) in [(of_app, "https://app.example"), (of_b, "https://b.example")] {
        assert!(rule.guard.is_some_and(Guard::is_open));
        let allowed = format!("Access-Control-Allow-Origin: {origin}");
        assert_eq!(asked(Some(origin)), ["Vary: Origin", &allowed]);
    }
}

#[test]
fn a_header_that_two_layers_send_is_told_with_the_one_that_should() {
    let plan = declared_plan(
        "[layers]
        cdn = ['Strict-Transport-Security', 'X-Cache', 'referrer-policy']
        application = ['Cache-Control', 'Strict-Transport-Security', 'X-Application']
        [[routes]]
        prefix = '/old'
        session = true",
    );
    let told = plan.findings.iter().filter(|found| found.rule == "build/two-owners");
    let told: Vec<(&str, &str)> = told.map(|found| (&*found.message, &*found.help)).collect();
    assert_eq!(
        told,
        [
            (
                "`Cache-Control` is sent by this plan and by the application",
                "let the application alone send it, which is nearest to what the header depends on: take it out of the routes that set it",
            ),
            (
                "`referrer-policy` is sent by the CDN and by this plan",
                "let this plan alone send it, which is made from the pages: turn it off in the CDN",
            ),
            (
                "`Strict-Transport-Security` is sent by the CDN and by this plan and by the application",
                "let the CDN alone send it, where the connection ends: write `Strict-Transport-Security = false` under [headers], and turn it off in the application",
            ),
        ]
    );
}

#[test]
fn preloading_that_no_list_takes_is_told_where_it_is_declared() {
    let plan = declared_plan(
        "[headers]\nStrict-Transport-Security = 'max-age=100; preload'
        [[routes]]\nprefix = '/old'
        headers = { strict-transport-security = 'max-age=63072000; includeSubDomains; preload' }",
    );
    let preload = plan.findings.iter().filter(|found| found.rule == "hsts/preload-ineligible");
    let found: Vec<_> = preload.collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].header.as_deref(), Some("Strict-Transport-Security"));
    assert_eq!(found[0].location.as_ref().map(|at| (at.line, at.column)), Some((2, 29)));
}

const PLAIN: &[u8] = b"<meta http-equiv=refresh content='9;url=http://next.example/'><img src=http://img.example/a.png><script src=http://cdn.example/a.js></script>\
    <form action=http://pay.example/x></form><img src=http://localhost/b.png><img src=https://img.example/c.png>";

#[test]
fn a_site_over_plain_http_has_nothing_to_upgrade_to() {
    let mut inventory =
        inventory(&["<img src=a.png>".to_owned()], Some("http://site.example:8080"));
    let site = SiteFile::parse("cspc.toml", "upgrade-insecure-requests = true").unwrap();
    let options = Options { site, ..Options::default() };
    for origin in ["http://site.example:8080", "HTTP://site.example:8080"] {
        inventory.origin = Some(origin.to_owned());
        let error = compile(&inventory, &options).unwrap_err();
        assert!(error.to_string().starts_with("cspc.toml: `upgrade-insecure-requests`"), "{error}");
    }
}

fn plain_plan(origin: Option<&str>, site: &str) -> Plan {
    let root = origin.map_or_else(SiteOrigin::unknown, |text| SiteOrigin::parse(text).unwrap());
    let pages = vec![read_page("/index.html", PLAIN, &root)];
    let inventory = Inventory::new(origin.map(str::to_owned), pages, vec![]);
    let site = SiteFile::parse("cspc.toml", site).unwrap();
    compile(&inventory, &Options { site, ..Options::default() }).unwrap().plan
}

/// What is told of addresses that are not over HTTPS, up to the address.
fn insecure(plan: &Plan) -> Vec<&str> {
    let found = plan.findings.iter().filter(|found| found.rule == "build/insecure-url");
    found.filter_map(|found| found.message.split(" is not").next()).collect()
}

#[test]
fn what_is_not_over_https_is_told_where_pages_are() {
    let told = [
        "form-action `http://pay.example/x`",
        "image `http://img.example/a.png`",
        "navigation `http://next.example/`",
        "script `http://cdn.example/a.js`",
    ];
    assert_eq!(insecure(&plain_plan(None, "")), told);
    assert_eq!(insecure(&plain_plan(Some("https://site.example"), "")), told);
    assert_eq!(insecure(&plain_plan(Some("http://site.example"), "")).len(), 0);
    assert_eq!(insecure(&plain_plan(None, "upgrade-insecure-requests = true")), told[2..3]);
}

#[test]
fn requests_are_upgraded_by_every_policy_that_blocks() {
    let site = "upgrade-insecure-requests = true";
    let plan = plain_plan(None, site);
    let policy = &sent(&plan, "/", "Content-Security-Policy")[0];
    for directive in [
        "script-src https://cdn.example/a.js;",
        "img-src 'self' http://localhost https://img.example;",
        "form-action http://pay.example;",
    ] {
        assert!(policy.contains(directive), "{policy}");
    }
    assert!(policy.ends_with("; upgrade-insecure-requests"), "{policy}");
    let other = &sent(&plan, "/nowhere", "Content-Security-Policy")[0];
    assert!(other.ends_with("; upgrade-insecure-requests"), "{other}");
    let reporting = plain_plan(None, &format!("{site}\nreport-only = true"));
    let policy = &sent(&reporting, "/", "Content-Security-Policy-Report-Only")[0];
    assert!(policy.contains("script-src http://cdn.example/a.js;"), "{policy}");
    assert!(!policy.contains("upgrade-insecure-requests"), "{policy}");
}

#[test]
fn the_old_policy_stays_while_the_new_one_reports() {
    let plan = declared_plan(
        "enforce = \"default-src 'self'\"\n[reporting]\nendpoint = 'https://r.example/'\nnetwork-errors = true",
    );
    assert_eq!(sent(&plan, "/", "Content-Security-Policy"), ["default-src 'self'"]);
    let new = &sent(&plan, "/", "Content-Security-Policy-Report-Only")[0];
    assert!(new.contains("script-src https://cdn.example/a.js;"), "{new}");
    assert!(new.ends_with("; report-uri https://r.example/; report-to cspc"), "{new}");
    assert_eq!(sent(&plan, "/", "Reporting-Endpoints"), ["cspc=\"https://r.example/\""]);
    assert_eq!((sent(&plan, "/", "Report-To").len(), sent(&plan, "/", "NEL").len()), (1, 1));
}

#[test]
fn declarations_have_to_fit_the_pages() {
    let inventory = inventory(&[String::new()], None);
    let error = |text: &str| {
        let site = SiteFile::parse("cspc.toml", text).unwrap();
        compile(&inventory, &Options { site, ..Options::default() }).unwrap_err().to_string()
    };
    let told = error("[[routes]]\npath = '/nowhere'\nreport-only = true");
    assert!(told.starts_with("cspc.toml:2:8: no page is served"), "{told}");
    assert!(error("[[routes]]\nglob = '/*.php'").starts_with("cspc.toml:2:8: no page"));
    let told = error("[services]\nstrip = true");
    assert!(told.starts_with("cspc.toml:2:1: ") && told.contains("`stripe`"), "{told}");
}

#[test]
fn nonces_stand_where_pages_have_them_and_servers_make_them() {
    let page = "<script nonce='{{ nonce }}'>1</script><script nonce='{{ nonce }}' src=a.js></script>\
                <style>a{}</style><script nonce=other>2</script>";
    let page = read_page("/index.html", page.as_bytes(), &SiteOrigin::unknown());
    let inventory = Inventory::new(None, vec![page], vec![]);
    let compiled = |strategy: &str, nonces| {
        let text = format!("nonce-placeholder = '{{{{ nonce }}}}'\nstrategy = '{strategy}'");
        let site = SiteFile::parse("cspc.toml", &text).unwrap();
        compile(&inventory, &Options { site, nonces, ..Options::default() }).unwrap().plan
    };
    let policy = |plan: &Plan| sent(plan, "/", "Content-Security-Policy").concat();
    for plan in [compiled("nonce", false), compiled("auto", true)] {
        let policy = policy(&plan);
        assert!(policy.contains("script-src 'nonce-CSPC_NONCE' 'sha256-"), "{policy}");
        assert!(policy.contains("style-src 'sha256-"), "{policy}");
        assert_eq!(plan.nonce.as_ref().map(|text| text.as_str()), Some("{{ nonce }}"));
        assert_eq!(sent(&plan, "/", "Cache-Control"), ["no-store"]);
    }
    for plan in [compiled("hash", true), compiled("auto", false)] {
        assert!(policy(&plan).contains("script-src 'self' 'sha256-"), "{}", policy(&plan));
        assert_eq!(plan.nonce, None);
    }
    let told = compiled("nonce", true).findings;
    let told: Vec<_> = told.iter().filter(|finding| finding.rule == "build/no-nonce").collect();
    assert!(told.len() == 1 && told[0].message.contains("1 more on the page"), "{told:?}");
}

#[test]
fn a_nonce_that_no_server_fills_in_is_told() {
    let pages = [(
        "/index.html",
        "<script nonce=NONCE-PLACEHOLDER>1</script><script nonce src=a.js></script>",
    )];
    let told = |site| {
        let findings = plan_of(&pages, site).findings;
        findings.iter().filter(|finding| finding.rule == "build/other-nonce").count()
    };
    assert_eq!(told(""), 1);
    assert_eq!(told("nonce-placeholder = 'NONCE-PLACEHOLDER'"), 0);
    assert_eq!(told("strategy = 'hash'"), 0);
}

/// A plan for pages of a site that is served at https://site.example.
fn plan_of(pages: &[(&str, &str)], site: &str) -> Plan {
    let origin = SiteOrigin::parse("https://site.example").unwrap();
    let read = |(path, page): &(&str, &str)| read_page(path, page.as_bytes(), &origin);
    let pages = pages.iter().map(read).collect();
    let site = SiteFile::parse("cspc.toml", site).unwrap();
    let options = Options { site, ..Options::default() };
    compile(&Inventory::new(origin.serialize(), pages, vec![]), &options).unwrap().plan
}

#[test]
fn pages_have_a_rule_where_they_need_more_than_everything_else() {
    let plan =
        plan_of(&[("/a.html", "<img src=a.png>"), ("/b.html", "<script src=b.js></script>")], "");
    assert_eq!(plan.rules.len(), 2);
    assert_eq!(plan.rules[1].matches.exact, ["/b.html"]);
    let image = plan.sources.iter().find(|source| source.rule == 0).unwrap();
    assert_eq!((image.assets[0].page.as_str(), image.count), ("/a.html", 2), "with its icon");
}

#[test]
fn a_folder_has_one_page() {
    let exact = |pages: [&str; 2]| {
        let plan =
            plan_of(&[(pages[0], "<script>1</script>"), (pages[1], "<script>2</script>")], "");
        let rules = plan.rules.into_iter().skip(1).map(|rule| rule.matches.exact);
        rules.collect::<Vec<_>>()
    };
    assert_eq!(exact(["/a/index.htm", "/b.html"]), [vec!["/a/", "/a/index.htm"], vec!["/b.html"]]);
    assert_eq!(
        exact(["/a/index.htm", "/a/index.html"]),
        [vec!["/a/index.htm"], vec!["/a/", "/a/index.html"]]
    );
    assert_eq!(exact(["/a/", "/a/index.html"]), [vec!["/a/"], vec!["/a/index.html"]]);
}

#[test]
fn each_page_may_use_the_features_that_it_uses() {
    let pages = [
        (
            "/map.html",
            "<iframe allow='geolocation; usb *; x-\"y camera' src=https://maps.example/a></iframe>",
        ),
        ("/shop.html", "<button onclick='navigator.geolocation.getCurrentPosition(f)'></button>"),
        ("/frames.html", "<iframe src=/shop.html></iframe><video src=a.mp4></video>"),
        ("/index.html", ""),
    ];
    let plan = plan_of(&pages, "");
    let allowed = |path: &str| -> Vec<String> {
        let value = sent(&plan, path, "Permissions-Policy").concat();
        assert!(value.starts_with("accelerometer=(), autoplay="), "{value}");
        value.split(", ").filter(|member| !member.ends_with("=()")).map(str::to_owned).collect()
    };
    assert_eq!(allowed("/map.html"), ["geolocation=(self \"https://maps.example\")", "usb=*"]);
    assert_eq!(allowed("/shop.html"), ["geolocation=(self)"]);
    assert_eq!(allowed("/frames.html"), ["autoplay=(self)", "geolocation=(self)"]);
    assert_eq!(allowed("/"), [""; 0]);
    let own = plan_of(&pages, "[headers]\nPermissions-Policy = 'usb=()'");
    assert_eq!(sent(&own, "/map.html", "Permissions-Policy"), ["usb=()"]);
}

#[test]
fn what_embeds_others_is_not_isolated_and_says_why() {
    let value = |page: &str, site: &str| {
        let plan = plan_of(&[("/a.html", page)], site);
        let told = plan.findings.iter().find(|finding| finding.rule == "build/not-isolated");
        let told = told.map(|finding| (finding.message.clone(), finding.location.clone()));
        (sent(&plan, "/a.html", "Cross-Origin-Embedder-Policy"), told)
    };
    assert_eq!(
        value("<img src=a.png><img src=data:,>", ""),
        (vec!["require-corp".to_owned()], None)
    );
    let (sent, told) = value("<p>\n<img src=//img.example/a.png>", "");
    let (message, location) = told.unwrap();
    assert!(
        sent.is_empty() && message.contains("`https://img.example` would have to agree"),
        "{message}"
    );
    assert_eq!(location.map(|at| (at.path, at.line)), Some(("/a.html".to_owned(), 2)));
    assert!(value("", "[sources]\nframe-src = ['https://a.example']").0.is_empty());
    assert!(value("", "report-only = true").0.is_empty());
}

#[test]
fn scripts_without_integrity_are_blocked_where_all_have_it() {
    let value = |page: &str| sent(&plan_of(&[("/a.html", page)], ""), "/", "Integrity-Policy");
    let script =
        "<script src=a.js integrity=sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=></script>";
    // Browsers would block it: without CORS its integrity does not count.
    assert_eq!(value(script).len(), 0);
    let asked = script.replace(" integrity", " crossorigin integrity");
    assert_eq!(value(&asked), ["blocked-destinations=(script)"]);
    assert_eq!(value(&script.replace(" integrity", " type=module integrity")).len(), 1);
    assert_eq!(value(&asked.replace("a.js", "//cdn.example/a.js")).len(), 1);
    assert_eq!(value(&(asked + "<script src=b.js></script>")).len(), 0);
    assert_eq!(value("<script>1</script>").len(), 0);
}

const HASH: &str = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// The value of a directive in the policy at a path.
fn directive(plan: &Plan, path: &str, name: &str) -> Option<String> {
    let policy = sent(plan, path, "Content-Security-Policy").concat();
    let mut directives = policy.split("; ");
    let value = directives.find_map(|directive| directive.strip_prefix(name)?.strip_prefix(' '));
    value.map(str::to_owned)
}

/// The messages of the findings of a rule.
fn told<'p>(plan: &'p Plan, rule: &str) -> Vec<&'p str> {
    let findings = plan.findings.iter().filter(|finding| finding.rule == rule);
    findings.map(|finding| finding.message.as_str()).collect()
}

#[test]
fn scripts_with_integrity_are_named_by_it_unless_another_is_named_by_the_same_address() {
    let (cdn, own) = ("<script src=https://cdn.example/a.js", "<script src=/b.js");
    let strict = format!("{cdn} integrity={HASH}></script>{own} integrity='{HASH}?x'></script>");
    let plan = plan_of(
        &[
            ("/strict.html", &strict),
            ("/both.html", &format!("{strict}<script src=/c.js></script>")),
            ("/broken.html", &format!("{cdn} integrity='{HASH} sha384-!'></script>")),
        ],
        "",
    );
    let scripts = |path| directive(&plan, path, "script-src").unwrap();
    assert_eq!(scripts("/strict.html"), format!("'{HASH}'"));
    assert_eq!(scripts("/both.html"), format!("'self' '{HASH}'"));
    assert_eq!(scripts("/broken.html"), "https://cdn.example/a.js");
    let plan = plan_of(&[("/strict.html", &strict)], "strategy = 'allowlist'");
    let scripts = directive(&plan, "/strict.html", "script-src").unwrap();
    assert_eq!(scripts, "'self' https://cdn.example");
}

#[test]
fn trusted_scripts_load_others_where_each_is_trusted() {
    let made = "<script>const s = document.createElement('script'); s.src = 'https://late.example/a.js';</script>";
    let named = format!("<script src=/a.js integrity={HASH}></script>");
    let plan = plan_of(
        &[
            ("/all.html", &format!("{made}{named}")),
            ("/not.html", &format!("{named}<script src=/plain.js></script>")),
            ("/module.html", "<script type=module>import '/m.js'</script>"),
            ("/none.html", "<p>"),
        ],
        "strict-dynamic = true",
    );
    let scripts = |path| directive(&plan, path, "script-src");
    let all = scripts("/all.html").unwrap();
    assert!(all.starts_with(&format!("'{HASH}' 'sha256-")), "{all}");
    assert!(all.ends_with("' 'strict-dynamic' 'unsafe-inline' https:"), "{all}");
    assert_eq!(scripts("/not.html"), Some("'self'".to_owned()));
    assert_eq!(scripts("/none.html"), None);
    let told = told(&plan, "build/no-strict-dynamic");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("`/m.js`") && told[1].contains("`/plain.js`"), "{told:?}");
    assert!(plan.findings.iter().all(|finding| finding.rule != "build/not-isolated"));
}

#[test]
fn trusted_types_are_required_where_nothing_takes_a_string() {
    let page = |code: &str| format!("<script>{code}</script>");
    let create = "const p = trustedTypes.createPolicy('p', {}); e.innerHTML = p.createHTML(x);";
    let plan = plan_of(
        &[
            ("/typed.html", &page(create)),
            ("/twice.html", &format!("{}{}", page(create), page(&format!("{create};")))),
            ("/plain.html", &page("e.textContent = 1")),
            ("/string.html", &page("e.innerHTML = x")),
            ("/default.html", &page("trustedTypes.createPolicy('default', {}); e.innerHTML = x")),
            ("/foreign.html", "<script src=https://cdn.example/a.js></script>"),
            ("/none.html", "<p>"),
        ],
        "trusted-types = true",
    );
    let names = |path| directive(&plan, path, "trusted-types");
    assert_eq!(names("/typed.html"), Some("p".to_owned()));
    assert_eq!(names("/twice.html"), Some("'allow-duplicates' p".to_owned()));
    assert_eq!(names("/plain.html"), Some("'none'".to_owned()));
    assert_eq!(names("/default.html"), Some("default".to_owned()));
    for path in ["/string.html", "/foreign.html", "/none.html"] {
        assert_eq!(directive(&plan, path, "require-trusted-types-for"), None, "{path}");
    }
    let required = directive(&plan, "/plain.html", "require-trusted-types-for");
    assert_eq!(required, Some("'script'".to_owned()));
    let told = told(&plan, "build/no-trusted-types");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("`e.innerHTML = x` makes markup"), "{told:?}");
    let vouched = plan_of(&[("/string.html", &page("e.innerHTML = x"))], "trusted-types = ['q']");
    assert_eq!(directive(&vouched, "/string.html", "trusted-types"), Some("q".to_owned()));
}

#[test]
fn what_a_page_blocks_by_itself_is_told_and_not_allowed() {
    let meta =
        "<meta http-equiv=content-security-policy content=\"img-src 'self'; frame-ancestors *\">";
    let (own, foreign) = ("<img src=a.png>", "<img src=https://cdn.example/b.png>");
    let other = "<meta http-equiv=content-security-policy content=&quot;img-src 'none'&quot;>";
    let plan = plan_of(
        &[
            ("/after.html", &format!("{meta}{own}\n{foreign}")),
            (
                "/again.html",
                &format!("<!doctype html><html><head><title>a</title>{meta}</head>{foreign}"),
            ),
            ("/before.html", &format!("<link rel=icon href=https://cdn.example/b.png>{meta}{own}")),
            ("/body.html", &format!("<p>{meta}{foreign}")),
            ("/frame.html", &format!("<iframe srcdoc=\"{other}\"></iframe>{foreign}")),
        ],
        "",
    );
    let images = |path| directive(&plan, path, "img-src").unwrap();
    assert_eq!((images("/after.html"), images("/again.html")), ("'self'".into(), "'self'".into()));
    for path in ["/before.html", "/body.html", "/frame.html"] {
        assert!(images(path).contains("https://cdn.example"), "{path}: {}", images(path));
    }
    let expected = "`img-src 'self'` of the page's own policy `img-src 'self'; frame-ancestors *` blocks the image `https://cdn.example/b.png`, so the header does not allow it (2 places)";
    assert_eq!(told(&plan, "build/blocked-by-page"), [expected]);
    let told = plan.findings.iter().find(|finding| finding.rule == "build/blocked-by-page");
    let place = told.and_then(|finding| finding.location.as_ref()).unwrap();
    assert_eq!((place.path.as_str(), place.line, place.column), ("/after.html", 2, 1));
}
