//! Sections: which requests they are for, and in which order they count.

use std::sync::Arc;

use super::expression::Expression;
use super::request::SOME_NAME;
use super::settings::Settings;
use crate::configuration::{Pattern, escaped};
use crate::deployment::directive::Directive;
use crate::text::Span;

/// A section, such as `<Location "/admin">`, with the one around it.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) around: Option<Arc<Self>>,
    pub(super) settings: Settings,
    pub(super) at: Span,
}

/// What a section is for.
#[derive(Debug)]
pub(super) enum Kind {
    /// A folder of the file system, and what is in it.
    Directory(Matcher),
    /// Names of files.
    Files(Matcher),
    /// Paths.
    Location(Matcher),
    /// Whatever a condition holds for.
    If(Expression),
    /// Requests that are none here: proxies forward, methods other than GET.
    Never,
}

#[derive(Debug)]
pub(super) enum Matcher {
    /// A path and what is below it, or the name of a file.
    Plain(String),
    /// With `*`, `?` and `[…]`.
    Wildcard(Pattern),
    Regex(Pattern),
}

impl Section {
    /// The sections of a block, each before those in it.
    pub(super) fn of(directives: &[Directive], around: Option<&Arc<Self>>) -> Vec<Arc<Self>> {
        let mut sections = Vec::new();
        let mut before: Option<Expression> = None;
        for directive in directives.iter().filter(|directive| directive.block.is_some()) {
            let Some(kind) = Kind::of(directive, &mut before) else { continue };
            let words: Vec<&str> =
                directive.arguments.iter().map(|word| word.text.as_str()).collect();
            let section = Arc::new(Self {
                name: format!("<{} {}>", shown(&directive.name.text), words.join(" "))
                    .replace(" >", ">"),
                kind,
                around: around.cloned(),
                settings: Settings::new(directive.children()),
                at: directive.span(),
            });
            let inner = Self::of(directive.children(), Some(&section));
            sections.push(section);
            sections.extend(inner);
        }
        sections
    }

    /// What `.htaccess` of a folder says, `below` the folder of all pages.
    pub(super) fn of_folder(
        root: &str,
        below: &str,
        directives: &[Directive],
        at: Span,
    ) -> Vec<Arc<Self>> {
        let (folder, below) = (format!("{root}{below}"), below.trim_start_matches('/'));
        let name = if below.is_empty() { String::new() } else { format!("{below}/") };
        let section = Arc::new(Self {
            name: name + ".htaccess",
            kind: Kind::Directory(Matcher::Plain(folder)),
            around: None,
            settings: Settings::new(directives),
            at,
        });
        let inner = Self::of(directives, Some(&section));
        std::iter::once(section).chain(inner).collect()
    }

    /// Whether it is this one, or lies in it.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || self.around.as_ref().is_some_and(|it| it.is_within(other))
    }

    /// Whether it is for every path.
    pub(super) fn covers_all(&self) -> bool {
        let (Kind::Directory(matcher) | Kind::Location(matcher)) = &self.kind else { return false };
        matches!(matcher.as_plain(), Some("" | "/")) && self.settings.decides()
    }

    pub(super) const fn is_condition(&self) -> bool {
        matches!(self.kind, Kind::If(_))
    }

    /// Whether it is for paths, whatever file there is.
    pub(super) const fn is_location(&self) -> bool {
        matches!(self.kind, Kind::Location(_))
    }

    /// A path that it is for, with the folder of pages; `None` if any path may be.
    pub(super) fn some_path(&self, root: Option<&str>) -> Option<String> {
        let below = |folder: &str| format!("{}/{SOME_NAME}", folder.trim_end_matches('/'));
        match &self.kind {
            Kind::Location(matcher) => matcher.as_plain().map(below),
            Kind::Files(matcher) => matcher.as_plain().map(|name| format!("/{name}")),
            Kind::Directory(matcher) => matcher.as_plain()?.strip_prefix(root?).map(below),
            Kind::If(_) | Kind::Never => self.around.as_ref()?.some_path(root),
        }
    }

    /// Whether it is for a folder, and lets its `.htaccess` set headers.
    pub(super) fn covers_folder(&self, folder: &str) -> Option<bool> {
        let Kind::Directory(matcher) = &self.kind else { return None };
        self.settings.lets_folders.filter(|_| matcher.covers(folder) == Some(true))
    }

    /// Sections count in this order; those of the same rank as they stand in the text.
    pub(super) fn rank(&self) -> (u8, usize) {
        let depth = |path: &str| path.split('/').filter(|part| !part.is_empty()).count();
        let around = self.around.as_ref().map_or(0, |around| 1 + around.rank().1);
        match &self.kind {
            Kind::Directory(Matcher::Plain(path)) => (0, depth(path)),
            Kind::Directory(Matcher::Wildcard(pattern)) => (0, depth(pattern.as_str())),
            Kind::Directory(Matcher::Regex(_)) => (1, 0),
            Kind::Files(_) => (2, around),
            Kind::Location(_) => (3, 0),
            Kind::If(_) | Kind::Never => (4, 0),
        }
    }
}

impl Kind {
    fn of(directive: &Directive, before: &mut Option<Expression>) -> Option<Self> {
        let words: Vec<&str> = directive.arguments.iter().map(|word| word.text.as_str()).collect();
        let is_regex = words.first() == Some(&"~");
        let text = words.get(usize::from(is_regex)).copied().unwrap_or_default();
        let regex = || Matcher::Regex(Pattern::new(text, false));
        let matcher = |end| if is_regex { regex() } else { Matcher::new(text, end) };
        Some(match directive.name.text.as_str() {
            "directory" => Self::Directory(matcher("(?:/|$)").without_slash()),
            "directorymatch" => Self::Directory(regex()),
            "files" => Self::Files(matcher("$")),
            "filesmatch" => Self::Files(regex()),
            "location" => Self::Location(matcher("$")),
            "locationmatch" => Self::Location(regex()),
            "if" => {
                let condition = Expression::new(text);
                *before = Some(Expression::Not(Box::new(condition.clone())));
                Self::If(condition)
            }
            "elseif" => Self::If(otherwise(before, Expression::new(text))),
            "else" => Self::If(otherwise(before, Expression::Constant(true))),
            "limit" if words.iter().any(|word| word.eq_ignore_ascii_case("get")) => {
                Self::If(Expression::Constant(true))
            }
            "limitexcept" if words.iter().all(|word| !word.eq_ignore_ascii_case("get")) => {
                Self::If(Expression::Constant(true))
            }
            "limit" | "limitexcept" | "proxy" | "proxymatch" => Self::Never,
            _ => return None,
        })
    }
}

/// The condition of a branch that counts where none before it does.
fn otherwise(before: &mut Option<Expression>, condition: Expression) -> Expression {
    let rest = before.take().unwrap_or(Expression::Constant(false));
    let and = |left: &Expression, right| Expression::And(Box::new(left.clone()), Box::new(right));
    *before = Some(and(&rest, Expression::Not(Box::new(condition.clone()))));
    and(&rest, condition)
}

/// The name as the manual writes it.
fn shown(name: &str) -> &str {
    const NAMES: [&str; 11] = [
        "Directory",
        "DirectoryMatch",
        "Files",
        "FilesMatch",
        "Location",
        "LocationMatch",
        "If",
        "ElseIf",
        "Else",
        "Limit",
        "LimitExcept",
    ];
    NAMES.into_iter().find(|shown| shown.eq_ignore_ascii_case(name)).unwrap_or(name)
}

impl Matcher {
    fn new(text: &str, end: &str) -> Self {
        if text.contains(['*', '?', '[']) {
            return Self::Wildcard(Pattern::new(&(wildcard(text) + end), false));
        }
        Self::Plain(text.to_owned())
    }

    /// A folder is the same with and without a slash at its end.
    fn without_slash(self) -> Self {
        match self {
            Self::Plain(path) if path.len() > 1 => {
                Self::Plain(path.trim_end_matches('/').to_owned())
            }
            other => other,
        }
    }

    pub(super) fn as_plain(&self) -> Option<&str> {
        match self {
            Self::Plain(text) => Some(text),
            Self::Wildcard(_) | Self::Regex(_) => None,
        }
    }

    /// Whether it is a path's, or that of something above it.
    pub(super) fn covers(&self, path: &str) -> Option<bool> {
        match self {
            Self::Plain(prefix) => {
                let rest = path.strip_prefix(prefix.as_str());
                let is_below = |rest: &str| rest.starts_with('/') || prefix.ends_with('/');
                Some(rest.is_some_and(|rest| rest.is_empty() || is_below(rest)))
            }
            Self::Wildcard(pattern) | Self::Regex(pattern) => pattern.is_match(path),
        }
    }

    pub(super) fn names(&self, file: &str) -> Option<bool> {
        match self {
            Self::Plain(name) => Some(name == file),
            Self::Wildcard(pattern) | Self::Regex(pattern) => pattern.is_match(file),
        }
    }
}

/// The beginning of a regular expression for a path with wildcards (`apr_fnmatch`).
fn wildcard(text: &str) -> String {
    let mut regex = "^".to_owned();
    for c in text.chars() {
        match c {
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '[' | ']' | '-' => regex.push(c),
            c => regex.push_str(&escaped(c.encode_utf8(&mut [0; 4]))),
        }
    }
    regex
}
