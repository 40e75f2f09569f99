//! nginx: what each location sends, as the server itself would work it out.

mod chain;
mod group;
mod map;
mod mistakes;
mod model;
mod request;
mod scope;
mod tree;
mod variables;

use std::collections::BTreeSet;

use super::include::{Failed, Loader};
use super::traps;
use super::value::Value;
use crate::configuration::{Asked, Caught, Loss, Lost, Note, Place, Sent, Trap, grouped};
use crate::plan::Scheme;
use crate::text::Span;
use model::{Content, Kind, Location, Model, Site};
use request::{Answer, Request};
use scope::{Added, More};

/// The statuses with which nginx sends what is added without `always`.
const SUCCESSES: [u16; 10] = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308];

/// How many lines are looked at for all places together: a block of 1,000 lines around 1,000 locations.
const WORK: usize = 1_000_000;

/// A configuration that has been read.
#[derive(Debug)]
pub(super) struct Nginx {
    model: Model,
    traps: Vec<Caught>,
}

/// Whether a text is one: a word, and a block or a semicolon after it.
pub(super) fn is_one(text: &str) -> bool {
    const BEGINNINGS: [&str; 22] = [
        "add_header",
        "daemon",
        "error_log",
        "events",
        "http",
        "include",
        "listen",
        "load_module",
        "location",
        "map",
        "more_set_headers",
        "pid",
        "root",
        "server",
        "server_name",
        "server_tokens",
        "set",
        "ssl_certificate",
        "upstream",
        "user",
        "worker_processes",
        "geo",
    ];
    let code = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(line) = code else { return false };
    let word = line.split([' ', '\t', ';', '{']).next().unwrap_or_default();
    BEGINNINGS.contains(&word) && (line.contains(['{', ';']) || text.contains('{'))
}

pub(super) fn read(loader: &mut Loader<'_>) -> Result<Nginx, Failed> {
    let directives = tree::read(loader)?;
    let traps = mistakes::of(&directives);
    Ok(Nginx { model: Model::new(&directives), traps })
}

impl Nginx {
    /// What is sent from each location of each server.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut left = WORK;
        let mut places = Vec::new();
        for site in &self.model.sites {
            for scheme in schemes(site) {
                self.of_site(site, scheme, &mut left, &mut places);
            }
        }
        places
    }

    /// What each server sends for a request.
    pub(super) fn asked(&self, asked: &Asked<'_>) -> Vec<Place> {
        let sites = self.model.sites.iter().filter(|site| schemes(site).contains(&asked.scheme));
        let answers = sites.filter_map(|site| {
            let request = Request::new(&self.model, site, asked.scheme, asked.status);
            let answer = request.path(asked)?;
            Some(place(site_name(site, asked.scheme), asked.path.to_owned(), answer))
        });
        answers.collect()
    }

    /// What is wrong with it that what is sent does not show.
    pub(super) fn caught(&self) -> Vec<Caught> {
        let mut caught = self.traps.clone();
        let sites = self.model.sites.iter();
        sites.for_each(|site| doubled(site, &mut caught));
        caught
    }

    fn of_site(&self, site: &Site, scheme: Scheme, left: &mut usize, places: &mut Vec<Place>) {
        let is_root = |location: &Location| matches!(&location.kind, Kind::Prefix { path, .. } if path == "/");
        let has_root = site.locations.iter().any(is_root);
        let server = (!has_root).then_some(None);
        for location in server.into_iter().chain((0..site.locations.len()).map(Some)) {
            match left.checked_sub(work(site, location)) {
                Some(rest) => *left = rest,
                None => {
                    places.push(left_out(site, scheme));
                    return;
                }
            }
            places.extend(self.of_location(site, scheme, location));
        }
    }

    fn of_location(&self, site: &Site, scheme: Scheme, location: Option<usize>) -> Vec<Place> {
        let found = location.and_then(|at| site.locations.get(at));
        let name = found.map_or_else(|| "elsewhere".to_owned(), |location| location.name.clone());
        let answers = [200, 301, 304, 404].map(|status| {
            let request = Request::new(&self.model, site, scheme, status);
            place(site_name(site, scheme), name.clone(), request.location(location))
        });
        let mut places = grouped(answers);
        places.iter_mut().for_each(|place| place.statuses.dedup());
        places
    }
}

/// How many lines have to be looked at for a place.
fn work(site: &Site, location: Option<usize>) -> usize {
    let location = location.and_then(|at| site.locations.get(at));
    let scope = location.map_or(&site.scope, |location| &location.scope);
    let forgotten: usize = scope.forgotten.iter().map(|(lines, _)| lines.len()).sum();
    let searched = if scope.pages.is_empty() { 0 } else { site.outer.regexes.len() };
    let own = location.map_or(0, |location| location.steps.len());
    let compared = forgotten * scope.added.len().min(64);
    1 + site.steps.len() + own + scope.added.len() + scope.more.len() + compared + searched
}

/// What is said of the places that are too many.
fn left_out(site: &Site, scheme: Scheme) -> Place {
    let text = "more locations and headers than can be listed: ask for paths".to_owned();
    let notes = vec![Note { text, at: site.at }];
    Place { site: site_name(site, scheme), name: "…".to_owned(), notes, ..Place::default() }
}

fn schemes(site: &Site) -> Vec<Scheme> {
    let plain = site.is_plain.then_some(Scheme::Http);
    plain.into_iter().chain(site.is_tls.then_some(Scheme::Https)).collect()
}

fn site_name(site: &Site, scheme: Scheme) -> String {
    let scheme = if scheme == Scheme::Https { "https" } else { "http" };
    let name = if matches!(site.name.as_str(), "" | "_") { "*" } else { &site.name };
    format!("{scheme}://{name}")
}

fn place(site: String, name: String, mut answer: Answer<'_>) -> Place {
    let mut place = Place { site, name, statuses: vec![answer.status], ..Place::default() };
    let scope = answer.scope;
    for more in scope.more.iter() {
        if covers(more, &answer) {
            place.replace(more, &mut answer);
        }
    }
    if answer.is_unsatisfied {
        // The headers of the file have been added when nginx finds that there is no such part of it, and answers anew.
        answer.of_file(|answer| scope.added.iter().for_each(|added| place.add(added, answer)));
    }
    for added in scope.added.iter() {
        place.add(added, &mut answer);
    }
    let forgotten = scope.forgotten.iter();
    for (added, by) in forgotten.flat_map(|(lines, by)| lines.iter().map(move |line| (line, by))) {
        let is_it = |other: &Added| other.name.text.eq_ignore_ascii_case(&added.name.text);
        if !scope.added.iter().any(is_it) {
            let (name, at) = (added.name.text.clone(), added.value.span);
            place.lost.push(Lost { name, at, by: Some(*by), why: Loss::NotInherited });
        }
    }
    place.notes.append(&mut answer.notes);
    place
}

/// Whether a `more_set_headers` line is for this answer.
fn covers(more: &More, answer: &Answer<'_>) -> bool {
    let media_type = answer.variables.media_type.as_deref().map(str::to_ascii_lowercase);
    let is_type =
        |wanted: &String| media_type.as_deref().is_none_or(|it| it.starts_with(wanted.as_str()));
    (more.statuses.is_empty() || more.statuses.contains(&answer.status))
        && (more.types.is_empty() || more.types.iter().any(is_type))
}

impl Place {
    fn add(&mut self, added: &Added, answer: &mut Answer<'_>) {
        let name = added.name.text.clone();
        if !added.always && !SUCCESSES.contains(&answer.status) {
            let at = added.value.span;
            if answer.is_unsatisfied {
                return;
            }
            self.lost.push(Lost { name, at, by: None, why: Loss::NotWithStatus });
            return;
        }
        let Value { text, unknown } = answer.variables.replaced(&added.value.text);
        // A header without a value is not sent.
        if text.is_empty() || name.is_empty() {
            return;
        }
        let is_certain = unknown.is_empty() || text != format!("${}", unknown.concat());
        let offset = added.value.offset.filter(|_| text == added.value.text);
        let value = Value { text, unknown };
        self.sent.push(Sent { offset, is_certain, ..sent(name, value, added.value.span) });
    }

    /// `more_set_headers` takes the place of what is there by then.
    fn replace(&mut self, more: &More, answer: &mut Answer<'_>) {
        self.sent.retain(|sent| !sent.name.eq_ignore_ascii_case(&more.name));
        let Some(value) = &more.value else { return };
        let Value { text, unknown } = answer.variables.replaced(value);
        if text.is_empty() {
            return;
        }
        let is_certain = more.types.is_empty();
        let inner = more.word.text.len() - value.len();
        let offset =
            more.word.offset.filter(|_| text == *value && more.word.text.ends_with(value.as_str()));
        let offset = offset.map(|offset| offset + inner);
        let value = Value { text, unknown };
        let sent = sent(more.name.clone(), value, more.word.span);
        self.sent.push(Sent { offset, is_certain, ..sent });
    }
}

fn sent(name: String, value: Value, at: Span) -> Sent {
    let Value { text: value, unknown: variables } = value;
    Sent { name, value, variables, at, offset: None, is_certain: true, table: None }
}

/// Whether an application's header of this name is passed on from a place.
fn passes(location: &Location, name: &str) -> bool {
    let Content::Application { protocol, .. } = location.content else { return false };
    let is_it = |hidden: &String| hidden.eq_ignore_ascii_case(name);
    let hidden = location.scope.hidden.get(protocol).is_some_and(|names| names.iter().any(is_it));
    let replaced = location.scope.more.iter().any(|more| more.name.eq_ignore_ascii_case(name));
    !hidden && !replaced
}

/// Headers that are added beside those that an application may send.
fn doubled(site: &Site, caught: &mut Vec<Caught>) {
    let mut seen = BTreeSet::new();
    let mut left = WORK;
    for location in &site.locations {
        left = left.saturating_sub(location.scope.added.len());
        if left == 0 {
            return;
        }
        for added in location.scope.added.iter() {
            let name = added.name.text.as_str();
            let counts = traps::is_one_of(&traps::PROTECTING, name) && passes(location, name);
            if counts && !added.value.text.is_empty() && seen.insert(added.name.span) {
                let message =
                    format!("in `{}` {name} stands beside the application's own", location.name);
                caught.push(
                    Caught::new(Trap::DoubledByApplication, added.name.span, message).about(name),
                );
            }
        }
    }
}
