//! One request's way through a server (`ap_process_request_internal`): variables, redirects and rewriting, the sections that
//! it belongs to, and who answers; and then the headers of the answer.

use std::sync::Arc;

use super::environment::{Condition, Environment};
use super::header::{Decided, Header, Tables};
use super::section::{Kind, Section};
use super::settings::{Application, Settings, Target};
use super::site::{Host, Model};
use crate::configuration::{Asked, Captures, Loss, Lost, Note, Table, normalized};
use crate::plan::Scheme;

/// How often a request is sent on within the server.
const REDIRECTS: usize = 10;

/// A name that no file has, for requests of which only the beginning of the path is known.
pub(super) const SOME_NAME: &str = "\u{FFFD}";

/// The type of what the server makes by itself.
const MADE: &str = "text/html; charset=iso-8859-1";

pub(super) struct Request<'m> {
    pub(super) model: &'m Model,
    pub(super) host: &'m Host,
    pub(super) scheme: Scheme,
    /// The status of what is found.
    pub(super) found: u16,
    pub(super) status: u16,
    /// The path, decoded and normalized.
    pub(super) path: String,
    /// Where the file is, in the file system.
    pub(super) file: Option<String>,
    /// The path as it was asked for.
    pub(super) asked: Option<String>,
    pub(super) media_type: Option<String>,
    /// The section for which the request is made up.
    inside: Option<&'m Arc<Section>>,
    pub(super) environment: Environment,
    sections: Vec<&'m Section>,
    pub(super) captures: Option<Captures>,
    pub(super) tables: Tables,
    pub(super) application: Option<Application>,
    redirects: usize,
    is_error_page: bool,
}

/// Where a request ends.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) tables: Tables,
    pub(super) application: Option<Application>,
}

impl<'m> Request<'m> {
    /// A request for a path; `None` if it is no path.
    pub(super) fn of_path(model: &'m Model, host: &'m Host, asked: &Asked<'_>) -> Option<Self> {
        let path = normalized(asked.path)?;
        let mut request = Self::new(model, host, asked.scheme, asked.status, path);
        request.asked = Some(asked.path.to_owned());
        request.media_type = asked.media_type.map(str::to_owned);
        Some(request)
    }

    /// Some request that a section is for, or that is elsewhere.
    pub(super) fn of_section(
        model: &'m Model,
        host: &'m Host,
        scheme: Scheme,
        status: u16,
        section: Option<&'m Arc<Section>>,
    ) -> Self {
        let root = model.root(host);
        let path = section.and_then(|section| section.some_path(root));
        let path = path.unwrap_or_else(|| format!("/{SOME_NAME}"));
        Self { inside: section, ..Self::new(model, host, scheme, status, path) }
    }

    fn new(model: &'m Model, host: &'m Host, scheme: Scheme, status: u16, path: String) -> Self {
        Self {
            model,
            host,
            scheme,
            found: status,
            status: 200,
            path,
            file: None,
            asked: None,
            media_type: None,
            inside: None,
            environment: Environment::new(scheme),
            sections: Vec::new(),
            captures: None,
            tables: Tables::default(),
            application: None,
            redirects: 0,
            is_error_page: false,
        }
    }

    /// The server's own lines, and those of the virtual host.
    fn levels(&self) -> impl Iterator<Item = &'m Settings> + use<'m> {
        let is_other = !std::ptr::eq(&raw const self.model.main, self.host);
        let host = is_other.then_some(&self.host.settings);
        std::iter::once(&self.model.main.settings).chain(host)
    }

    /// All lines that count, the last of which wins.
    fn settings(&self) -> impl DoubleEndedIterator<Item = &'m Settings> + use<'m> {
        let levels: Vec<_> = self.levels().collect();
        let sections: Vec<_> = self.sections.iter().map(|section| &section.settings).collect();
        levels.into_iter().chain(sections)
    }

    pub(super) fn answer(mut self) -> Answer {
        self.levels().for_each(|level| self.set_by(level, true));
        self.search(true);
        match self.translated() {
            Some(status) => self.made(status),
            None => self.located(),
        }
    }

    /// What the server decides before it has looked for a file: rewriting, redirects, and whose path it is.
    fn translated(&mut self) -> Option<u16> {
        let rules = &self.host.settings.rewrite;
        let path = self.path.clone();
        if let Some(status) = self.rewritten(rules, &path, None) {
            return Some(status);
        }
        self.levels().find_map(|level| self.redirected(level)).or_else(|| {
            self.map();
            None
        })
    }

    fn map(&mut self) {
        let path = &self.path;
        let below = |from: &str| {
            let rest = path.strip_prefix(from.trim_end_matches('/'))?;
            (rest.is_empty() || rest.starts_with('/')).then_some(rest)
        };
        let mut mapped = self.levels().flat_map(|level| &level.mapped);
        let found = mapped.find_map(|mapped| Some((&mapped.to, below(&mapped.path)?)));
        let file = match found {
            Some((Target::Folder(folder), rest)) => {
                Some(format!("{}{rest}", folder.trim_end_matches('/')))
            }
            Some((Target::Application(application), _)) => {
                self.application = Some(*application);
                return;
            }
            Some((Target::Files, _)) | None => None,
        };
        let root = self.model.root(self.host);
        let file = file.or_else(|| Some(format!("{}{path}", root?)));
        // A rule may have set it.
        self.file = self.file.take().or(file);
    }

    /// The sections that are for the request; the first time, those alone that need no file.
    fn search(&mut self, is_early: bool) {
        let (model, host) = (self.model, self.host);
        let own: &[Arc<Section>] =
            if std::ptr::eq(&raw const model.main, host) { &[] } else { &host.sections };
        let all = || model.main.sections.iter().chain(own);
        self.sections.clear();
        let mut found: Vec<&'m Section> = all()
            .filter(|section| !section.is_condition() && (!is_early || section.is_location()))
            .filter(|section| self.covers(section))
            .map(Arc::as_ref)
            .collect();
        found.sort_by_key(|section| section.rank());
        self.sections = found;
        for section in all().filter(|section| section.is_condition()) {
            if self.is_within(section) && self.holds(section) {
                self.sections.push(section);
            }
        }
    }

    /// Whether what is around a condition counts.
    fn is_within(&self, section: &Section) -> bool {
        let around = section.around.as_deref();
        around.is_none_or(|around| self.sections.iter().any(|it| std::ptr::eq(*it, around)))
    }

    fn holds(&mut self, section: &'m Section) -> bool {
        let Kind::If(condition) = &section.kind else { return false };
        if self.inside.is_some_and(|inside| inside.is_within(section)) {
            return true;
        }
        let holds = condition.holds(self);
        if holds.is_none() && section.settings.decides() {
            let text = format!("`{}` may count", section.name);
            self.tables.notes.push(Note { text, at: section.at });
        }
        holds == Some(true)
    }

    fn covers(&self, section: &Section) -> bool {
        if self.inside.is_some_and(|inside| inside.is_within(section)) {
            return true;
        }
        if section.around.as_ref().is_some_and(|around| !self.covers(around)) {
            return false;
        }
        let file = self.file.as_deref().filter(|_| self.application.is_none());
        let covers = match &section.kind {
            Kind::Location(matcher) => matcher.covers(&self.path),
            Kind::Directory(matcher) => match file {
                Some(file) => matcher.covers(file),
                None => matcher.covers("/").filter(|_| self.application.is_none()),
            },
            Kind::Files(matcher) => {
                let name = file.unwrap_or(&self.path).rsplit('/').next().unwrap_or_default();
                matcher.names(name).filter(|_| self.application.is_none())
            }
            Kind::If(_) | Kind::Never => Some(false),
        };
        covers == Some(true)
    }

    /// Sections, who is let in, and what their lines do before a file is looked for.
    fn located(mut self) -> Answer {
        self.tables.notes.clear();
        self.search(false);
        let sections = self.sections.clone();
        sections.iter().for_each(|section| self.set_by(&section.settings, false));
        if self.settings().rev().find_map(|it| it.lets_in) == Some(false) {
            return self.made(403);
        }
        self.settings().for_each(|it| self.set_anyway(it));
        let redirect = sections.iter().rev().find_map(|it| self.redirected(&it.settings));
        if let Some(status) = redirect {
            return self.made(status);
        }
        let rules = sections.iter().rfind(|section| !section.settings.rewrite.rules.is_empty());
        if let Some(section) = rules {
            let (path, asked) = (self.path.clone(), self.within(section));
            match self.rewritten(&section.settings.rewrite, &asked, Some(section)) {
                Some(status) => return self.made(status),
                None if self.path != path && self.goes_on() => return self.again(),
                None => {}
            }
        }
        self.found()
    }

    /// The path as the rules of a folder see it: without the folder.
    pub(super) fn within(&self, section: &Section) -> String {
        let folder = match &section.kind {
            Kind::Directory(matcher) => matcher.as_plain().unwrap_or_default(),
            _ => "",
        };
        let file = self.file.as_deref().unwrap_or(&self.path);
        let rest = file.strip_prefix(folder).unwrap_or(&self.path);
        rest.trim_start_matches('/').to_owned()
    }

    fn goes_on(&mut self) -> bool {
        self.redirects += 1;
        self.redirects <= REDIRECTS
    }

    /// The request begins anew with another path; its variables are those of the one before.
    fn again(mut self) -> Answer {
        self.environment.redirect();
        self.file = None;
        self.application = None;
        self.inside = None;
        self.answer()
    }

    fn found(mut self) -> Answer {
        let of_section = self.settings().rev().find_map(|it| it.application);
        self.application = self.application.or(of_section);
        let is_there = matches!(self.found, 200 | 304);
        if self.application.is_some() {
            let status = self.found;
            return self.sent(status, false);
        }
        if self.path.ends_with('/') && is_there {
            self.index();
        }
        let fallback = self.settings().rev().find_map(|it| it.fallback.as_deref());
        if let (404, Some(fallback)) = (self.found, fallback.filter(|it| it.starts_with('/'))) {
            self.found = 200;
            self.move_to(fallback.to_owned());
        }
        let status = self.found;
        if status >= 300 && status != 304 { self.made(status) } else { self.sent(status, false) }
    }

    /// A folder is answered for by its index, to which other sections may belong.
    fn index(&mut self) {
        let names = self.settings().rev().find_map(|it| it.index.as_ref());
        let first = names.and_then(|names| names.first()).map_or("index.html", String::as_str);
        if first != "disabled" {
            self.move_to(if first.starts_with('/') {
                first.to_owned()
            } else {
                format!("{}{first}", self.path)
            });
        }
    }

    fn move_to(&mut self, path: String) {
        self.path = path;
        self.file = None;
        self.map();
        self.search(false);
    }

    /// A status that the server answers with by itself, for which there may be a page.
    fn made(mut self, status: u16) -> Answer {
        self.status = status;
        let page = self.settings().rev().find_map(|it| it.error_documents.get(&status));
        let Some(page) = page.filter(|_| !self.is_error_page) else {
            return self.sent(status, true);
        };
        if page.contains("://") {
            return self.sent(302, true);
        }
        let Some(path) = normalized(page).filter(|_| page.starts_with('/')) else {
            return self.sent(status, true);
        };
        self.is_error_page = true;
        self.path = path;
        self.found = 200;
        self.asked = None;
        self.again()
    }

    /// The headers of the answer.
    fn sent(mut self, status: u16, is_made: bool) -> Answer {
        let status = if self.is_error_page { self.status } else { status };
        self.status = status;
        if self.media_type.is_none() {
            self.media_type = if is_made { Some(MADE.to_owned()) } else { self.type_of_file() };
        }
        let lines: Vec<&Header> = self.settings().flat_map(|it| &it.headers).collect();
        for table in [Table::Always, Table::OnSuccess] {
            for header in lines.iter().filter(|header| header.table == table) {
                self.header(header, is_made && table == Table::OnSuccess);
            }
        }
        Answer { status, tables: self.tables, application: self.application }
    }

    fn header(&mut self, header: &Header, is_lost: bool) {
        let decided = Decided::new(header, self);
        if decided.holds == Some(false) {
            return;
        }
        if !is_lost {
            self.tables.notes.extend(decided.note(header));
            self.tables.apply(header, &decided);
            return;
        }
        let name = &header.name;
        let is_sent = self.tables.always.iter().any(|sent| sent.name.eq_ignore_ascii_case(name));
        if header.action.gives() && !is_sent {
            let (name, at, by, why) = (name.clone(), header.word.span, None, Loss::NotWithStatus);
            self.tables.lost.push(Lost { name, at, by, why });
        }
    }

    fn type_of_file(&self) -> Option<String> {
        let forced = self.settings().rev().find_map(|it| it.forced_type.clone());
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        forced.or_else(|| {
            let extension = extension?;
            let added = self.settings().rev().find_map(|it| it.types.get(&extension).cloned());
            added.or_else(|| super::known_type(&extension).map(str::to_owned))
        })
    }

    /// `SetEnvIf` and its like, in the order of the lines.
    fn set_by(&mut self, settings: &'m Settings, is_raw: bool) {
        for step in &settings.environment {
            let (holds, groups) = match &step.condition {
                Condition::Always => continue,
                Condition::Expression(expression) => (expression.holds(self), Vec::new()),
                Condition::Attribute { name, pattern } => {
                    match self.attribute(name, is_raw).map(|text| pattern.captures(&text)) {
                        Some(Some(found)) => (Some(found.is_some()), found.unwrap_or_default()),
                        // What begins anywhere is in every text, that of a header which is not sent included.
                        _ => (
                            matches!(pattern.as_str(), "^" | "" | ".*").then_some(true),
                            Vec::new(),
                        ),
                    }
                }
            };
            self.environment.step(step, holds, &groups);
        }
    }

    /// `SetEnv`, whatever the request is.
    fn set_anyway(&mut self, settings: &'m Settings) {
        let steps = settings.environment.iter();
        for step in steps.filter(|step| matches!(step.condition, Condition::Always)) {
            self.environment.step(step, Some(true), &[]);
        }
    }

    /// What `SetEnvIf` asks about; `None` if nobody knows.
    fn attribute(&self, name: &str, is_raw: bool) -> Option<String> {
        if name.eq_ignore_ascii_case("request_uri") {
            let asked = self.asked.as_ref().filter(|_| is_raw && self.redirects == 0);
            return Some(asked.map_or_else(
                || self.path.clone(),
                |asked| asked.split('?').next().unwrap_or_default().to_owned(),
            ));
        }
        if name.eq_ignore_ascii_case("request_method") {
            return Some("GET".to_owned());
        }
        self.environment.get(name)?.as_known().map(str::to_owned)
    }
}
