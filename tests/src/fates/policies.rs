//! Random policies, made to say something of the items of a page.

use fastrand::Rng;
use url::Url;

use super::asked::{Carrier, Delivered};
use super::targets::{chance, pick};

/// What of a page a policy may name.
#[derive(Debug, Default)]
pub(super) struct Clues {
    /// What it loads.
    pub(super) urls: Vec<Url>,
    /// Nonces and hashes of its code.
    pub(super) code: Vec<String>,
    /// Names of its Trusted Types policies.
    pub(super) names: Vec<String>,
}

/// Directives with a source list; `default-src` and those of scripts are frequent.
const DIRECTIVES: [&str; 19] = [
    "default-src",
    "script-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src",
    "style-src-elem",
    "style-src-attr",
    "img-src",
    "connect-src",
    "font-src",
    "media-src",
    "object-src",
    "frame-src",
    "child-src",
    "worker-src",
    "base-uri",
    "form-action",
    "prefetch-src",
];
const KEYWORDS: [&str; 11] = [
    "'unsafe-inline'",
    "'unsafe-inline'",
    "'unsafe-inline'",
    "'unsafe-eval'",
    "'unsafe-hashes'",
    "'unsafe-hashes'",
    "'strict-dynamic'",
    "'wasm-unsafe-eval'",
    "'report-sample'",
    "'trusted-types-eval'",
    "'UNSAFE-INLINE'",
];
const PLAIN: [&str; 16] = [
    "'self'", "'self'", "'self'", "'self'", "*", "*", "'none'", "http:", "https:", "ws:", "wss:",
    "data:", "blob:", "'SELF'", "HTTPS:", "self",
];

/// A host that only the policy of this number names, so that a violation tells whose it is, however a browser spells
/// the policy.
pub(super) fn mark(number: usize) -> String {
    format!("policy-{number}.test")
}

/// A page's policies: mostly one, sometimes more, some of which only report.
pub(super) fn page_policies(rng: &mut Rng, clues: &Clues, trusted_types: bool) -> Vec<Delivered> {
    let count = pick(rng, &[1, 1, 1, 1, 2, 2, 3]);
    let mut policies: Vec<Delivered> = Vec::new();
    while policies.len() < count {
        let mark = mark(policies.len());
        let by = pick(
            rng,
            &[
                Carrier::Header,
                Carrier::Header,
                Carrier::Header,
                Carrier::Meta,
                Carrier::ReportOnly,
            ],
        );
        let policy = format!("manifest-src {mark} {}", policy(rng, clues, trusted_types));
        policies.push(Delivered { by, policy });
    }
    policies
}

fn policy(rng: &mut Rng, clues: &Clues, trusted_types: bool) -> String {
    let mut directives = vec![source_list(rng, clues, "manifest-src")];
    for _ in 0..rng.usize(1..8) {
        let name = pick(rng, &DIRECTIVES);
        directives.push(format!("{name} {}", source_list(rng, clues, name)).trim_end().to_owned());
    }
    if trusted_types {
        if chance(rng, 70) {
            directives.push("require-trusted-types-for 'script'".to_owned());
        }
        if chance(rng, 70) {
            directives.push(trusted_types_directive(rng, clues));
        }
    }
    directives.join("; ")
}

fn trusted_types_directive(rng: &mut Rng, clues: &Clues) -> String {
    let mut words = vec!["trusted-types".to_owned()];
    for name in &clues.names {
        if chance(rng, 50) {
            words.push(name.clone());
        }
    }
    for (word, percent) in [("*", 15), ("'allow-duplicates'", 40), ("'none'", 15)] {
        if chance(rng, percent) {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}

fn source_list(rng: &mut Rng, clues: &Clues, directive: &str) -> String {
    let of_code = ["default-src", "worker-src"].contains(&directive)
        || directive.starts_with("script-")
        || directive.starts_with("style-");
    let count = rng.usize(0..7);
    let mut words: Vec<String> = Vec::new();
    for _ in 0..count {
        words.push(match rng.u32(..100) {
            0..40 if of_code && !clues.code.is_empty() => {
                clues.code[rng.usize(..clues.code.len())].clone()
            }
            40..60 if of_code => pick(rng, &KEYWORDS).to_owned(),
            60..85 if !clues.urls.is_empty() => {
                let about = rng.usize(..clues.urls.len());
                host_source(rng, &clues.urls[about])
            }
            _ => pick(rng, &PLAIN).to_owned(),
        });
    }
    words.join(" ")
}

/// A host-source that matches the URL, or just not.
pub(super) fn host_source(rng: &mut Rng, target: &Url) -> String {
    let scheme = match rng.u32(..10) {
        0..5 => String::new(),
        5..8 => format!("{}://", target.scheme()),
        8 => "http://".to_owned(),
        _ => pick(rng, &["https://", "ws://", "HTTP://", "wss://"]).to_owned(),
    };
    format!("{scheme}{}{}{}", host(rng, target), port(rng, target), path(rng, target))
}

fn host(rng: &mut Rng, target: &Url) -> String {
    let own = target.host_str().unwrap_or_default();
    let parent = own.split_once('.').map_or(own, |(_, parent)| parent);
    match rng.u32(..10) {
        0..6 => own.to_owned(),
        6 => own.to_ascii_uppercase(),
        7 => format!("*.{parent}"),
        8 => format!("*.{own}"),
        _ => "*".to_owned(),
    }
}

fn port(rng: &mut Rng, target: &Url) -> String {
    match (rng.u32(..10), target.port()) {
        (0..6, Some(port)) => format!(":{port}"),
        (0..6, None) => String::new(),
        (6..8, _) => format!(":{}", target.port_or_known_default().unwrap_or(80)),
        (8, _) => ":*".to_owned(),
        _ => pick(rng, &[":80", ":443", ":8080", ":0080", ""]).to_owned(),
    }
}

fn path(rng: &mut Rng, target: &Url) -> String {
    let own = target.path();
    match rng.u32(..12) {
        0..5 => String::new(),
        5..7 => own.to_owned(),
        7 => "/".to_owned(),
        8 => format!("{}/", own.trim_end_matches('/')),
        9 => own.rsplit_once('/').map_or("/", |(folder, _)| folder).to_owned() + "/",
        10 => {
            let others = ["/a", "/a/", "/%61/", "/a%2Fb", "/a/b", "/A/", "/a%3Fb", "/a%20*"];
            pick(rng, &others).to_owned()
        }
        _ => format!("{own}?x"),
    }
}

/// A `frame-ancestors` directive that speaks of these.
pub(super) fn frame_ancestors(rng: &mut Rng, ancestors: &[Url]) -> String {
    let mut words = vec!["frame-ancestors".to_owned()];
    for _ in 0..rng.usize(0..4) {
        let about = rng.usize(..ancestors.len());
        words.push(match rng.u32(..10) {
            0..6 => host_source(rng, &ancestors[about]),
            _ => pick(rng, &["'self'", "*", "'none'", "http:", "https:", "'SELF'"]).to_owned(),
        });
    }
    words.join(" ")
}
