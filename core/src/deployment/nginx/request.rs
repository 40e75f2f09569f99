//! One request's way through a server: rewrites, the location, `try_files`, `index` and error pages, each of which can
//! send it on to another location, whose headers count in the end.

use super::group::Group;
use super::model::{Content, Kind, Location, Model, Site, Step};
use super::scope::{ErrorPage, Scope};
use super::variables::Variables;
use crate::configuration::{Asked, Note, Pattern, normalized};
use crate::deployment::directive::Word;
use crate::deployment::value::Value;
use crate::plan::Scheme;

/// How often nginx sends a request on within itself.
const REDIRECTS: usize = 10;

/// Where a request ends.
pub(super) struct Answer<'m> {
    pub(super) scope: &'m Scope,
    pub(super) status: u16,
    pub(super) variables: Variables<'m>,
    pub(super) notes: Vec<Note>,
    /// Whether a part of a file was asked for that it does not have.
    pub(super) is_unsatisfied: bool,
}

impl Answer<'_> {
    /// What is done when the file has been found, before nginx looks at the part of it that is asked for.
    pub(super) fn of_file(&mut self, mut then: impl FnMut(&mut Self)) {
        let status = std::mem::replace(&mut self.status, 200);
        self.variables.status = 200;
        then(self);
        (self.status, self.variables.status) = (status, status);
    }
}

/// What comes after the rewrite module's steps.
#[derive(Debug)]
enum Flow {
    Next,
    /// The end of a block's steps.
    Stop,
    /// The path has changed: the location is looked for anew.
    Search,
    Answer(u16),
}

pub(super) struct Request<'m> {
    site: &'m Site,
    variables: Variables<'m>,
    location: Option<usize>,
    /// The status of what is found.
    found: u16,
    notes: Vec<Note>,
    is_error_page: bool,
    /// Whether a `rewrite` has changed the path since the location was found.
    is_moved: bool,
    redirects: usize,
}

impl<'m> Request<'m> {
    pub(super) fn new(model: &'m Model, site: &'m Site, scheme: Scheme, status: u16) -> Self {
        Self {
            site,
            variables: Variables::new(model, site, scheme, status),
            location: None,
            found: status,
            notes: Vec::new(),
            is_error_page: false,
            is_moved: false,
            redirects: 0,
        }
    }

    /// What a request for a path gets; `None` if it is no path.
    pub(super) fn path(mut self, asked: &Asked<'_>) -> Option<Answer<'m>> {
        self.variables.path = Some(normalized(asked.path)?);
        self.variables.asked = Some(asked.path.to_owned());
        self.variables.media_type = asked.media_type.map(str::to_owned);
        Some(self.server())
    }

    /// What a request gets that has come to this location, whatever its path is; `None` for the server itself.
    pub(super) fn location(mut self, location: Option<usize>) -> Answer<'m> {
        let site = self.site;
        if let Some(Kind::Exact(path)) =
            location.and_then(|at| site.locations.get(at)).map(|at| &at.kind)
        {
            self.variables.path = Some(path.clone());
        }
        // What the server sets is set for every location.
        match self.steps(&site.steps) {
            Flow::Answer(status) => self.answered(status),
            _ => {
                self.notes.clear();
                self.location = location;
                self.located()
            }
        }
    }

    /// The server's own steps, and then the location.
    fn server(mut self) -> Answer<'m> {
        self.location = None;
        let site = self.site;
        match self.steps(&site.steps) {
            Flow::Answer(status) => self.answered(status),
            _ => self.search(),
        }
    }

    fn search(mut self) -> Answer<'m> {
        let Some(path) = self.variables.path.clone() else {
            let status = self.found;
            return self.ended(status);
        };
        self.is_moved = false;
        if let Some(location) = self.folder(&path) {
            self.location = Some(location);
            return self.answered(301);
        }
        self.location = self.find(&self.site.outer, &path).unwrap_or_else(|found| found);
        self.located()
    }

    /// The steps of the location, and then what answers there.
    fn located(mut self) -> Answer<'m> {
        let Some(location) = self.here() else { return self.files(&[]) };
        match self.steps(&location.steps) {
            Flow::Answer(status) => return self.answered(status),
            Flow::Stop => {}
            Flow::Next | Flow::Search => {
                if self.is_moved && self.goes_on() {
                    return self.search();
                }
            }
        }
        // An `if` that holds is a location of its own.
        let Some(location) = self.here() else { return self.files(&[]) };
        match location.content {
            Content::Application { at, .. } => {
                self.variables.is_passed = true;
                let text = "the application may send headers of its own".to_owned();
                self.notes.push(Note { text, at });
                let status = self.found;
                if location.scope.intercepts && status >= 300 {
                    self.answered(status)
                } else {
                    self.ended(status)
                }
            }
            Content::Files => self.files(&location.try_files),
        }
    }

    /// The location of an application that is asked for without the slash at its end, which nginx adds by a redirect
    /// (`auto_redirect`).
    fn folder(&self, path: &str) -> Option<usize> {
        let group = &self.site.outer;
        let found = group.prefix_of(&format!("{path}/")).filter(|_| group.exact(path).is_none())?;
        let location = self.site.locations.get(found)?;
        matches!(location.content, Content::Application { .. }).then_some(found)
    }

    fn here(&self) -> Option<&'m Location> {
        self.site.locations.get(self.location?)
    }

    fn scope(&self) -> &'m Scope {
        self.here().map_or(&self.site.scope, |location| &location.scope)
    }

    fn goes_on(&mut self) -> bool {
        self.redirects += 1;
        self.redirects <= REDIRECTS
    }

    /// A file, or what `try_files` names in place of one.
    fn files(mut self, try_files: &[Word]) -> Answer<'m> {
        let is_missing = self.found == 404;
        if let (true, Some(last)) = (is_missing, try_files.last()) {
            return self.fallback(&last.text);
        }
        let path = self.variables.path.clone().unwrap_or_default();
        if path.ends_with('/') && !is_missing && self.found != 301 {
            return self.index(&path);
        }
        if self.variables.media_type.is_none() && self.found < 300 && !path.is_empty() {
            self.variables.media_type = self.type_of(&path);
        }
        let status = self.found;
        self.answered(status)
    }

    fn type_of(&self, path: &str) -> Option<String> {
        let scope = self.scope();
        let name = path.rsplit('/').next().unwrap_or_default();
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let named = extension.and_then(|extension| scope.types.get(&extension).cloned());
        named.or_else(|| scope.default_type.as_ref().map(ToString::to_string))
    }

    /// The last word of `try_files`, where none of the others is there.
    fn fallback(mut self, to: &str) -> Answer<'m> {
        if let Some(code) = to.strip_prefix('=') {
            let status = code.parse().unwrap_or(404);
            return self.answered(status);
        }
        self.found = 200;
        self.variables.status = 200;
        self.send_to(to)
    }

    /// A folder is answered by its index, as though that had been asked for.
    fn index(mut self, path: &str) -> Answer<'m> {
        let first = self.scope().index.first().cloned();
        let name = first.unwrap_or_else(|| "index.html".to_owned());
        if !self.goes_on() {
            return self.ended(500);
        }
        self.variables.path = Some(format!("{path}{name}"));
        self.server()
    }

    /// To another path of the site, or to a named location.
    fn send_to(mut self, to: &str) -> Answer<'m> {
        if !self.goes_on() {
            return self.ended(500);
        }
        if to.starts_with('@') {
            self.location = self.site.named.get(to).copied();
            return self.located();
        }
        let value = self.variables.replaced(to);
        match value.as_known().and_then(normalized) {
            Some(path) => {
                self.variables.path = Some(path);
                self.server()
            }
            None => {
                let at = self.here().map_or(self.site.at, |location| location.at);
                self.notes.push(Note { text: format!("`{to}` decides on the location"), at });
                let status = self.found;
                self.ended(status)
            }
        }
    }

    /// A status that nginx itself answers with, for which there may be an error page.
    fn answered(mut self, status: u16) -> Answer<'m> {
        self.variables.status = status;
        let names = |page: &&ErrorPage| page.codes.contains(&status);
        let page =
            self.scope().pages.iter().find(names).filter(|_| !self.is_error_page && status >= 300);
        let Some(page) = page.cloned() else { return self.ended(status) };
        self.is_error_page = true;
        let is_here = page.to.text.starts_with(['/', '@', '$']);
        if !is_here {
            return self
                .ended(page.status.filter(|code| (301..=308).contains(code)).unwrap_or(302));
        }
        self.found = page.status.unwrap_or(status);
        self.variables.status = self.found;
        self.error_page(&page.to.text)
    }

    fn error_page(mut self, to: &str) -> Answer<'m> {
        // The page itself is there, so that nothing falls back on anything else.
        let status = self.found;
        self.found = 200;
        let mut answer = self.send_to(to);
        if answer.status == 200 {
            answer.status = status;
            answer.variables.status = status;
        }
        answer
    }

    fn ended(mut self, status: u16) -> Answer<'m> {
        self.variables.status = status;
        let is_made = status >= 300 && status != 304 && !self.variables.is_passed;
        if is_made && self.variables.media_type.is_none() {
            self.variables.media_type = Some("text/html".to_owned());
        }
        let is_unsatisfied = status == 416 && !self.variables.is_passed && !self.is_error_page;
        Answer {
            scope: self.scope(),
            status,
            variables: self.variables,
            notes: self.notes,
            is_unsatisfied,
        }
    }

    fn steps(&mut self, steps: &'m [Step]) -> Flow {
        for step in steps {
            match self.step(step) {
                Flow::Next => {}
                flow => return flow,
            }
        }
        Flow::Next
    }

    fn step(&mut self, step: &'m Step) -> Flow {
        match step {
            Step::Set { name, value } => {
                let value = self.variables.replaced(&value.text);
                self.variables.set(name, value);
                Flow::Next
            }
            Step::Break => Flow::Stop,
            Step::Return(words) => Flow::Answer(return_status(words)),
            Step::Rewrite { .. } => self.rewrite(step),
            Step::If { condition, steps, location, at } => match self.holds(condition) {
                Some(false) => Flow::Next,
                None if self.matters(steps, *location) => {
                    let text = format!("`if ({})` may answer otherwise", condition.join(" "));
                    self.notes.push(Note { text, at: *at });
                    Flow::Next
                }
                None => Flow::Next,
                Some(true) => match location {
                    None => self.steps(steps),
                    Some(inner) => self.enter(*inner),
                },
            },
        }
    }

    /// Whether an `if` can change more than variables.
    fn matters(&self, steps: &[Step], location: Option<usize>) -> bool {
        let inner = location.and_then(|at| self.site.locations.get(at));
        let is_answer = |step: &Step| !matches!(step, Step::Set { .. } | Step::Break);
        let adds = |inner: &Location| !inner.scope.added.is_same(&self.scope().added);
        steps.iter().any(is_answer)
            || inner.is_some_and(|inner| inner.steps.iter().any(is_answer) || adds(inner))
    }

    fn enter(&mut self, inner: usize) -> Flow {
        let site = self.site;
        let Some(location) = site.locations.get(inner) else { return Flow::Next };
        self.location = Some(inner);
        self.steps(&location.steps)
    }

    fn rewrite(&mut self, step: &Step) -> Flow {
        let Step::Rewrite { pattern, to, flag, at } = step else { return Flow::Next };
        let path = self.variables.path.as_deref();
        let Some(found) = path.and_then(|path| pattern.captures(path)) else {
            let text = format!("`rewrite {}` may send it on", pattern.as_str());
            self.notes.push(Note { text, at: *at });
            return Flow::Next;
        };
        let Some(groups) = found else { return Flow::Next };
        self.variables.captures = Some(groups);
        match flag.as_str() {
            "redirect" => return Flow::Answer(302),
            "permanent" => return Flow::Answer(301),
            _ if to.text.contains("://") || to.text.starts_with("$scheme") => {
                return Flow::Answer(302);
            }
            _ => {}
        }
        let target = self.variables.replaced(&to.text);
        self.variables.path = target.as_known().and_then(normalized);
        self.is_moved = true;
        match flag.as_str() {
            "break" => Flow::Stop,
            "last" => Flow::Search,
            // The steps after it see the new path, and then the location is looked for.
            _ => Flow::Next,
        }
    }

    /// Whether a condition holds; `None` if it cannot be known.
    fn holds(&mut self, condition: &[String]) -> Option<bool> {
        let words: Vec<&str> = condition.iter().map(String::as_str).collect();
        match words.as_slice() {
            [variable] => {
                let value = self.known(variable)?;
                Some(!value.is_empty() && value != "0")
            }
            [left, operator, right] => {
                let left = self.known(left)?;
                match *operator {
                    "=" => Some(left == self.known(right)?),
                    "!=" => Some(left != self.known(right)?),
                    _ => self.matches(&left, operator, right),
                }
            }
            _ => None,
        }
    }

    fn matches(&mut self, text: &str, operator: &str, pattern: &str) -> Option<bool> {
        let (is_negative, rest) =
            operator.strip_prefix('!').map_or((false, operator), |rest| (true, rest));
        let pattern = Pattern::new(pattern, rest == "~*");
        let found = if matches!(rest, "~" | "~*") { pattern.captures(text)? } else { return None };
        let is_found = found.is_some();
        if let Some(groups) = found {
            self.variables.captures = Some(groups);
        }
        Some(is_found != is_negative)
    }

    fn known(&mut self, text: &str) -> Option<String> {
        let Value { text, unknown } = self.variables.replaced(text);
        unknown.is_empty().then_some(text)
    }

    /// The location for a path: the longest prefix, locations within it, and regular expressions in their order
    /// (`ngx_http_core_find_location`). `Err` holds it if no regular expression may be asked any more.
    fn find(&self, among: &Group, path: &str) -> Result<Option<usize>, Option<usize>> {
        if let Some(exact) = among.exact(path) {
            return Err(Some(exact));
        }
        let site = self.site;
        let longest = among.prefix(path);
        let found = match longest {
            Some(at) => self.find_within(at, path)?,
            None => None,
        };
        let kind = longest.and_then(|at| site.locations.get(at)).map(|location| &location.kind);
        if matches!(kind, Some(Kind::Prefix { is_final: true, .. })) {
            return Ok(found);
        }
        for at in among.regexes.iter().copied() {
            let kind = site.locations.get(at).map(|location| &location.kind);
            if matches!(kind, Some(Kind::Regex(pattern)) if pattern.is_match(path) == Some(true)) {
                return Err(self.find_within(at, path).unwrap_or_else(|found| found));
            }
        }
        Ok(found)
    }

    /// The location itself, or one within it.
    fn find_within(&self, at: usize, path: &str) -> Result<Option<usize>, Option<usize>> {
        let Some(location) = self.site.locations.get(at) else { return Ok(None) };
        Ok(self.find(&location.inner, path)?.or(Some(at)))
    }
}

/// `return 301 URL`, `return 404`, or `return URL`.
fn return_status(words: &[Word]) -> u16 {
    let first = words.first().and_then(|word| word.text.parse::<u16>().ok());
    first.unwrap_or(302)
}
