//! The way to the best grade: whoever makes the changes gets what is promised, and can leave none of them out.

use cspc_core::grade::{Change, Letter, PreloadList};
use cspc_core::wire::{Captured, Graded};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

/// Headers of sites, good and bad.
const HEADERS: &[(&str, &str)] = &[
    ("Content-Security-Policy", "default-src 'none'; script-src 'self'; frame-ancestors 'none'"),
    ("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'"),
    ("Content-Security-Policy", "default-src * 'unsafe-inline' 'unsafe-eval' data:; object-src *"),
    (
        "Content-Security-Policy",
        "script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'; base-uri 'none'",
    ),
    ("Content-Security-Policy", "script-src 'strict-dynamic'"),
    ("Content-Security-Policy", "upgrade-insecure-requests"),
    ("Content-Security-Policy", "frame-ancestors *"),
    ("Content-Security-Policy", "default-src https: http:; img-src http://a.example/%zz/"),
    ("Content-Security-Policy", "default-src 'self'; default-src 'none'"),
    ("Content-Security-Policy", "default-src 'self',"),
    ("Content-Security-Policy", "default-src 'none'; report-uri /a; report-uri /b"),
    ("Content-Security-Policy", "x"),
    ("Content-Security-Policy-Report-Only", "default-src 'self'"),
    ("Set-Cookie", "SESSIONID=1; Path=/"),
    ("Set-Cookie", "csrftoken=1; Secure"),
    ("Set-Cookie", "login=1; Secure; HttpOnly; SameSite=Strict"),
    ("Set-Cookie", "theme=dark; SameSite=Often"),
    ("Set-Cookie", "__Host-id=1; Path=/"),
    ("Set-Cookie", "__Secure-sess=1; Domain=shop.example; SameSite=None"),
    ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
    ("Strict-Transport-Security", "max-age=60"),
    ("Strict-Transport-Security", "includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Content-Type-Options", "none"),
    ("X-Frame-Options", "DENY"),
    ("X-Frame-Options", "ALLOW-FROM https://a.example"),
    ("X-Frame-Options", "ALLOWALL"),
    ("Referrer-Policy", "no-referrer"),
    ("Referrer-Policy", "unsafe-url"),
    ("Referrer-Policy", "whimsy"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "whimsy"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Embedder-Policy", "whimsy"),
    ("Cross-Origin-Resource-Policy", "same-site"),
    ("Cross-Origin-Resource-Policy", "whimsy"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Origin", cspc_core::grade::OBSERVATORY_ORIGIN),
    ("Access-Control-Allow-Credentials", "true"),
    ("Content-Type", "text/html"),
    ("Content-Type", "application/json"),
];

/// The addresses of scripts.
const SCRIPTS: &[&str] = &[
    "/a.js",
    "https://shop.example/a.js",
    "https://cdn.other.example/a.js",
    "http://cdn.other.example/a.js",
    "//cdn.other.example/a.js",
    "http://shop.example/a.js",
];

/// Contents of `<meta http-equiv=Content-Security-Policy>`.
const METAS: &[&str] = &[
    "default-src 'self' 'unsafe-inline'",
    "frame-ancestors 'none'",
    "img-src *",
    "none",
    "img-src a.example; img-src b.example",
];

/// Where one gets from plain HTTP.
const ROUTES: &[&[&str]] = &[
    &[],
    &["http://shop.example/"],
    &["http://shop.example/", "https://shop.example/"],
    &["http://shop.example/", "https://www.shop.example/"],
    &["http://shop.example/", "http://www.shop.example/", "https://shop.example/"],
];

/// A site as its owner sees it.
#[derive(Clone, Debug)]
struct Site {
    is_https: bool,
    is_verified: bool,
    route: Option<&'static [&'static str]>,
    headers: Vec<(String, String)>,
    /// Each with whether it has `integrity`.
    scripts: Vec<(String, bool)>,
    meta: Option<&'static str>,
}

fn sites() -> impl Strategy<Value = Site> {
    let headers = vec(select(HEADERS), 0..12);
    let scripts = vec((select(SCRIPTS), any::<bool>()), 0..3);
    let route = prop::option::of(select(ROUTES));
    let meta = prop::option::weighted(0.2, select(METAS));
    let (https, verified) = (prop::bool::weighted(0.8), prop::bool::weighted(0.9));
    (https, verified, route, headers, scripts, meta).prop_map(
        |(is_https, is_verified, route, headers, scripts, meta)| Site {
            is_https,
            is_verified,
            route,
            headers: headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            scripts: scripts.into_iter().map(|(src, has)| (src.to_owned(), has)).collect(),
            meta,
        },
    )
}

impl Site {
    fn graded(&self) -> Graded {
        let script = |(src, has): &(String, bool)| {
            let integrity = if *has { " integrity=sha384-x" } else { "" };
            format!("<script src={src}{integrity}></script>")
        };
        let meta = self.meta.map(|policy| {
            format!("<meta http-equiv=Content-Security-Policy content=\"{policy}\">")
        });
        let html: String = meta.into_iter().chain(self.scripts.iter().map(script)).collect();
        let scheme = if self.is_https { "https" } else { "http" };
        let captured = json!({"url": format!("{scheme}://shop.example/"), "headers": self.headers,
            "html": html, "hops": self.route, "verified": self.is_verified});
        let captured: Captured = serde_json::from_value(captured).unwrap();
        captured.graded(&PreloadList::default()).unwrap()
    }

    fn letter(&self) -> Letter {
        Letter::of(self.graded().score)
    }

    /// Does what a change says.
    fn make(&mut self, change: &Change) {
        let drop = |headers: &mut Vec<(String, String)>, name: &str| {
            headers.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        };
        match change {
            Change::Send(name, value) => {
                drop(&mut self.headers, name);
                self.headers.push(((*name).to_owned(), value.clone()));
            }
            Change::Drop(name) => drop(&mut self.headers, name),
            Change::OutOfPage(policy) => {
                self.meta = None;
                self.make(&Change::Send("Content-Security-Policy", policy.clone()));
            }
            Change::Cookies { http_only } => {
                let cookies = self.headers.iter_mut().filter(|(name, _)| name == "Set-Cookie");
                cookies.for_each(|(_, line)| *line = hardened(line, *http_only));
            }
            Change::Redirect => {
                self.route = Some(&["http://shop.example/", "https://shop.example/"]);
            }
            Change::Https => (self.is_https, self.is_verified) = (true, true),
            Change::Integrity(named) => {
                for (src, has_integrity) in &mut self.scripts {
                    if named.contains(src) {
                        let place = src.find("//").unwrap();
                        (*src, *has_integrity) = (format!("https:{}", &src[place..]), true);
                    }
                }
            }
        }
    }

    fn with<'c>(&self, changes: impl Iterator<Item = &'c Change>) -> Self {
        let mut site = self.clone();
        changes.for_each(|change| site.make(change));
        site
    }
}

/// A cookie with the attributes that servers give every cookie, and no others of their names.
fn hardened(line: &str, http_only: bool) -> String {
    let has = |attribute: &str, name: &str| attribute.trim().to_lowercase().starts_with(name);
    let others = line.split(';').filter(|attribute| {
        !["secure", "httponly", "samesite"].iter().any(|name| has(attribute, name))
    });
    let had_http_only = line.split(';').any(|attribute| has(attribute, "httponly"));
    let mut cookie = others.collect::<Vec<_>>().join(";") + "; Secure; SameSite=Lax";
    if http_only || had_http_only {
        cookie += "; HttpOnly";
    }
    cookie
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changes_lead_where_they_are_said_to_and_none_is_spare(site in sites()) {
        let graded = site.graded();
        let changes: Vec<&Change> = graded.to_top.iter().map(|step| step.what()).collect();
        let mut score = graded.score;
        for (index, step) in graded.to_top.iter().enumerate() {
            let reached = site.with(changes.iter().copied().take(index + 1)).graded().score;
            prop_assert_eq!(reached - score, step.gain, "{:?}", step.what());
            score = reached;
        }
        prop_assert_eq!(Letter::of(score), Letter::BEST, "{:?}", &changes);
        let all = (1_usize << changes.len()) - 1;
        for subset in 0..all {
            let chosen = changes.iter().enumerate().filter(|(index, _)| subset & 1 << index != 0);
            let letter = site.with(chosen.map(|(_, change)| *change)).letter();
            prop_assert!(letter > Letter::BEST, "{subset:b} of {changes:?} is enough");
        }
    }
}
