//! One request's way through the routes of a site, until something answers.

use std::collections::{BTreeMap, BTreeSet};

use super::header::{Header, Kind, Operation};
use super::matcher::Known;
use super::placeholder::{self, Part, with_groups};
use super::site::{Map, Route, Site, Step};
use super::statuses::Statuses;
use crate::configuration::{Loss, Lost, Note, Pattern, Place, cleaned, decoded};
use crate::deployment::value::Value;
use crate::plan::Scheme;
use crate::text::Span;

/// How long a value may get: more than any server sends.
const LONGEST: usize = 4 << 20;

/// What comes after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Next,
    /// The response has been written.
    Written,
    /// An error of Caddy's own; what is put off until the response is written is not done.
    Failed(u16),
}

/// A request, and what it is sent so far.
pub(super) struct Request<'c> {
    site: &'c Site,
    scheme: Scheme,
    /// The status of what is found.
    found: u16,
    /// The path by now, decoded.
    path: Option<String>,
    /// The path as it was asked for.
    asked: Option<String>,
    given: Option<Span>,
    values: BTreeMap<String, Value>,
    /// What is done when the response is written, the first one last; whether that is certain.
    deferred: Vec<(&'c Header, bool)>,
    error: Option<u16>,
    /// What is done after an application has answered, in place of what it says.
    late: Vec<&'c Operation>,
    /// What is done to the headers of the application that answers.
    pub(super) application: Option<&'c Header>,
    pub(super) place: Place,
}

impl<'c> Request<'c> {
    /// Any request.
    pub(super) fn new(site: &'c Site, scheme: Scheme, found: u16) -> Self {
        Self {
            site,
            scheme,
            found,
            path: None,
            asked: None,
            given: None,
            values: BTreeMap::new(),
            deferred: Vec::new(),
            error: None,
            late: Vec::new(),
            application: None,
            place: Place::default(),
        }
    }

    /// The request for this path.
    pub(super) fn path(self, asked: &str) -> Self {
        Self { path: path_of(asked), asked: Some(asked.to_owned()), ..self }
    }

    /// Requests for which this matcher holds, or for a path that no matcher names; matchers see a path as an example.
    pub(super) fn example(self, path: Option<String>, given: Option<Span>) -> Self {
        Self { path, given, ..self }
    }

    /// What it gets in the end.
    pub(super) fn answered(mut self) -> Self {
        let site = self.site;
        match self.run(&site.routes) {
            Flow::Written => {}
            Flow::Failed(status) => self.failed(status),
            // Nothing answers: what has been put off is not done.
            Flow::Next => {
                self.place.statuses = vec![200];
                self.forget();
            }
        }
        self
    }

    /// Whether an application's header of this name is not passed on as it is.
    pub(super) fn replaces(&self, name: &str) -> bool {
        let down = self.application.iter().flat_map(|down| &down.operations);
        let done = self.late.iter().copied().chain(down);
        done.filter(|it| it.kind != Kind::Add).any(|it| it.is_about(name))
    }

    fn run(&mut self, routes: &'c [Route]) -> Flow {
        let mut taken = BTreeSet::new();
        for route in routes {
            if route.group.is_some_and(|group| taken.contains(group)) {
                continue;
            }
            let holds = route.matcher.as_ref().map_or(Some(true), |it| it.holds(&self.known()));
            match (holds, &route.step) {
                (Some(false), _) => continue,
                (None, Step::Header(header)) => {
                    self.header(header, false);
                    continue;
                }
                (None, _) => {
                    self.note(route);
                    continue;
                }
                (Some(true), _) => taken.extend(route.group),
            }
            match self.step(route) {
                Flow::Next => {}
                end => return end,
            }
        }
        Flow::Next
    }

    fn known(&self) -> Known<'_> {
        let host =
            Some(self.site.host.as_str()).filter(|host| !host.is_empty() && !host.contains('*'));
        let path = self.path.as_deref().and_then(cleaned);
        Known { path, host, scheme: self.scheme, error: self.error, given: self.given }
    }

    fn note(&mut self, route: &Route) {
        let name = route.matcher.as_ref().map_or("", |matcher| &matcher.name);
        let text = format!("`{name}` depends on more than the path: taken as if it did not match");
        let note = Note { text, at: route.at };
        if !self.place.notes.contains(&note) {
            self.place.notes.push(note);
        }
    }

    fn step(&mut self, route: &'c Route) -> Flow {
        match &route.step {
            Step::Header(header) => self.header(header, true),
            Step::Routes { routes, strip } => {
                self.cut(strip, "");
                return self.run(routes);
            }
            Step::Map(map) => self.map(map),
            Step::Rewrite(to) => self.rewrite(&to.text),
            Step::TryFiles(last) => {
                if let (404, Some(last)) = (self.found, last) {
                    self.found = 200;
                    self.rewrite(&last.text);
                }
            }
            Step::Strip { prefix, suffix } => self.cut(prefix, suffix),
            Step::Respond(status) => return self.written(status.or(self.error).unwrap_or(200)),
            Step::Error(status) => return Flow::Failed(*status),
            Step::Application(down) => {
                self.application = Some(down);
                // What the application sends stands beside what is sent by then.
                let mut sent = Place::default();
                let mut replaced = |text: &str| self.replaced(text);
                down.apply(&mut sent, true, &mut replaced);
                self.place.sent.append(&mut sent.sent);
                return self.written(self.error.unwrap_or(self.found));
            }
            Step::Files => match self.error {
                Some(status) => return self.written(status),
                None if self.found >= 400 && self.found != 416 => return Flow::Failed(self.found),
                None => return self.written(self.found),
            },
            Step::Abort => {
                self.place.sent.clear();
                return Flow::Written;
            }
        }
        Flow::Next
    }

    fn header(&mut self, header: &'c Header, is_certain: bool) {
        if header.is_deferred {
            self.deferred.push((header, is_certain));
        } else {
            self.apply(header, is_certain);
        }
    }

    fn apply(&mut self, header: &Header, is_certain: bool) {
        let mut place = std::mem::take(&mut self.place);
        header.apply(&mut place, is_certain, &mut |text| self.replaced(text));
        self.place = place;
    }

    /// The response is written: what was put off is done, the last line first.
    fn written(&mut self, status: u16) -> Flow {
        self.place.statuses = vec![status];
        while let Some((header, is_certain)) = self.deferred.pop() {
            let is_default = header.operations.iter().any(|it| it.kind == Kind::Default);
            let is_known = !(is_default && self.application.is_some());
            match header.is_for(status) {
                Some(false) => {}
                is_for => {
                    self.apply(header, is_certain && is_for.is_some() && is_known);
                    self.late.extend(&header.operations);
                }
            }
        }
        Flow::Written
    }

    /// Caddy's own errors go to the site's routes for errors, with what has been set at once.
    fn failed(&mut self, status: u16) {
        self.place.statuses = vec![status];
        self.forget();
        self.error = Some(status);
        let is_for = |statuses: &[Statuses]| {
            statuses.is_empty() || statuses.iter().any(|it| it.have(status))
        };
        let Some(errors) = self.site.errors.iter().find(|errors| is_for(&errors.statuses)) else {
            return;
        };
        match self.run(&errors.routes) {
            Flow::Written => {}
            Flow::Next => _ = self.written(status),
            Flow::Failed(_) => self.forget(),
        }
    }

    /// What was put off is lost.
    fn forget(&mut self) {
        for (header, _) in std::mem::take(&mut self.deferred) {
            let set = header
                .operations
                .iter()
                .filter(|it| matches!(it.kind, Kind::Set | Kind::Add | Kind::Default));
            for operation in set {
                let is_sent = self.place.sent.iter().any(|sent| operation.is_about(&sent.name));
                if !is_sent {
                    let (name, at) = (operation.name.clone(), operation.at);
                    self.place.lost.push(Lost { name, at, by: None, why: Loss::PutOff });
                }
            }
        }
    }

    fn cut(&mut self, prefix: &str, suffix: &str) {
        let Some(path) = &self.path else { return };
        let path = path.strip_prefix(prefix).unwrap_or(path);
        let path = path.strip_suffix(suffix).unwrap_or(path);
        self.path = Some(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") });
    }

    fn rewrite(&mut self, to: &str) {
        let to = self.replaced(to);
        self.path = to.as_known().and_then(path_of);
    }

    /// A text with its placeholders replaced. Those that cannot be known stand there as they are written.
    fn replaced(&self, text: &str) -> Value {
        let mut value = Value::default();
        for part in placeholder::parts(text) {
            match part {
                Part::Text(text) => value.text.push_str(text),
                Part::Braces(written) => {
                    let part = self.value_of(written);
                    value.text.push_str(&part.text);
                    value.unknown.extend(part.unknown);
                }
            }
            if value.text.len() > LONGEST {
                return value;
            }
        }
        value
    }

    fn value_of(&self, written: &str) -> Value {
        if let Some(value) = self.values.get(written) {
            return value.clone();
        }
        let whole = format!("{{{written}}}");
        let Some(name) = placeholder::name(written) else { return Value::known(whole) };
        match self.known_value(&name) {
            Some(text) => Value::known(text),
            None => Value { text: whole, unknown: vec![name] },
        }
    }

    fn known_value(&self, name: &str) -> Option<String> {
        let asked = || self.asked.as_deref();
        match name {
            "http.request.uri.path" => asked().and(self.path.clone()),
            "http.request.uri" => asked().map(str::to_owned),
            "http.request.uri.query" => {
                Some(asked()?.split_once('?').map_or("", |(_, query)| query).to_owned())
            }
            "http.request.host" => self.known().host.map(str::to_owned),
            "http.request.scheme" => {
                Some(if self.scheme == Scheme::Https { "https" } else { "http" }.to_owned())
            }
            "http.error.status_code" => self.error.map(|status| status.to_string()),
            _ => None,
        }
    }

    fn map(&mut self, map: &Map) {
        let source = self.replaced(&map.source.text);
        for (index, name) in map.names.iter().enumerate() {
            let value = source.as_known().and_then(|source| self.mapped(map, index, source));
            let unknown = || Value { text: format!("{{{name}}}"), unknown: vec![name.clone()] };
            let value = value.unwrap_or_else(unknown);
            self.values.insert(name.clone(), value);
        }
    }

    fn mapped(&self, map: &Map, index: usize, source: &str) -> Option<Value> {
        for (input, outputs) in &map.rows {
            let output = outputs.get(index).map_or("", |word| &word.text);
            match input.strip_prefix('~') {
                _ if output == "-" || input == "default" => {}
                None if input == source => return Some(self.replaced(output)),
                None => {}
                Some(pattern) => {
                    if let Some(groups) = Pattern::new(pattern, false).captures(source)? {
                        return Some(self.replaced(&with_groups(output, &groups)));
                    }
                }
            }
        }
        let default = map.rows.iter().find(|(input, _)| input == "default");
        let output = default.and_then(|(_, outputs)| outputs.get(index));
        output.map(|word| self.replaced(&word.text)).or_else(|| Some(Value::default()))
    }
}

/// The path of what is asked for, decoded.
fn path_of(asked: &str) -> Option<String> {
    decoded(asked.split(['?', '#']).next()?)
}
