//! What pages of other origins may do, asked of real servers.

use cspc_core::compile::{Options, compile};
use cspc_core::inventory::Inventory;
use cspc_core::site::SiteFile;
use cspc_tests::browser::{BROWSERS, post};

use super::*;

/// A server with a plan, and an application behind `/up/`.
fn proxied(server: Server, plan: &Plan) -> Site {
    let proxy = Location { path: "/up/".to_owned(), kind: Kind::Proxy, ..Location::default() };
    // A folder's file says nothing to what is proxied: what is asked there is the server's own 404.
    let locations = if server == Server::Htaccess { Vec::new() } else { vec![proxy] };
    let config = ServerConfig {
        upstream: upstream::start().unwrap(),
        locations,
        error_pages: vec![("403".to_owned(), "/errors/404.html".to_owned())],
        ..ServerConfig::default()
    };
    site(server, plan, config).unwrap()
}

/// What requests say of who made them: `Sec-Fetch-Site`, `Origin`, and whether guards for the site's own pages and for
/// those of the same site let them pass if they change something.
const MADE_BY: [(Option<&str>, Option<&str>, bool, bool); 16] = [
    (Some("same-origin"), None, true, true),
    (Some("same-origin"), Some("https://shop.example"), true, true),
    (Some("same-origin"), Some("null"), true, true),
    (Some("none"), None, true, true),
    (Some("same-site"), Some("https://blog.shop.example"), false, true),
    (Some("same-site"), Some("https://shop.example"), false, true),
    (Some("cross-site"), None, false, false),
    (Some("cross-site"), Some("https://evil.example"), false, false),
    (Some("cross-site"), Some("https://shop.example"), false, false),
    (Some("same-origin, cross-site"), None, false, false),
    (None, Some("https://shop.example"), true, true),
    (None, Some("https://evil.example"), false, false),
    (None, Some("https://shop.example.evil.example"), false, false),
    (None, Some("https://evilshop.example"), false, false),
    (None, Some("http://shop.example"), false, false),
    (None, Some("null"), false, false),
];

/// Guards, of which the last that holds decides, and a path that looks like no text of any configuration.
fn guarded_plan() -> Plan {
    let hostile: Vec<&str> =
        HOSTILE.into_iter().filter(|path| !path.contains(char::is_control)).collect();
    let plan = json!({"origin": "https://shop.example", "rules": [
        {"headers": [{"name": "X-A", "value": "1"}]},
        {"match": {"prefix": "/up/own"}, "headers": [], "guard": {"allow": "same-origin"}},
        {"match": {"prefix": "/up/own/site", "suffix": ".html"}, "headers": [], "guard": {"allow": "same-site"}},
        {"match": {"prefix": "/up/own/open"}, "headers": [], "guard": {"allow": "cross-site"}},
        {"match": {"exact": ["/up/own/open/strict", "/up/strict"]}, "headers": [],
         "guard": {"allow": "same-origin", "unmarked": "refuse"}},
        {"match": {"exact": hostile}, "headers": [], "guard": {"allow": "same-origin"}},
        {"match": {"prefix": "/up/tls", "scheme": "https"}, "headers": [], "guard": {"allow": "same-origin"}}]});
    serde_json::from_value(plan).unwrap()
}

pub(super) fn refuses_requests_of_other_sites(server: Server) {
    let site = proxied(server, &guarded_plan());
    let ask = |tls: bool, method: &str, path: &str, (by, from): (Option<&str>, Option<&str>)| {
        let header = |name: &str, value: Option<&str>| Some((name.to_owned(), value?.to_owned()));
        let headers: Vec<(String, String)> =
            [header("Sec-Fetch-Site", by), header("Origin", from)].into_iter().flatten().collect();
        let port = if tls { site.running.tls_port } else { site.running.port };
        let response = request(port, tls, method, path, &headers);
        let is_refused = response.status == 403;
        assert!(is_refused || matches!(response.status, 200 | 404 | 405), "{path}: {response:?}");
        assert_eq!(response.get("X-A"), ["1"], "{method} {path}: {response:?}");
        let has_page = matches!(server, Server::Nginx | Server::Apache | Server::Htaccess);
        assert!(!is_refused || !has_page || response.body.contains("some text"), "{response:?}");
        is_refused
    };
    let check = |method: &str, path: &str, made_by, passes: bool| {
        assert_eq!(
            ask(false, method, path, made_by),
            !passes,
            "{server}: {method} {path} {made_by:?}"
        );
    };
    for (by, from, own, of_site) in MADE_BY {
        for method in ["POST", "PUT", "PATCH", "DELETE", "LOCK"] {
            check(method, "/up/own", (by, from), own);
        }
        for path in ["/up/own/x", "//up/own", "/up/x/../own/", "/up/%6Fwn/x.html", "/up/own/site/x"]
        {
            check("POST", path, (by, from), own);
        }
        check("POST", "/up/own/site/x.html", (by, from), of_site);
        check("POST", "/up/strict", (by, from), own);
        check("POST", "/up/own/open/strict", (by, from), own);
        for method in ["GET", "HEAD", "OPTIONS"] {
            check(method, "/up/own/x", (by, from), true);
        }
        for path in ["/up/owner", "/up/own/open", "/up/own/open/x", "/up/tls", "/docs/a.html"] {
            check("POST", path, (by, from), true);
        }
        assert_eq!(
            ask(true, "POST", "/up/tls/x", (by, from)),
            !own,
            "{server}: over TLS {by:?} {from:?}"
        );
    }
    check("POST", "/up/own", (None, None), true);
    check("POST", "/up/own/site/x.html", (None, None), true);
    check("POST", "/up/strict", (None, None), false);
    for path in HOSTILE.iter().filter(|path| !path.contains(char::is_control)) {
        check("POST", &encode(path), (Some("cross-site"), None), false);
        check("POST", &format!("{}x", encode(path)), (Some("cross-site"), None), true);
    }
}

#[test]
fn servers_that_cannot_refuse_say_so_and_a_guard_has_to_know_the_site() {
    for server in Server::ALL {
        let has = server.capability().has(Feature::Guards);
        let mut plan = guarded_plan();
        plan.rules.retain(|rule| rule.matches.suffix.is_empty());
        let told = emit(&plan, server.into()).map(|emitted| emitted.findings);
        match told {
            Ok(findings) => {
                let said =
                    findings.iter().any(|finding| finding.message.contains("`guard` is left out"));
                assert_eq!(said, !has, "{server}: {findings:?}");
            }
            Err(error) => panic!("{server}: {error}"),
        }
        plan.origin = None;
        let told = emit(&plan, server.into()).err().map(|error| error.to_string());
        let expected = has && server != Server::Json;
        assert_eq!(
            told.is_some_and(|told| told.contains("a guard has to know the site")),
            expected,
            "{server}"
        );
    }
    let paths: Vec<String> = (0..3000).map(|number| format!("/{number}-page")).collect();
    let many = json!({"origin": "https://shop.example", "rules": [
        {"match": {"exact": paths}, "headers": [], "guard": {"allow": "same-origin"}}]});
    let many: Plan = serde_json::from_value(many).unwrap();
    let told = emit(&many, Server::Htaccess.into()).unwrap_err().to_string();
    assert!(
        told.contains("guards for so many paths") && emit(&many, Server::Apache.into()).is_ok()
    );
    let by_status = json!({"rules": [{"match": {"status": "error"}, "headers": [], "guard": {"allow": "same-origin"}}]});
    let plan: Plan = serde_json::from_value(by_status).unwrap();
    let told = emit(&plan, Server::Json.into()).unwrap_err().to_string();
    assert!(told.starts_with("rules[0]: a guard cannot ask"), "{told}");
}

#[test]
#[ignore = "needs nginx, Chromium and Firefox; tests/run runs it"]
fn forms_of_other_sites_are_refused_in_real_browsers() {
    let plan = json!({"origin": "https://shop.example", "rules": [
        {"match": {"prefix": "/app"}, "headers": [], "guard": {"allow": "same-origin"}},
        {"match": {"prefix": "/docs"}, "headers": [], "guard": {"allow": "same-site"}}]});
    let plan: Plan = serde_json::from_value(plan).unwrap();
    let guarded = site(Server::Nginx, &plan, ServerConfig::default()).unwrap();
    let other = site(Server::Nginx, &Plan::new(), ServerConfig::default()).unwrap();
    let (own, port) = (format!("http://127.0.0.1:{}", guarded.running.port), other.running.port);
    let (same_site, cross_site) =
        (format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}"));
    // nginx answers 405 to forms for its files: what passes.
    let asked = [
        (&own, "/app/", 405),
        (&own, "/docs/a.html", 405),
        (&same_site, "/app/", 403),
        (&same_site, "/docs/a.html", 405),
        (&cross_site, "/app/", 403),
        (&cross_site, "/docs/a.html", 403),
        (&cross_site, "/static/data.json", 405),
    ];
    let forms = asked.map(|(from, to, _)| (format!("{from}/index.html"), format!("{own}{to}")));
    for browser in BROWSERS {
        let statuses = post(browser, &forms).unwrap();
        assert_eq!(statuses, asked.map(|(.., status)| status), "{browser}");
    }
}

/// Two origins that may read, one of them with a port.
const READERS: [&str; 2] = ["https://app.example", "https://admin.example:8443"];

/// What is like one of them, or nobody's.
const OTHERS: [&str; 14] = [
    "https://app.example.evil.example",
    "https://evilapp.example",
    "https://evil.app.example",
    "https://appxexample",
    "https://app.exampl",
    "https://app.example:444",
    "https://app.example/",
    "http://app.example",
    "https://APP.example",
    "https://admin.example",
    "https://app.example, https://evil.example",
    "https://app.example https://admin.example:8443",
    "*",
    "null",
];

fn readers_plan() -> Plan {
    let origins = READERS.map(|origin| format!("'{origin}'")).join(", ");
    let text = format!(
        "origin = 'https://shop.example'
        [[routes]]
        prefix = '/docs'
        cors = {{ origin = [{origins}] }}
        [[routes]]
        prefix = '/up/api'
        cors = {{ origin = [{origins}], methods = ['GET', 'POST'], credentials = true }}
        guard = true
        [[routes]]
        prefix = '/up/read'
        cors = {{ origin = [{origins}] }}
        guard = true"
    );
    let site = SiteFile::parse("cspc.toml", &text).unwrap();
    let inventory = Inventory::new(site.origin.clone(), Vec::new(), Vec::new());
    compile(&inventory, &Options { site, ..Options::default() }).unwrap().plan
}

pub(super) fn names_the_origins_that_may_read(server: Server) {
    let site = proxied(server, &readers_plan());
    let theirs = json!({"status": 200, "headers": [
        ["Access-Control-Allow-Origin", "https://evil.example"], ["Vary", "Accept-Encoding"]]});
    let ask = |method: &str, path: &str, origin: Option<&str>| {
        let mut headers = vec![upstream::spec(&theirs)];
        if let Some(origin) = origin {
            headers.push(("Sec-Fetch-Site".to_owned(), "cross-site".to_owned()));
            headers.push(("Origin".to_owned(), origin.to_owned()));
        }
        request(site.running.port, false, method, path, &headers)
    };
    let check = |path: &str, origin: Option<&str>, expected: &[&str]| {
        let response = ask("GET", path, origin);
        let allowed = response.get("Access-Control-Allow-Origin");
        assert_eq!(allowed, expected, "{server}: {path} {origin:?}");
        let vary = response.get("Vary").join(", ");
        assert!(
            vary.split(',').any(|name| name.trim() == "Origin"),
            "{server}: {path} {origin:?} {vary}"
        );
        let is_theirs = path.starts_with("/up/") && server != Server::Htaccess;
        assert!(!is_theirs || vary.contains("Accept-Encoding"), "{server}: {vary}");
    };
    let refused = |path: &str, origin: &str| ask("POST", path, Some(origin)).status == 403;
    for path in ["/docs/a.html", "/docs/missing", "/up/api", "/up/api/x", "/up/read"] {
        check(path, None, &[]);
        READERS.iter().for_each(|origin| check(path, Some(origin), &[origin]));
        OTHERS.iter().for_each(|origin| check(path, Some(origin), &[]));
    }
    for origin in READERS {
        assert!(!refused("/up/api", origin) && refused("/up/read", origin), "{server}: {origin}");
    }
    for origin in OTHERS {
        assert!(refused("/up/api", origin) && refused("/up/read", origin), "{server}: {origin}");
    }
}

#[test]
fn servers_that_cannot_ask_for_the_origin_say_so() {
    let plan = json!({"rules": [{"match": {"origin": "https://app.example"},
        "headers": [{"name": "Access-Control-Allow-Origin", "value": "https://app.example"}]}]});
    let plan: Plan = serde_json::from_value(plan).unwrap();
    for server in Server::ALL {
        let told = emit(&plan, server.into()).err().map(|error| error.to_string());
        let expected = !server.capability().has(Feature::Origins);
        let said = told.is_some_and(|told| told.contains("cannot ask for the request's `Origin`"));
        assert_eq!(said, expected, "{server}");
    }
    for origin in ["null", "*", "https://app.example/", "https://APP.example", "https://*.example"]
    {
        let rule = json!({"rules": [{"match": {"origin": origin}, "headers": []}]});
        assert!(serde_json::from_value::<Plan>(rule).is_err(), "{origin}");
    }
}
