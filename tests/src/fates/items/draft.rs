//! A page in the making, and what its items have in common.

use cspc_core::csp::HashAlgorithm;
use cspc_core::enforce::digest;
use fastrand::Rng;
use serde_json::{Value, json};
use url::Url;

use crate::fates::asked::{Asked, AskedRequest};
use crate::fates::policies::Clues;
use crate::fates::targets::{chance, pick, target, url, with_query};
use crate::fates::{Evidence, Step};

/// A page in the making.
pub(in crate::fates) struct Draft<'a> {
    pub(in crate::fates) rng: &'a mut Rng,
    pub(in crate::fates) page: &'a Url,
    pub(in crate::fates) id: String,
    pub(in crate::fates) clues: &'a mut Clues,
    /// Whether some policy of the page may require Trusted Types.
    pub(in crate::fates) trusted_types: bool,
}

/// An item without the parts that every item has.
#[derive(Default)]
pub(super) struct Made {
    pub(super) steps: Vec<Step>,
    pub(super) keyword: Option<&'static str>,
    pub(super) markup: String,
    pub(super) operation: Option<Value>,
}

impl Draft<'_> {
    /// The id of a part of the item.
    pub(super) fn part(&self, name: &str) -> String {
        format!("{}.{name}", self.id)
    }

    /// Somewhere to load from, of which policies may speak.
    pub(super) fn target(&mut self, served_as: &str, id: &str) -> Url {
        let target = target(self.rng, self.page);
        self.clues.urls.push(target.clone());
        with_query(target, &[("as", served_as), ("id", id)])
    }

    /// On the page's own origin, as workers must be.
    pub(super) fn own_target(&mut self, served_as: &str, id: &str) -> Url {
        let mut own = target(self.rng, self.page);
        own.set_scheme(self.page.scheme()).expect("both are of HTTP");
        own.set_host(self.page.host_str()).expect("a host");
        own.set_port(self.page.port()).expect("a port");
        self.clues.urls.push(own.clone());
        with_query(own, &[("as", served_as), ("id", id)])
    }

    /// Where to go, and what is asked on the way, with a redirect now and then.
    pub(super) fn route(
        &mut self,
        served_as: &str,
        request: &AskedRequest,
        redirects: bool,
    ) -> (Url, Vec<Step>) {
        if !redirects || !chance(self.rng, 25) {
            let id = self.id.clone();
            let url = self.target(served_as, &id);
            return (url.clone(), vec![request.clone().seen(url, 0, id)]);
        }
        let (first_id, last_id) = (self.id.clone(), self.part("1"));
        let last = self.target(served_as, &last_id);
        let first = self.target("other", &first_id);
        let first = with_query(first, &[("id", &first_id), ("to", last.as_str())]);
        let steps = vec![
            request.clone().seen(first.clone(), 0, first_id),
            request.clone().seen(last, 1, last_id),
        ];
        (first, steps)
    }

    pub(super) fn nonce(&mut self) -> String {
        if !chance(self.rng, 35) {
            return String::new();
        }
        let nonce = pick(self.rng, &["abc", "abc", "Abc", "a+b/c=", "x-y_z", "not a nonce"]);
        if chance(self.rng, 60) && !nonce.contains(' ') {
            self.clues.code.push(format!("'nonce-{nonce}'"));
        }
        nonce.to_owned()
    }

    /// Lets policies know the code, mostly.
    pub(super) fn hint_hash(&mut self, code: &str) {
        if chance(self.rng, 60) {
            let (algorithm, name) = algorithm(self.rng);
            let value = spelled(self.rng, &digest(algorithm, code));
            self.clues.code.push(format!("'{name}-{value}'"));
        }
    }

    /// Integrity metadata for code, mostly none.
    pub(super) fn integrity(&mut self, code: &str) -> String {
        if !chance(self.rng, 35) {
            return String::new();
        }
        let mut words = Vec::new();
        for _ in 0..pick(self.rng, &[1, 1, 1, 2]) {
            let (algorithm, _) = algorithm(self.rng);
            let value = digest(algorithm, code);
            if chance(self.rng, 75) {
                self.clues.code.push(format!("'{}-{value}'", algorithm.as_str()));
            }
            words.push(format!("{}-{value}", algorithm.as_str()));
        }
        words.join(" ")
    }

    /// The questions that come before a string reaches a sink.
    pub(super) fn sink(&self) -> Vec<Step> {
        if !self.trusted_types {
            return Vec::new();
        }
        vec![Step {
            asked: Asked::Sink,
            document: None,
            evidence: Evidence::Ran(self.part("passed")),
        }]
    }

    pub(super) fn code(&self) -> String {
        run(&self.id)
    }
}

impl AskedRequest {
    pub(super) fn to(destination: &str) -> Self {
        Self {
            url: url("http://unknown.invalid/"),
            destination: destination.to_owned(),
            initiator: String::new(),
            nonce: String::new(),
            integrity: String::new(),
            parser_inserted: false,
            redirect_count: 0,
            keepalive: false,
        }
    }

    pub(super) fn by_parser(destination: &str) -> Self {
        Self { parser_inserted: true, ..Self::to(destination) }
    }

    pub(super) fn seen(self, url: Url, redirect_count: u32, id: String) -> Step {
        let asked = Asked::Request(Self { url, redirect_count, ..self });
        Step { asked, document: None, evidence: Evidence::Seen(id) }
    }
}

fn algorithm(rng: &mut Rng) -> (HashAlgorithm, &'static str) {
    pick(
        rng,
        &[
            (HashAlgorithm::Sha256, "sha256"),
            (HashAlgorithm::Sha256, "sha256"),
            (HashAlgorithm::Sha384, "sha384"),
            (HashAlgorithm::Sha512, "sha512"),
            (HashAlgorithm::Sha256, "SHA256"),
            (HashAlgorithm::Sha256, "sha-256"),
            (HashAlgorithm::Sha512, "sha384"),
        ],
    )
}

/// A digest as policies spell it, rightly or not.
fn spelled(rng: &mut Rng, value: &str) -> String {
    match rng.u32(..20) {
        0 => value.replace('+', "-").replace('/', "_"),
        1 => value.trim_end_matches('=').to_owned(),
        2 => value.to_ascii_lowercase(),
        _ => value.to_owned(),
    }
}

/// What the server sends for a script, too.
pub(super) fn run(id: &str) -> String {
    format!("cspcRan({})", json!(id))
}

/// Quoted for markup.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"))
}

/// Attributes that are there only if they say something.
pub(super) fn attributes(pairs: &[(&str, &str)]) -> String {
    let written = pairs.iter().filter(|(_, value)| !value.is_empty());
    written.map(|(name, value)| format!(" {name}={}", quoted(value))).collect()
}
