//! The sites of a Caddyfile, and the routes in them, in the order in which Caddy takes them.

use std::collections::BTreeMap;

use super::header::Header;
use super::matcher::{self, Matcher, Named};
use super::order::{self, Order};
use super::statuses::Statuses;
use crate::deployment::directive::{Directive, Word};
use crate::plan::Scheme;
use crate::text::Span;

/// A site: what is answered under one name.
#[derive(Debug, Default)]
pub(super) struct Site {
    /// The name of the host; empty for all.
    pub(super) host: String,
    pub(super) schemes: Vec<Scheme>,
    pub(super) at: Span,
    pub(super) routes: Vec<Route>,
    pub(super) errors: Vec<ErrorRoutes>,
}

/// The routes of `handle_errors`.
#[derive(Clone, Debug)]
pub(super) struct ErrorRoutes {
    /// The statuses that it is for; empty for all.
    pub(super) statuses: Vec<Statuses>,
    pub(super) routes: Vec<Route>,
}

/// A step, and which requests take it.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) matcher: Option<Matcher>,
    /// Of the routes with the same number that follow each other, a request takes the first one alone.
    pub(super) group: Option<&'static str>,
    pub(super) step: Step,
    pub(super) at: Span,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Header(Header),
    /// `handle` and `route`, and the beginning that `handle_path` cuts off the path.
    Routes {
        routes: Vec<Route>,
        strip: String,
    },
    Map(Map),
    /// `rewrite`, and `try_files`, whose last file stands for all that are missing.
    Rewrite(Word),
    TryFiles(Option<Word>),
    Strip {
        prefix: String,
        suffix: String,
    },
    /// `respond` and `redir`; no status is 200, or that of the error.
    Respond(Option<u16>),
    Error(u16),
    Application(Header),
    Files,
    /// The connection ends.
    Abort,
}

/// `map`: placeholders by the value of another text.
#[derive(Clone, Debug)]
pub(super) struct Map {
    pub(super) source: Word,
    pub(super) names: Vec<String>,
    /// The inputs, and a value for each name.
    pub(super) rows: Vec<(String, Vec<Word>)>,
}

/// The sites of a file. One without a block is the only one; directives without a site are part of some site.
pub(super) fn of(directives: &[Directive]) -> Vec<Site> {
    let is_options = |directive: &Directive| directive.name.text.is_empty();
    let (options, rest) = match directives.split_first() {
        Some((first, rest)) if is_options(first) => (first.children(), rest),
        _ => (&[][..], directives),
    };
    let order = Order::new(options);
    match rest.split_first() {
        None => Vec::new(),
        Some((first, _))
            if first.name.text.starts_with('@') || order::is_directive(&first.name.text) =>
        {
            let mut site = Site {
                schemes: vec![Scheme::Http, Scheme::Https],
                at: first.span(),
                ..Site::default()
            };
            site.fill(rest, &order);
            // It stands before something that answers.
            site.routes.push(Route { matcher: None, group: None, step: Step::Files, at: site.at });
            vec![site]
        }
        Some((first, body)) if first.block.is_none() => sites(first, body, &order),
        Some(_) => rest.iter().flat_map(|site| sites(site, site.children(), &order)).collect(),
    }
}

/// A site for each host that an address names.
fn sites(head: &Directive, body: &[Directive], order: &Order) -> Vec<Site> {
    let has_tls = body.iter().any(|directive| directive.is("tls"));
    let mut hosts: BTreeMap<String, Vec<Scheme>> = BTreeMap::new();
    let words = [&head.name].into_iter().chain(&head.arguments);
    for address in words.flat_map(|word| word.text.split(',')).filter(|address| !address.is_empty())
    {
        let (host, scheme) = address_of(address, has_tls);
        hosts.entry(host).or_default().push(scheme);
    }
    let site = |(host, mut schemes): (String, Vec<Scheme>)| {
        schemes.dedup();
        let mut site = Site { host, schemes, at: head.span(), ..Site::default() };
        site.fill(body, order);
        site
    };
    hosts.into_iter().map(site).collect()
}

/// The host of an address, and how it is reached: over HTTPS, unless it has no name that a certificate could be for, or
/// says otherwise.
fn address_of(address: &str, has_tls: bool) -> (String, Scheme) {
    let (scheme, rest) =
        address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority, ""),
    };
    let is_plain = match (scheme, port) {
        ("http", _) | (_, "80") => true,
        ("https", _) | (_, "443") => false,
        _ => host.is_empty() && !has_tls,
    };
    (host.to_owned(), if is_plain { Scheme::Http } else { Scheme::Https })
}

impl Site {
    fn fill(&mut self, body: &[Directive], order: &Order) {
        let named = with_defined(body, &Named::default());
        self.routes = sorted(body, &named, order);
        for errors in body.iter().filter(|directive| directive.is("handle_errors")) {
            let statuses = errors.arguments.iter().filter_map(Statuses::of).collect();
            let routes = inner(errors.children(), &named, order);
            self.errors.push(ErrorRoutes { statuses, routes });
        }
    }
}

/// The matchers that a block can name: its own, and those around it.
fn with_defined(block: &[Directive], outer: &Named) -> Named {
    let defined = block.iter().filter(|directive| directive.name.text.starts_with('@'));
    let own = defined.map(|it| (it.name.text.clone(), Matcher::defined(it)));
    outer.clone().into_iter().chain(own).collect()
}

/// The routes of a block, by the order of directives and then by how precise their matchers are.
fn sorted(block: &[Directive], named: &Named, order: &Order) -> Vec<Route> {
    let mut turns: BTreeMap<usize, Vec<Route>> = BTreeMap::new();
    for directive in block {
        if let Some(turn) = order.place_of(&directive.name.text) {
            turns.entry(turn).or_default().extend(routes(directive, named, order));
        }
    }
    for routes in turns.values_mut() {
        order::sort(routes, |route| Matcher::precision(route.matcher.as_ref()));
    }
    turns.into_values().flatten().collect()
}

/// The routes of one directive.
fn routes(directive: &Directive, named: &Named, order: &Order) -> Vec<Route> {
    let (matcher, skip) = matcher::of(directive, named);
    let group = match directive.name.text.as_str() {
        "handle" | "handle_path" => Some("handle"),
        "rewrite" => Some("rewrite"),
        _ => None,
    };
    let at = directive.span();
    let route = |step| Route { matcher: matcher.clone(), group, step, at };
    steps(directive, skip, named, order).into_iter().map(route).collect()
}

fn steps(directive: &Directive, skip: usize, named: &Named, order: &Order) -> Vec<Step> {
    let words = directive.arguments.get(skip..).unwrap_or_default();
    let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
    let block = directive.children();
    let step = match directive.name.text.as_str() {
        "header" => return Header::of(directive, skip).into_iter().map(Step::Header).collect(),
        "handle" => Step::Routes { routes: inner(block, named, order), strip: String::new() },
        "handle_path" => {
            let strip =
                directive.argument(0).trim_end_matches('*').trim_end_matches('/').to_owned();
            Step::Routes { routes: inner(block, named, order), strip }
        }
        // What stands in a `route` keeps its order.
        "route" => {
            let named = with_defined(block, named);
            let routes = block.iter().flat_map(|it| routes(it, &named, order)).collect();
            Step::Routes { routes, strip: String::new() }
        }
        "map" => match map(words, block) {
            Some(map) => Step::Map(map),
            None => return Vec::new(),
        },
        "rewrite" => match words.first() {
            Some(to) => Step::Rewrite(to.clone()),
            None => return Vec::new(),
        },
        "uri" => match text(0) {
            "strip_prefix" => Step::Strip { prefix: text(1).to_owned(), suffix: String::new() },
            "strip_suffix" => Step::Strip { prefix: String::new(), suffix: text(1).to_owned() },
            _ => return Vec::new(),
        },
        "try_files" => Step::TryFiles(words.last().cloned()),
        "redir" => Step::Respond(Some(redirect_status(text(1)))),
        "respond" => Step::Respond(response_status(words, block)),
        "error" => {
            Step::Error(words.iter().rev().find_map(|word| word.text.parse().ok()).unwrap_or(500))
        }
        "reverse_proxy" | "php_fastcgi" => Step::Application(Header::down(directive)),
        "file_server" => Step::Files,
        "abort" => Step::Abort,
        _ => return Vec::new(),
    };
    vec![step]
}

fn inner(block: &[Directive], named: &Named, order: &Order) -> Vec<Route> {
    sorted(block, &with_defined(block, named), order)
}

fn redirect_status(code: &str) -> u16 {
    match code {
        "permanent" => 301,
        "html" => 200,
        _ => code.parse().unwrap_or(302),
    }
}

/// `respond 404`, `respond "text" 404`, or the status in a block.
fn response_status(words: &[Word], block: &[Directive]) -> Option<u16> {
    let is_status = |word: &&Word| word.text.len() == 3;
    let own = match words {
        [only] => Some(only).filter(is_status),
        [_, status, ..] => Some(status),
        [] => None,
    };
    let inner = block.iter().find(|line| line.is("status")).and_then(|line| line.arguments.first());
    own.or(inner)?.text.parse().ok()
}

/// `map SOURCE {name}… { input value… }`.
fn map(words: &[Word], block: &[Directive]) -> Option<Map> {
    let (source, names) = words.split_first()?;
    let bare = |word: &Word| word.text.trim_start_matches('{').trim_end_matches('}').to_owned();
    let row = |line: &Directive| (line.name.text.clone(), line.arguments.clone());
    let (names, rows) = (names.iter().map(bare).collect(), block.iter().map(row).collect());
    Some(Map { source: source.clone(), names, rows })
}
