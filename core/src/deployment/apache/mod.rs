//! Apache httpd: what each section sends, as the server itself would work it out.

mod environment;
mod expression;
mod facts;
mod format;
mod header;
mod line;
mod macros;
mod mistakes;
mod request;
mod rewrite;
mod rewriting;
mod section;
mod settings;
mod site;
mod tree;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::include::{Failed, Loader};
use super::traps::{PROTECTING, is_one_of};
use crate::configuration::{Asked, Caught, Note, Place, Table, Trap, grouped};
use crate::plan::Scheme;
use request::{Answer, Request};
use section::{Kind, Section};
use settings::Application;
use site::{Host, Model};

/// How many sections and lines are looked at for all places together.
const WORK: usize = 1_000_000;

/// A configuration that has been read.
#[derive(Debug)]
pub(super) struct Apache {
    model: Box<Model>,
    traps: Vec<Caught>,
}

/// Whether a text is one: a section, or a directive with a capital, where nginx has a semicolon or a brace.
pub(super) fn is_one(name: &str, text: &str) -> bool {
    if tree::is_folder_file(name) {
        return true;
    }
    const SECTIONS: [&str; 13] = [
        "directory",
        "directorymatch",
        "files",
        "filesmatch",
        "if",
        "ifdefine",
        "ifmodule",
        "ifversion",
        "limit",
        "location",
        "locationmatch",
        "macro",
        "virtualhost",
    ];
    const DIRECTIVES: [&str; 30] = [
        "addcharset",
        "adddefaultcharset",
        "addoutputfilterbytype",
        "addtype",
        "allowoverride",
        "browsermatch",
        "customlog",
        "defaultruntimedir",
        "define",
        "directoryindex",
        "documentroot",
        "errordocument",
        "errorlog",
        "fileetag",
        "header",
        "include",
        "includeoptional",
        "listen",
        "loadmodule",
        "options",
        "redirect",
        "redirectmatch",
        "require",
        "rewriteengine",
        "serveradmin",
        "servername",
        "serverroot",
        "serversignature",
        "servertokens",
        "setenvif",
    ];
    let code = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(line) = code.filter(|line| !line.ends_with([';', '{'])) else { return false };
    let end = |c: char| c.is_ascii_whitespace() || c == '>';
    let word = |text: &str| text.split(end).next().unwrap_or_default().to_ascii_lowercase();
    match line.strip_prefix('<') {
        Some(section) => SECTIONS.contains(&word(section).as_str()),
        None => DIRECTIVES.contains(&word(line).as_str()) && line.contains(char::is_whitespace),
    }
}

/// The media types that Apache knows without being told, as far as pages need them.
fn known_type(extension: &str) -> Option<&'static str> {
    const TYPES: [(&str, &str); 18] = [
        ("css", "text/css"),
        ("gif", "image/gif"),
        ("htm", "text/html"),
        ("html", "text/html"),
        ("ico", "image/vnd.microsoft.icon"),
        ("jpeg", "image/jpeg"),
        ("jpg", "image/jpeg"),
        ("js", "text/javascript"),
        ("json", "application/json"),
        ("mjs", "text/javascript"),
        ("pdf", "application/pdf"),
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
        ("txt", "text/plain"),
        ("wasm", "application/wasm"),
        ("webp", "image/webp"),
        ("woff2", "font/woff2"),
        ("xml", "application/xml"),
    ];
    TYPES.iter().find(|(known, _)| *known == extension).map(|(_, name)| *name)
}

pub(super) fn read(loader: &mut Loader<'_>) -> Result<Apache, Failed> {
    let directives = tree::read(loader)?;
    let name = loader.sources.at(0).0.name.clone();
    let traps = mistakes::of(&directives);
    let model = Model::new(&directives, tree::is_folder_file(&name), loader)?;
    Ok(Apache { model: Box::new(model), traps })
}

impl Apache {
    /// What is sent from each section of each site.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut left = WORK;
        let mut places = Vec::new();
        for host in self.model.answering() {
            for scheme in &host.schemes {
                self.of_host(host, *scheme, &mut left, &mut places);
            }
        }
        places
    }

    /// What each site sends for a request.
    pub(super) fn asked(&self, asked: &Asked<'_>) -> Vec<Place> {
        let mut left = WORK;
        let mut places = Vec::new();
        let hosts = self.model.answering().iter();
        for host in hosts.filter(|host| host.schemes.contains(&asked.scheme)) {
            if !self.takes(host, &mut left) {
                places.push(left_out(host, asked.scheme));
                break;
            }
            let request = Request::of_path(&self.model, host, asked);
            places.extend(request.map(|request| {
                place(site_name(host, asked.scheme), asked.path.to_owned(), request.answer())
            }));
        }
        places
    }

    /// What is wrong with it that what is sent does not show.
    pub(super) fn caught(&self) -> Vec<Caught> {
        let mut caught = self.traps.clone();
        self.model.answering().iter().for_each(|host| self.doubled(host, &mut caught));
        caught
    }

    /// Headers that are added beside those that an application may send.
    fn doubled(&self, host: &Host, caught: &mut Vec<Caught>) {
        let (mut left, mut seen) = (WORK, BTreeSet::new());
        let paths = host.settings.mapped.iter().map(|mapped| mapped.path.as_str());
        let sections = self.sections(host).filter(|it| it.settings.application.is_some());
        let scheme = host.schemes.first().copied().unwrap_or(Scheme::Http);
        let of_path = |path| {
            let asked = Asked { path, status: 200, media_type: None, scheme };
            Request::of_path(&self.model, host, &asked)
        };
        let of_section =
            |section| Request::of_section(&self.model, host, scheme, 200, Some(section));
        for request in paths.filter_map(of_path).chain(sections.map(of_section)) {
            if !self.takes(host, &mut left) {
                return;
            }
            let path = request.path.clone();
            let Answer { tables, application: Some(Application { table, .. }), .. } =
                request.answer()
            else {
                continue;
            };
            let beside = if table == Table::Always { &tables.onsuccess } else { &tables.always };
            for sent in beside.iter().filter(|sent| is_one_of(&PROTECTING, &sent.name)) {
                if !tables.settles(table, &sent.name) && seen.insert(sent.at) {
                    let name = &sent.name;
                    let message =
                        format!("below `{path}` {name} stands beside the application's own");
                    let trap = Trap::DoubledByApplication;
                    let help = match table {
                        Table::Always => {
                            "write `Header always` here, so that it replaces the program's own"
                        }
                        Table::OnSuccess => {
                            "write `Header onsuccess unset` for it as well, or leave the header to the application"
                        }
                    };
                    caught.push(Caught::new(trap, sent.at, message).about(name).with_help(help));
                }
            }
        }
    }

    /// Those of the server as a whole, and of a host.
    fn sections<'m>(&'m self, host: &'m Host) -> impl Iterator<Item = &'m Arc<Section>> {
        let is_main = std::ptr::eq(&raw const self.model.main, host);
        let own = if is_main { &[] } else { host.sections.as_slice() };
        self.model.main.sections.iter().chain(own)
    }

    fn of_host(&self, host: &Host, scheme: Scheme, left: &mut usize, places: &mut Vec<Place>) {
        let counts = |section: &&Arc<Section>| {
            section.settings.decides() && !matches!(section.kind, Kind::Never)
        };
        let sections = self.sections(host).filter(counts);
        // What a folder's file says, it says everywhere.
        let elsewhere = (!self.sections(host).any(|it| it.covers_all())).then_some(None);
        for section in elsewhere.into_iter().chain(sections.map(Some)) {
            if !self.takes(host, left) {
                places.push(left_out(host, scheme));
                return;
            }
            let name = section.map_or("elsewhere", |section| &section.name);
            let answers = [200, 301, 304, 404].map(|status| {
                let request = Request::of_section(&self.model, host, scheme, status, section);
                place(site_name(host, scheme), name.to_owned(), request.answer())
            });
            let mut found = grouped(answers);
            found.iter_mut().for_each(|place| place.statuses.dedup());
            places.extend(found);
        }
    }

    /// Whether there is time left for one more place.
    fn takes(&self, host: &Host, left: &mut usize) -> bool {
        let main = &self.model.main;
        let lines = main.settings.headers.len() + host.settings.headers.len();
        let rest = left.checked_sub(1 + main.sections.len() + host.sections.len() + lines);
        *left = rest.unwrap_or_default();
        rest.is_some()
    }
}

/// What is said of the places that are too many.
fn left_out(host: &Host, scheme: Scheme) -> Place {
    let text = "more sections and headers than can be listed: ask for paths".to_owned();
    let notes = vec![Note { text, at: host.at }];
    Place { site: site_name(host, scheme), name: "…".to_owned(), notes, ..Place::default() }
}

fn site_name(host: &Host, scheme: Scheme) -> String {
    let scheme = if scheme == Scheme::Https { "https" } else { "http" };
    format!("{scheme}://{}", if host.name.is_empty() { "*" } else { &host.name })
}

fn place(site: String, name: String, answer: Answer) -> Place {
    let Answer { status, tables, application } = answer;
    let mut notes = tables.notes;
    notes.extend(application.map(|application| Note {
        text: "the application may send headers of its own".to_owned(),
        at: application.at,
    }));
    let mut sent = tables.always;
    sent.extend(tables.onsuccess);
    Place { site, name, statuses: vec![status], sent, lost: tables.lost, notes }
}
