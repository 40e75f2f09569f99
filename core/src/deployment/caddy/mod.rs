//! Caddy: what each site sends, as the server itself would work it out.
//!
//! Directives have an order of their own. A `header` line counts at once, or, if it is put off, when the response is
//! written: after what an application sends, and not with the errors that Caddy makes by itself.

mod header;
mod lexer;
mod matcher;
mod mistakes;
mod order;
mod placeholder;
mod request;
mod site;
mod statuses;
mod tree;

use std::collections::BTreeMap;
use std::path::Path;

use super::include::{Failed, Loader};
use crate::configuration::{Asked, Caught, Note, Place, grouped, normalized};
use crate::plan::Scheme;
use crate::text::Span;
use matcher::Matcher;
pub(super) use mistakes::help;
use request::Request;
use site::{Route, Site, Step};

/// What no part of a path is; stands for what a pattern leaves open.
const SOME_NAME: &str = "\u{FFFD}";

/// How many routes are looked at for all places together.
const WORK: usize = 1_000_000;

/// A configuration that has been read.
#[derive(Debug)]
pub(super) struct Caddy {
    sites: Vec<Site>,
    traps: Vec<Caught>,
}

/// Whether a text is one, by its name or by its first line: a snippet, or the address of a site.
pub(super) fn is_one(name: &str, text: &str) -> bool {
    let path = Path::new(name);
    let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_named = file == "Caddyfile" || file.starts_with("Caddyfile.");
    let mut lines = text.lines().map(str::trim);
    let code = lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let first = code.split([' ', '\t', ',']).next().unwrap_or_default();
    let is_snippet = first.starts_with('(') && first.ends_with(')');
    let is_port =
        |word: &str| word.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let is_host = first.contains('.') || first.starts_with("localhost");
    let is_address =
        is_port(first) || first.starts_with("http://") || first.starts_with("https://") || is_host;
    is_named
        || path.extension().is_some_and(|extension| extension == "caddyfile")
        || (code.ends_with(" {") && (is_snippet || is_address))
}

pub(super) fn read(loader: &mut Loader<'_>) -> Result<Caddy, Failed> {
    let directives = tree::read(loader)?;
    Ok(Caddy { sites: site::of(&directives), traps: mistakes::of(&directives) })
}

impl Caddy {
    /// What is sent from each path that a matcher of a site names.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut left = WORK;
        let mut places = Vec::new();
        for (site, scheme) in self.reached() {
            let matchers = matchers(site);
            let work = (1 + matchers.len()).saturating_mul(1 + count(&site.routes));
            let Some(rest) = left.checked_sub(work) else {
                places.push(left_out(site, scheme));
                continue;
            };
            left = rest;
            places.extend(of_path(site, scheme, None));
            places.extend(matchers.values().flat_map(|it| of_path(site, scheme, Some(it))));
        }
        places
    }

    /// What each site sends for a request.
    pub(super) fn asked(&self, asked: &Asked<'_>) -> Vec<Place> {
        let reached = self.reached().filter(|(_, scheme)| *scheme == asked.scheme);
        let asked = reached.filter_map(|(site, scheme)| {
            normalized(asked.path)?;
            let request = Request::new(site, scheme, asked.status).path(asked.path);
            Some(place(site, scheme, asked.path.to_owned(), request))
        });
        asked.collect()
    }

    /// What is wrong with it that what is sent does not show.
    pub(super) fn caught(&self) -> Vec<Caught> {
        let mut caught = self.traps.clone();
        for (site, scheme) in self.reached() {
            let matchers = matchers(site);
            let count = WORK / (1 + count(&site.routes));
            let ways = std::iter::once(None).chain(matchers.values().map(|it| Some(*it)));
            for matcher in ways.take(count) {
                let answered = request(site, scheme, matcher, 200).answered();
                mistakes::doubled(&answered, &mut caught);
            }
        }
        caught
    }

    fn reached(&self) -> impl Iterator<Item = (&Site, Scheme)> {
        self.sites.iter().flat_map(|site| site.schemes.iter().map(move |scheme| (site, *scheme)))
    }
}

/// A request that a matcher holds for, or else none.
fn request<'c>(
    site: &'c Site,
    scheme: Scheme,
    matcher: Option<&Matcher>,
    status: u16,
) -> Request<'c> {
    let path = match matcher {
        None => Some(format!("/{SOME_NAME}")),
        Some(matcher) => matcher.some_path(SOME_NAME),
    };
    Request::new(site, scheme, status).example(path, matcher.map(|matcher| matcher.at))
}

fn of_path(site: &Site, scheme: Scheme, matcher: Option<&Matcher>) -> Vec<Place> {
    let name = matcher.map_or("elsewhere", |matcher| &matcher.name);
    let answers = [200, 301, 304, 404]
        .map(|status| place(site, scheme, name.to_owned(), request(site, scheme, matcher, status)));
    let mut places = grouped(answers);
    places.iter_mut().for_each(|place| place.statuses.dedup());
    places
}

fn place(site: &Site, scheme: Scheme, name: String, request: Request<'_>) -> Place {
    Place { site: site_name(site, scheme), name, ..request.answered().place }
}

fn site_name(site: &Site, scheme: Scheme) -> String {
    let scheme = if scheme == Scheme::Https { "https" } else { "http" };
    let host = if site.host.is_empty() { "*" } else { &site.host };
    format!("{scheme}://{host}")
}

/// What is said of a site with too many places.
fn left_out(site: &Site, scheme: Scheme) -> Place {
    let text = "more matchers and headers than can be listed: ask for paths".to_owned();
    let notes = vec![Note { text, at: site.at }];
    Place { site: site_name(site, scheme), name: "…".to_owned(), notes, ..Place::default() }
}

/// The matchers of a site that ask for a path, each once, in the order of the file.
fn matchers(site: &Site) -> BTreeMap<Span, &Matcher> {
    fn add<'c>(routes: &'c [Route], matchers: &mut BTreeMap<Span, &'c Matcher>) {
        for route in routes {
            let by_path = route.matcher.as_ref().filter(|matcher| matcher.is_by_path());
            matchers.extend(by_path.map(|matcher| (matcher.at, matcher)));
            if let Step::Routes { routes, .. } = &route.step {
                add(routes, matchers);
            }
        }
    }
    let mut matchers = BTreeMap::new();
    add(&site.routes, &mut matchers);
    matchers
}

fn count(routes: &[Route]) -> usize {
    let inner = |route: &Route| match &route.step {
        Step::Routes { routes, .. } => 1 + count(routes),
        _ => 1,
    };
    routes.iter().map(inner).sum()
}
