//! What pages are made of.

use cspc_core::csp::HashAlgorithm;
use cspc_core::enforce::digest;
use fastrand::Rng;
use serde_json::{Value, json};
use url::Url;

use super::asked::{Asked, AskedInline, AskedRequest, Carrier, Delivered};
use super::policies::{Clues, frame_ancestors};
use super::targets::{as_socket, chance, pick, target, url, with_query};
use super::{Evidence, Item, Step};

/// A page in the making.
pub(super) struct Draft<'a> {
    pub(super) rng: &'a mut Rng,
    pub(super) page: &'a Url,
    pub(super) id: String,
    pub(super) clues: &'a mut Clues,
    /// Whether some policy of the page may require Trusted Types.
    pub(super) trusted_types: bool,
}

/// How an item comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// As often as chance will.
    Many,
    /// Once a page: its violations name no item.
    Once,
    /// Only where no policy requires Trusted Types: its string goes where they do.
    NoTrustedTypes,
    /// The same, once a page.
    OnceNoTrustedTypes,
    /// Only where policies speak of Trusted Types.
    TrustedTypes,
    /// The same, once a page.
    OnceTrustedTypes,
}

pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) limit: Limit,
    pub(super) weight: usize,
    make: fn(&mut Draft<'_>) -> Made,
}

/// An item without the parts that every item has.
#[derive(Default)]
struct Made {
    steps: Vec<Step>,
    keyword: Option<&'static str>,
    markup: String,
    operation: Option<Value>,
}

const fn kind(
    name: &'static str,
    weight: usize,
    limit: Limit,
    make: fn(&mut Draft<'_>) -> Made,
) -> Kind {
    Kind { name, limit, weight, make }
}

/// THE table of items.
pub(super) static KINDS: &[Kind] = &[
    kind("script", 4, Limit::Many, script),
    kind("created script", 3, Limit::NoTrustedTypes, created_script),
    kind("import", 1, Limit::Many, |draft| fetched(draft, "script", "script", "import", &[])),
    kind("style sheet", 3, Limit::Many, style_sheet),
    kind("created style sheet", 1, Limit::Many, created_style_sheet),
    kind("image", 2, Limit::Many, |draft| {
        parsed(draft, "image", "image", |url, id| format!("<img id={id} src={url}>"))
    }),
    kind("created image", 2, Limit::Many, |draft| created(draft, "image", "image", "img", "src")),
    kind("image button", 1, Limit::Many, |draft| {
        parsed(draft, "image", "image", |url, id| format!("<input type=image id={id} src={url}>"))
    }),
    kind("SVG image", 1, Limit::Many, |draft| {
        parsed(draft, "image", "image", |url, id| {
            format!("<svg><image id={id} href={url} /></svg>")
        })
    }),
    kind("poster", 1, Limit::Many, |draft| {
        parsed(draft, "image", "image", |url, id| format!("<video id={id} poster={url}></video>"))
    }),
    kind("data image", 1, Limit::Once, data_image),
    kind("frame", 2, Limit::Many, |draft| {
        parsed(draft, "iframe", "frame", |url, id| format!("<iframe id={id} src={url}></iframe>"))
    }),
    kind("created frame", 1, Limit::Many, created_frame),
    kind("embedded frame", 3, Limit::Many, embedded_frame),
    kind("frame in a frame", 2, Limit::Many, frame_in_frame),
    kind("sandboxed frame", 1, Limit::Many, sandboxed_frame),
    kind("object", 1, Limit::Many, |draft| {
        parsed(draft, "object", "image", |url, id| {
            format!("<object id={id} type=image/gif data={url}></object>")
        })
    }),
    kind("embed", 1, Limit::Many, |draft| {
        parsed(draft, "embed", "image", |url, id| {
            format!("<embed id={id} type=image/gif src={url}>")
        })
    }),
    kind("video", 1, Limit::Many, |draft| media(draft, "video")),
    kind("audio", 1, Limit::Many, |draft| media(draft, "audio")),
    kind("track", 1, Limit::Many, track),
    kind("font", 2, Limit::Many, |draft| fetched(draft, "font", "other", "font", &[])),
    kind("fetch", 2, Limit::Many, fetch),
    kind("XMLHttpRequest", 1, Limit::Many, |draft| fetched(draft, "", "other", "xhr", &[])),
    kind("beacon", 1, Limit::Many, |draft| fetched(draft, "", "other", "beacon", &[])),
    kind("event source", 1, Limit::Many, |draft| fetched(draft, "", "events", "events", &[])),
    kind("WebSocket", 2, Limit::Many, socket),
    kind("worker", 3, Limit::Many, |draft| worker(draft, "worker", "classic")),
    kind("module worker", 1, Limit::Many, |draft| worker(draft, "worker", "module")),
    kind("shared worker", 1, Limit::Many, |draft| worker(draft, "shared", "classic")),
    kind("form", 2, Limit::Many, form),
    kind("base", 2, Limit::Once, base),
    kind("preload", 1, Limit::Many, preload),
    kind("module preload", 1, Limit::Many, module_preload),
    kind("prefetch", 1, Limit::Many, prefetch),
    kind("manifest", 1, Limit::Once, |draft| {
        parsed(draft, "manifest", "manifest", |url, id| {
            format!("<link id={id} rel=manifest href={url}>")
        })
    }),
    kind("inline script", 5, Limit::Many, inline_script),
    kind("created inline script", 2, Limit::NoTrustedTypes, created_inline_script),
    kind("inline style", 4, Limit::Many, inline_style),
    kind("created inline style", 1, Limit::Many, created_inline_style),
    kind("event handler", 3, Limit::Many, event_handler),
    kind("created event handler", 1, Limit::NoTrustedTypes, created_event_handler),
    kind("style attribute", 3, Limit::Many, style_attribute),
    kind("created style attribute", 1, Limit::Many, created_style_attribute),
    kind("javascript: link", 2, Limit::OnceNoTrustedTypes, javascript_link),
    kind("srcdoc frame's script", 2, Limit::Many, srcdoc_script),
    kind("eval", 4, Limit::Once, eval),
    kind("wasm", 3, Limit::Once, wasm),
    kind("Trusted Types policy", 8, Limit::TrustedTypes, trusted_types_policy),
    kind("Trusted Types sink", 8, Limit::OnceTrustedTypes, trusted_types_sink),
];

impl Kind {
    pub(super) fn make(&self, draft: &mut Draft<'_>) -> Item {
        let Made { steps, keyword, markup, operation } = (self.make)(draft);
        Item { id: draft.id.clone(), kind: self.name, steps, keyword, markup, operation }
    }
}

impl Draft<'_> {
    /// The id of a part of the item.
    fn part(&self, name: &str) -> String {
        format!("{}.{name}", self.id)
    }

    /// Somewhere to load from, of which policies may speak.
    fn target(&mut self, served_as: &str, id: &str) -> Url {
        let target = target(self.rng, self.page);
        self.clues.urls.push(target.clone());
        with_query(target, &[("as", served_as), ("id", id)])
    }

    /// On the page's own origin, as workers must be.
    fn own_target(&mut self, served_as: &str, id: &str) -> Url {
        let mut own = target(self.rng, self.page);
        own.set_scheme(self.page.scheme()).expect("both are of HTTP");
        own.set_host(self.page.host_str()).expect("a host");
        own.set_port(self.page.port()).expect("a port");
        self.clues.urls.push(own.clone());
        with_query(own, &[("as", served_as), ("id", id)])
    }

    /// Where to go, and what is asked on the way, with a redirect now and then.
    fn route(
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

    fn nonce(&mut self) -> String {
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
    fn hint_hash(&mut self, code: &str) {
        if chance(self.rng, 60) {
            let (algorithm, name) = algorithm(self.rng);
            let value = spelled(self.rng, &digest(algorithm, code));
            self.clues.code.push(format!("'{name}-{value}'"));
        }
    }

    /// Integrity metadata for code, mostly none.
    fn integrity(&mut self, code: &str) -> String {
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
    fn sink(&self) -> Vec<Step> {
        if !self.trusted_types {
            return Vec::new();
        }
        vec![Step {
            asked: Asked::Sink,
            document: None,
            evidence: Evidence::Ran(self.part("passed")),
        }]
    }

    fn code(&self) -> String {
        run(&self.id)
    }
}

impl AskedRequest {
    fn to(destination: &str) -> Self {
        Self {
            url: url("http://unknown.invalid/"),
            destination: destination.to_owned(),
            initiator: String::new(),
            nonce: String::new(),
            integrity: String::new(),
            parser_inserted: false,
            redirect_count: 0,
        }
    }

    fn by_parser(destination: &str) -> Self {
        Self { parser_inserted: true, ..Self::to(destination) }
    }

    fn seen(self, url: Url, redirect_count: u32, id: String) -> Step {
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
fn run(id: &str) -> String {
    format!("cspcRan({})", json!(id))
}

/// Quoted for markup.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"))
}

/// Attributes that are there only if they say something.
fn attributes(pairs: &[(&str, &str)]) -> String {
    let written = pairs.iter().filter(|(_, value)| !value.is_empty());
    written.map(|(name, value)| format!(" {name}={}", quoted(value))).collect()
}

fn parsed(
    draft: &mut Draft<'_>,
    destination: &str,
    served_as: &str,
    markup: fn(&str, &str) -> String,
) -> Made {
    let (url, steps) = draft.route(served_as, &AskedRequest::by_parser(destination), true);
    Made { steps, markup: markup(&quoted(url.as_str()), &draft.id), ..Made::default() }
}

fn created(
    draft: &mut Draft<'_>,
    destination: &str,
    served_as: &str,
    tag: &str,
    attribute: &str,
) -> Made {
    let (url, steps) = draft.route(served_as, &AskedRequest::to(destination), true);
    let attributes = json!({ attribute: url });
    let operation = json!({ "operation": "element", "id": draft.id, "tag": tag, "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

/// By an operation that takes a URL.
fn fetched(
    draft: &mut Draft<'_>,
    destination: &str,
    served_as: &str,
    operation: &str,
    more: &[(&str, &str)],
) -> Made {
    let (url, steps) = draft.route(served_as, &AskedRequest::to(destination), true);
    let mut value = json!({ "operation": operation, "id": draft.id, "url": url });
    for (name, text) in more {
        value[*name] = json!(text);
    }
    Made { steps, operation: Some(value), ..Made::default() }
}

fn fetch(draft: &mut Draft<'_>) -> Made {
    let mode = pick(draft.rng, &["cors", "no-cors"]);
    fetched(draft, "", "other", "fetch", &[("mode", mode)])
}

fn script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let integrity = draft.integrity(&draft.code());
    let request = AskedRequest {
        nonce: nonce.clone(),
        integrity: integrity.clone(),
        ..AskedRequest::by_parser("script")
    };
    // Integrity is of what is at the end of a redirect, whose code is another.
    let (url, steps) = draft.route("script", &request, integrity.is_empty());
    let kind = pick(draft.rng, &["", "", "", "module", "text/javascript"]);
    let timing = pick(draft.rng, &["", "", " async", " defer"]);
    let cross = if integrity.is_empty() { "" } else { "anonymous" };
    let written = attributes(&[
        ("id", &draft.id),
        ("src", url.as_str()),
        ("nonce", &nonce),
        ("integrity", &integrity),
        ("crossorigin", cross),
        ("type", kind),
    ]);
    Made { steps, markup: format!("<script{written}{timing}></script>"), ..Made::default() }
}

fn created_script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let integrity = draft.integrity(&draft.code());
    let request = AskedRequest {
        nonce: nonce.clone(),
        integrity: integrity.clone(),
        ..AskedRequest::to("script")
    };
    let (url, steps) = draft.route("script", &request, integrity.is_empty());
    let mut attributes =
        json!({ "src": url, "nonce": nonce, "type": pick(draft.rng, &["", "module"]) });
    if !integrity.is_empty() {
        attributes["integrity"] = json!(integrity);
        attributes["crossorigin"] = json!("anonymous");
    }
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "script", "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn style_sheet(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let integrity = draft.integrity("");
    let request = AskedRequest {
        nonce: nonce.clone(),
        integrity: integrity.clone(),
        ..AskedRequest::by_parser("style")
    };
    let (url, steps) = draft.route("style", &request, true);
    let cross = if integrity.is_empty() { "" } else { "anonymous" };
    let written = attributes(&[
        ("id", &draft.id),
        ("rel", "stylesheet"),
        ("href", url.as_str()),
        ("nonce", &nonce),
        ("integrity", &integrity),
        ("crossorigin", cross),
    ]);
    Made { steps, markup: format!("<link{written}>"), ..Made::default() }
}

fn created_style_sheet(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let request = AskedRequest { nonce: nonce.clone(), ..AskedRequest::to("style") };
    let (url, steps) = draft.route("style", &request, true);
    let attributes = json!({ "rel": "stylesheet", "href": url, "nonce": nonce });
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "link", "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn data_image(draft: &mut Draft<'_>) -> Made {
    let data = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    let asked = Asked::Request(AskedRequest { url: url(data), ..AskedRequest::to("image") });
    let step = Step { asked, document: None, evidence: Evidence::Ran(draft.part("loaded")) };
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "img", "attributes": { "src": data }, "waits": ["load", "error"] });
    Made { steps: vec![step], keyword: Some("data"), operation: Some(operation), ..Made::default() }
}

fn created_frame(draft: &mut Draft<'_>) -> Made {
    created(draft, "iframe", "frame", "iframe", "src")
}

/// The frame's own policies on who may embed it.
fn framing_policies(draft: &mut Draft<'_>, ancestors: &[Url]) -> Vec<Delivered> {
    let count = pick(draft.rng, &[1, 1, 1, 2]);
    let policies = (0..count)
        .map(|_| Delivered { by: Carrier::Header, policy: frame_ancestors(draft.rng, ancestors) });
    policies.collect()
}

/// A frame at `place` that shows by a request whether it is shown, and the question of its ancestors.
fn framed(draft: &mut Draft<'_>, place: Url, id: &str, ancestors: Vec<Url>) -> (Url, Step) {
    let policies = framing_policies(draft, &ancestors);
    let shown = draft.part("shown");
    let mut inner = place.clone();
    inner.set_path("/");
    let inner = with_query(inner, &[("as", "image"), ("id", &shown)]);
    let mut query = vec![("as", "shown"), ("id", id), ("inner", inner.as_str())];
    query.extend(policies.iter().map(|delivered| ("csp", delivered.policy.as_str())));
    let url = with_query(place, &query);
    let step = Step {
        asked: Asked::Ancestors { urls: ancestors },
        document: Some((url.clone(), policies)),
        evidence: Evidence::Seen(shown),
    };
    (url, step)
}

fn embedded_frame(draft: &mut Draft<'_>) -> Made {
    let place = target(draft.rng, draft.page);
    draft.clues.urls.push(place.clone());
    let id = draft.id.clone();
    let ancestors = vec![draft.page.clone()];
    let (url, shown) = framed(draft, place, &id, ancestors);
    let steps = vec![AskedRequest::by_parser("iframe").seen(url.clone(), 0, id), shown];
    let markup = format!("<iframe id={} src={}></iframe>", draft.id, quoted(url.as_str()));
    Made { steps, markup, ..Made::default() }
}

fn frame_in_frame(draft: &mut Draft<'_>) -> Made {
    let outer = target(draft.rng, draft.page);
    draft.clues.urls.push(outer.clone());
    // Neither may be plain HTTP inside of HTTPS.
    let place = target(draft.rng, &outer);
    let (id, inner_id) = (draft.id.clone(), draft.part("inner"));
    let ancestors = vec![outer.clone(), draft.page.clone()];
    let (inner, shown) = framed(draft, place, &inner_id, ancestors);
    let outer = with_query(outer, &[("as", "outer"), ("id", &id), ("inner", inner.as_str())]);
    let steps = vec![AskedRequest::by_parser("iframe").seen(outer.clone(), 0, id), shown];
    let markup = format!("<iframe id={} src={}></iframe>", draft.id, quoted(outer.as_str()));
    Made { steps, markup, ..Made::default() }
}

fn sandboxed_frame(draft: &mut Draft<'_>) -> Made {
    let flags = ["allow-scripts", "allow-same-origin", "ALLOW-SCRIPTS", "allow-forms", "unknown"];
    let mut policy = "sandbox".to_owned();
    for flag in flags {
        if chance(draft.rng, 50) {
            policy.push(' ');
            policy.push_str(flag);
        }
    }
    let place = target(draft.rng, draft.page);
    draft.clues.urls.push(place.clone());
    let part = draft.part("sandbox");
    let mut inner = place.clone();
    inner.set_path("/");
    let inner = with_query(inner, &[("as", "image"), ("id", &part)]);
    let id = draft.id.clone();
    let query = [("as", "sandboxed"), ("id", &id), ("csp", &policy), ("inner", inner.as_str())];
    let url = with_query(place, &query);
    let document = Some((url.clone(), vec![Delivered { by: Carrier::Header, policy }]));
    let mut steps = vec![AskedRequest::by_parser("iframe").seen(url.clone(), 0, id)];
    steps.extend(["allow-scripts", "allow-same-origin"].map(|flag| Step {
        asked: Asked::Sandbox { flag: flag.to_owned() },
        document: document.clone(),
        evidence: Evidence::Seen(format!("{part}.{flag}")),
    }));
    let markup = format!("<iframe id={} src={}></iframe>", draft.id, quoted(url.as_str()));
    Made { steps, markup, ..Made::default() }
}

fn media(draft: &mut Draft<'_>, tag: &str) -> Made {
    let (url, steps) = draft.route("other", &AskedRequest::to(tag), true);
    let operation = json!({ "operation": "element", "id": draft.id, "tag": tag, "attributes": { "preload": "auto", "src": url }, "waits": ["loadeddata", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn track(draft: &mut Draft<'_>) -> Made {
    let (url, steps) = draft.route("other", &AskedRequest::to("track"), true);
    let operation = json!({ "operation": "track", "id": draft.id, "attributes": { "default": "", "src": url } });
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn socket(draft: &mut Draft<'_>) -> Made {
    let id = draft.id.clone();
    let url = as_socket(&draft.target("other", &id));
    draft.clues.urls.push(url.clone());
    let steps = vec![AskedRequest::to("").seen(url.clone(), 0, id)];
    let operation = json!({ "operation": "socket", "id": draft.id, "url": url });
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn worker(draft: &mut Draft<'_>, operation: &str, kind: &str) -> Made {
    let id = draft.id.clone();
    let url = draft.own_target("worker", &id);
    let destination = if operation == "shared" { "sharedworker" } else { "worker" };
    let mut steps = draft.sink();
    steps.push(AskedRequest::to(destination).seen(url.clone(), 0, id));
    let operation = json!({ "operation": operation, "id": draft.id, "url": url, "type": kind });
    Made { steps, operation: Some(operation), ..Made::default() }
}

/// Into a frame, so that `frame-src` has its say as well.
fn form(draft: &mut Draft<'_>) -> Made {
    let method = pick(draft.rng, &["get", "post"]);
    let (url, requests) = draft.route("frame", &AskedRequest::to("iframe"), true);
    let mut steps = Vec::new();
    for request in requests {
        let Asked::Request(asked) = &request.asked else { continue };
        let asked =
            Asked::FormAction { url: asked.url.clone(), redirect_count: asked.redirect_count };
        // Both are asked of one request: either alone shows nothing.
        steps.push(Step { asked, ..request.clone() });
        steps.push(request);
    }
    let operation = json!({ "operation": "form", "id": draft.id, "url": url, "method": method });
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn base(draft: &mut Draft<'_>) -> Made {
    let id = draft.id.clone();
    let url = draft.target("other", &id);
    let step = Step {
        asked: Asked::Base { url: url.clone() },
        document: None,
        evidence: Evidence::Base(url.clone()),
    };
    let markup = format!("<base id={} href={}>", draft.id, quoted(url.as_str()));
    Made { steps: vec![step], markup, ..Made::default() }
}

fn preload(draft: &mut Draft<'_>) -> Made {
    let destination = pick(draft.rng, &["script", "style", "image", "font", "fetch"]);
    let request = AskedRequest::to(if destination == "fetch" { "" } else { destination });
    let (url, steps) = draft.route("other", &request, true);
    let cross = if ["font", "fetch"].contains(&destination) { "anonymous" } else { "" };
    let mut attributes = json!({ "rel": "preload", "as": destination, "href": url });
    if !cross.is_empty() {
        attributes["crossorigin"] = json!(cross);
    }
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "link", "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

/// HTML, "process a modulepreload": whoever makes the element, its request is not the parser's.
fn module_preload(draft: &mut Draft<'_>) -> Made {
    let (url, steps) = draft.route("script", &AskedRequest::to("script"), true);
    let markup = format!("<link id={} rel=modulepreload href={}>", draft.id, quoted(url.as_str()));
    Made { steps, markup, ..Made::default() }
}

fn prefetch(draft: &mut Draft<'_>) -> Made {
    let request = AskedRequest { initiator: "prefetch".to_owned(), ..AskedRequest::to("") };
    let (url, steps) = draft.route("other", &request, true);
    let attributes = json!({ "rel": "prefetch", "href": url });
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "link", "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn ran(draft: &Draft<'_>, inline: AskedInline) -> Step {
    let evidence = Evidence::Ran(draft.id.clone());
    Step { asked: Asked::Inline(inline), document: None, evidence }
}

fn inline(kind: &str, content: &str, nonce: &str, parser_inserted: bool) -> AskedInline {
    AskedInline {
        kind: kind.to_owned(),
        content: content.to_owned(),
        nonce: nonce.to_owned(),
        parser_inserted,
        attributes: Default::default(),
    }
}

fn inline_script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    // A parser turns every end of a line into a line feed.
    let end = pick(draft.rng, &["", "", "\n", "\r\n", " // é"]);
    let written = format!("{}{end}", draft.code());
    let content = written.replace("\r\n", "\n");
    draft.hint_hash(&content);
    let mut asked = inline("script", &content, &nonce, true);
    let extra = pick(draft.rng, &["", "", "", "x", "a <Script b"]);
    if !extra.is_empty() {
        asked.attributes.insert("data-x".to_owned(), extra.to_owned());
    }
    let kind = pick(draft.rng, &["", "", "module"]);
    let attributes =
        attributes(&[("id", &draft.id), ("nonce", &nonce), ("type", kind), ("data-x", extra)]);
    let script = format!("<script{attributes}>{written}</script>");
    let markup = if chance(draft.rng, 15) && !written.contains("//") {
        format!("<svg>{script}</svg>")
    } else {
        script
    };
    Made { steps: vec![ran(draft, asked)], markup, ..Made::default() }
}

fn created_inline_script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let code = draft.code();
    draft.hint_hash(&code);
    let steps = vec![ran(draft, inline("script", &code, &nonce, false))];
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "script", "attributes": { "nonce": nonce }, "text": code });
    Made { steps, operation: Some(operation), ..Made::default() }
}

/// An element that shows whether the style named after the item is applied.
fn styled(id: &str) -> String {
    format!("<p data-styled={id}></p>")
}

fn inline_style(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let id = &draft.id;
    let content = format!("[data-styled=\"{id}\"] {{ --ran: {id} }}\n");
    let attributes = attributes(&[("id", id), ("nonce", &nonce)]);
    let markup = format!("{}<style{attributes}>{content}</style>", styled(id));
    draft.hint_hash(&content);
    Made {
        steps: vec![ran(draft, inline("style", &content, &nonce, true))],
        markup,
        ..Made::default()
    }
}

fn created_inline_style(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let id = &draft.id;
    let content = format!("[data-styled=\"{id}\"] {{ --ran: {id} }}");
    let operation = json!({ "operation": "element", "id": id, "tag": "style", "attributes": { "nonce": nonce }, "text": content });
    let markup = styled(id);
    draft.hint_hash(&content);
    let steps = vec![ran(draft, inline("style", &content, &nonce, false))];
    Made { steps, markup, operation: Some(operation), ..Made::default() }
}

fn event_handler(draft: &mut Draft<'_>) -> Made {
    let code = draft.code();
    draft.hint_hash(&code);
    let markup = format!("<p id={} onclick={}></p>", draft.id, quoted(&code));
    let operation = json!({ "operation": "click", "id": draft.id });
    let steps = vec![ran(draft, inline("event-handler", &code, "", true))];
    Made { steps, markup, operation: Some(operation), ..Made::default() }
}

fn created_event_handler(draft: &mut Draft<'_>) -> Made {
    let code = draft.code();
    draft.hint_hash(&code);
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "p", "attributes": { "onclick": code }, "clicks": true });
    let steps = vec![ran(draft, inline("event-handler", &code, "", false))];
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn style_attribute(draft: &mut Draft<'_>) -> Made {
    let id = &draft.id;
    let style = format!("--ran: {id}");
    let markup = format!("<p id={id} data-styled={id} style={}></p>", quoted(&style));
    draft.hint_hash(&style);
    let steps = vec![ran(draft, inline("style-attribute", &style, "", true))];
    Made { steps, markup, ..Made::default() }
}

fn created_style_attribute(draft: &mut Draft<'_>) -> Made {
    let id = draft.id.clone();
    let style = format!("--ran: {id}");
    draft.hint_hash(&style);
    let attributes = json!({ "data-styled": id, "style": style });
    let operation =
        json!({ "operation": "element", "id": id, "tag": "p", "attributes": attributes });
    let steps = vec![ran(draft, inline("style-attribute", &style, "", false))];
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn javascript_link(draft: &mut Draft<'_>) -> Made {
    let address = format!("javascript:void(cspcRan('{}'))", draft.id);
    draft.hint_hash(&address);
    let markup = format!("<a id={} href={}></a>", draft.id, quoted(&address));
    let operation = json!({ "operation": "follow", "id": draft.id });
    let steps = vec![ran(draft, inline("javascript-url", &address, "", false))];
    Made { steps, markup, operation: Some(operation), keyword: Some("inline") }
}

fn srcdoc_script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let code = format!("parent.{}", draft.code());
    draft.hint_hash(&code);
    let attributes = attributes(&[("id", &draft.id), ("nonce", &nonce)]);
    let document = format!("<script{attributes}>{code}</script>");
    let markup = format!("<iframe srcdoc={}></iframe>", quoted(&document));
    let steps = vec![ran(draft, inline("script", &code, &nonce, true))];
    Made { steps, markup, ..Made::default() }
}

fn eval(draft: &mut Draft<'_>) -> Made {
    let code = draft.code();
    let by = pick(draft.rng, &["eval", "eval", "function", "timeout"]);
    let mut steps = if draft.trusted_types {
        // A string that Trusted Types keep out does not run, for which there is no sign of its own.
        let evidence = Evidence::Ran(draft.id.clone());
        vec![Step { asked: Asked::Sink, document: None, evidence }]
    } else {
        Vec::new()
    };
    steps.push(Step {
        asked: Asked::Eval { source: code.clone() },
        document: None,
        evidence: Evidence::Ran(draft.id.clone()),
    });
    let operation = json!({ "operation": "code", "id": draft.id, "by": by, "code": code });
    Made { steps, keyword: Some("eval"), operation: Some(operation), ..Made::default() }
}

fn wasm(draft: &mut Draft<'_>) -> Made {
    let evidence = Evidence::Ran(draft.id.clone());
    let operation = json!({ "operation": "wasm", "id": draft.id });
    let steps = vec![Step { asked: Asked::Wasm, document: None, evidence }];
    Made { steps, keyword: Some("wasm-eval"), operation: Some(operation), ..Made::default() }
}

fn trusted_types_policy(draft: &mut Draft<'_>) -> Made {
    let name = pick(draft.rng, &["one", "two", "One", "a#b", "a b", "default-1"]).to_owned();
    // What exists depends on which of the same name came first and was allowed: each name is the item's own, mostly.
    let name = format!("{name}{}", draft.id);
    draft.clues.names.push(name.clone());
    let asked = Asked::TrustedTypesPolicy { name: name.clone(), exists: false };
    let evidence = Evidence::Ran(draft.part("passed"));
    let operation = json!({ "operation": "policy", "id": draft.id, "name": name });
    let steps = vec![Step { asked, document: None, evidence }];
    Made { steps, operation: Some(operation), ..Made::default() }
}

fn trusted_types_sink(draft: &mut Draft<'_>) -> Made {
    let operation = json!({ "operation": "sink", "id": draft.id });
    Made { steps: draft.sink(), operation: Some(operation), ..Made::default() }
}
