//! What the lines of one section say, in the order in which they stand there.

use std::collections::BTreeMap;

use super::environment::Step;
use super::header::Header;
use super::rewrite::{Redirect, Rewrite};
use crate::configuration::Table;
use crate::deployment::directive::Directive;
use crate::text::Span;

/// What the lines of a section say; the same for the server as a whole.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) headers: Vec<Header>,
    pub(super) environment: Vec<Step>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) rewrite: Rewrite,
    pub(super) error_documents: BTreeMap<u16, String>,
    /// Names of files that answer for a folder.
    pub(super) index: Option<Vec<String>>,
    /// Extension, without its dot, to media type.
    pub(super) types: BTreeMap<String, String>,
    pub(super) forced_type: Option<String>,
    pub(super) fallback: Option<String>,
    /// Whether everybody is let in; `None` where it says nothing, or nobody knows.
    pub(super) lets_in: Option<bool>,
    pub(super) application: Option<Application>,
    /// Whether `.htaccess` may set headers.
    pub(super) lets_folders: Option<bool>,
    /// Folders and applications by the path that they are reached by.
    pub(super) mapped: Vec<Mapped>,
}

/// A program that answers in the server's place, and the line that says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Application {
    /// The table that takes the program's headers.
    pub(super) table: Table,
    pub(super) at: Span,
}

/// `Alias`, `ScriptAlias` or `ProxyPass`.
#[derive(Debug)]
pub(super) struct Mapped {
    pub(super) path: String,
    pub(super) to: Target,
}

#[derive(Debug)]
pub(super) enum Target {
    Folder(String),
    Application(Application),
    /// `ProxyPass /path !`: files after all.
    Files,
}

impl Settings {
    pub(super) fn new(directives: &[Directive]) -> Self {
        let mut settings = Self::default();
        directives.iter().for_each(|directive| settings.take(directive));
        settings
    }

    /// Whether something in it counts for what is sent.
    pub(super) fn decides(&self) -> bool {
        !self.headers.is_empty()
            || !self.redirects.is_empty()
            || !self.rewrite.rules.is_empty()
            || self.lets_in == Some(false)
    }

    fn take(&mut self, directive: &Directive) {
        let words = || directive.arguments.iter().map(|word| word.text.as_str());
        let first = directive.argument(0);
        match directive.name.text.as_str() {
            "header" => self.headers.extend(Header::new(directive)),
            "errordocument" => {
                let status = first.parse::<u16>().ok();
                self.error_documents
                    .extend(status.map(|status| (status, directive.argument(1).to_owned())));
            }
            "directoryindex" => self.index = Some(words().map(str::to_owned).collect()),
            "fallbackresource" => self.fallback = Some(first.to_owned()),
            "addtype" => {
                let extension = |word: &str| word.trim_start_matches('.').to_ascii_lowercase();
                let types = words().skip(1).map(|word| (extension(word), first.to_owned()));
                self.types.extend(types);
            }
            "forcetype" => self.forced_type = Some(first.to_owned()).filter(|name| name != "None"),
            "allowoverride" => {
                let mut words = words();
                self.lets_folders = Some(words.any(|word| {
                    word.eq_ignore_ascii_case("all") || word.eq_ignore_ascii_case("fileinfo")
                }));
            }
            "require" => self.lets_in = lets_in(first, directive.argument(1)).or(self.lets_in),
            "sethandler" if first.starts_with("proxy:") => {
                self.application = Some(application(Table::OnSuccess, directive));
            }
            "sethandler" if first == "cgi-script" => {
                self.application = Some(application(Table::Always, directive));
            }
            "alias" | "scriptalias" | "proxypass" => self.map(directive),
            _ => {
                self.environment.extend(Step::new(directive));
                self.redirects.extend(Redirect::new(directive));
                self.rewrite.take(directive);
            }
        }
    }

    fn map(&mut self, directive: &Directive) {
        let (path, to) = match directive.arguments.as_slice() {
            // In a `<Location>` its own path is meant.
            [_] if directive.is("proxypass") => {
                self.application = Some(application(Table::OnSuccess, directive));
                return;
            }
            [path, to, ..] => (path.text.clone(), to.text.clone()),
            _ => return,
        };
        let to = match directive.name.text.as_str() {
            "alias" => Target::Folder(to),
            "scriptalias" => Target::Application(application(Table::Always, directive)),
            _ if to == "!" => Target::Files,
            _ => Target::Application(application(Table::OnSuccess, directive)),
        };
        self.mapped.push(Mapped { path, to });
    }
}

fn application(table: Table, directive: &Directive) -> Application {
    Application { table, at: directive.span() }
}

fn lets_in(first: &str, second: &str) -> Option<bool> {
    match (first.to_ascii_lowercase().as_str(), second.to_ascii_lowercase().as_str()) {
        ("all", "granted") => Some(true),
        ("all", "denied") => Some(false),
        _ => None,
    }
}
