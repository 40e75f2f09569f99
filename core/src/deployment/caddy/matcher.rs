//! Which requests a directive is for.

use std::collections::BTreeMap;

use super::order::Precision;
use crate::configuration::{Pattern, decoded};
use crate::deployment::directive::{Directive, Word};
use crate::plan::Scheme;
use crate::text::Span;

/// Conditions, all of which have to hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Matcher {
    /// As it is written: `@api`, `/api/*`; empty where there is none.
    pub(super) name: String,
    pub(super) at: Span,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug)]
enum Condition {
    /// One of these paths.
    Path(Vec<String>),
    Regex(Pattern),
    Host(Vec<String>),
    Method(Vec<String>),
    Scheme(Scheme),
    /// The status of an error.
    Status(Comparison, u16),
    Always(bool),
    /// None of these.
    Not(Vec<Matcher>),
    /// Something that only the server can know.
    Unknown,
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What is known of a request.
#[derive(Clone, Debug)]
pub(super) struct Known<'r> {
    /// The path by now, decoded and normalized.
    pub(super) path: Option<String>,
    pub(super) host: Option<&'r str>,
    pub(super) scheme: Scheme,
    /// The status of the error that is being answered.
    pub(super) error: Option<u16>,
    /// The matcher that holds, whatever the path is.
    pub(super) given: Option<Span>,
}

impl Known<'_> {
    /// Whether a path holds of which nothing is known: those that a matcher stands for are taken to be no other's.
    fn elsewhere(&self) -> Option<bool> {
        self.given.map(|_| false)
    }
}

/// The matchers that a site gives names.
pub(super) type Named = BTreeMap<String, Matcher>;

/// What a directive's first argument says, and how many arguments that takes.
pub(super) fn of(directive: &Directive, named: &Named) -> (Option<Matcher>, usize) {
    let Some(word) = directive.arguments.first() else { return (None, 0) };
    match word.text.as_str() {
        "*" => (None, 1),
        name if name.starts_with('@') => match named.get(name) {
            Some(matcher) => (Some(matcher.clone()), 1),
            None => (Some(Matcher::unknown(word)), 1),
        },
        path if path.starts_with('/') => (Some(Matcher::of_path(word)), 1),
        _ => (None, 0),
    }
}

impl Matcher {
    fn unknown(word: &Word) -> Self {
        Self { name: word.text.clone(), at: word.span, conditions: vec![Condition::Unknown] }
    }

    fn of_path(word: &Word) -> Self {
        let conditions = vec![Condition::Path(vec![word.text.clone()])];
        Self { name: word.text.clone(), at: word.span, conditions }
    }

    /// What `@name …` or `@name { … }` defines.
    pub(super) fn defined(directive: &Directive) -> Self {
        let mut matcher = Self {
            name: directive.name.text.clone(),
            at: directive.span(),
            conditions: Vec::new(),
        };
        matcher.add_line(&directive.arguments);
        matcher.add_block(directive.children());
        matcher
    }

    fn add_block(&mut self, lines: &[Directive]) {
        for line in lines {
            match line.block {
                Some(_) => self.add_with_block(line),
                None => {
                    let words: Vec<Word> =
                        [&line.name].into_iter().chain(&line.arguments).cloned().collect();
                    self.add_line(&words);
                }
            }
        }
    }

    fn add_with_block(&mut self, line: &Directive) {
        if !line.is("not") {
            self.conditions.push(Condition::Unknown);
            return;
        }
        let mut inner = Self { at: line.span(), ..Self::default() };
        inner.add_block(line.children());
        self.conditions.push(Condition::Not(vec![inner]));
    }

    /// A condition such as `path /a /b`. Paths, hosts and methods of more lines are alternatives.
    fn add_line(&mut self, words: &[Word]) {
        let Some((kind, values)) = words.split_first() else { return };
        let texts = || values.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        let first = values.first().map_or("", |word| word.text.as_str());
        let same = self.conditions.iter_mut();
        let condition = match kind.text.as_str() {
            "path" => {
                let known = same
                    .filter_map(|it| if let Condition::Path(it) = it { Some(it) } else { None });
                match known.last() {
                    Some(paths) => return paths.extend(texts()),
                    None => Condition::Path(texts()),
                }
            }
            "path_regexp" => {
                let pattern = values.last().map_or("", |word| word.text.as_str());
                Condition::Regex(Pattern::new(pattern, false))
            }
            "host" => Condition::Host(texts()),
            "method" => Condition::Method(texts()),
            "protocol" => match first {
                "https" => Condition::Scheme(Scheme::Https),
                "http" => Condition::Scheme(Scheme::Http),
                _ => Condition::Unknown,
            },
            "expression" => return self.conditions.extend(expression(&texts().join(" "))),
            "not" => {
                let mut inner = Self { at: kind.span, ..Self::default() };
                inner.add_line(values);
                Condition::Not(vec![inner])
            }
            _ => Condition::Unknown,
        };
        self.conditions.push(condition);
    }

    /// Whether it holds; `None` if nobody can say.
    pub(super) fn holds(&self, known: &Known<'_>) -> Option<bool> {
        if known.given == Some(self.at) {
            return Some(true);
        }
        let mut holds = Some(true);
        for condition in &self.conditions {
            match condition.holds(known) {
                Some(false) => return Some(false),
                None => holds = None,
                Some(true) => {}
            }
        }
        holds
    }

    /// Whether it asks for a path.
    pub(super) fn is_by_path(&self) -> bool {
        let by_path = |it: &Condition| matches!(it, Condition::Path(_) | Condition::Regex(_));
        self.conditions.iter().any(by_path)
    }

    /// A path for which it may hold, if it lists some.
    pub(super) fn some_path(&self, some_name: &str) -> Option<String> {
        let listed =
            |it: &Condition| if let Condition::Path(it) = it { it.first().cloned() } else { None };
        let path = self.conditions.iter().find_map(listed)?;
        Some(path.replace('*', some_name))
    }

    /// What Caddy sorts by.
    pub(super) fn precision(matcher: Option<&Self>) -> Precision {
        let conditions = matcher.map(|matcher| matcher.conditions.as_slice()).unwrap_or_default();
        let path = conditions.iter().find_map(|it| match it {
            Condition::Path(paths) => match paths.as_slice() {
                [path] => Some(path.clone()),
                _ => None,
            },
            _ => None,
        });
        Precision { path, has_matcher: matcher.is_some() }
    }
}

impl Condition {
    fn holds(&self, known: &Known<'_>) -> Option<bool> {
        match self {
            Self::Path(patterns) => match known.path.as_deref() {
                Some(path) => Some(patterns.iter().any(|pattern| takes(pattern, path))),
                None => known.elsewhere(),
            },
            Self::Regex(pattern) => match known.path.as_deref() {
                Some(path) => pattern.is_match(path),
                None => known.elsewhere(),
            },
            Self::Host(hosts) => {
                let host = known.host?;
                let is_open = hosts.iter().any(|host| host.contains(['*', '{']));
                match hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
                    false if is_open => None,
                    holds => Some(holds),
                }
            }
            Self::Method(methods) => {
                Some(methods.iter().any(|method| method.eq_ignore_ascii_case("GET")))
            }
            Self::Scheme(scheme) => Some(*scheme == known.scheme),
            Self::Status(comparison, status) => Some(comparison.holds(known.error?, *status)),
            Self::Always(holds) => Some(*holds),
            Self::Not(matchers) => {
                let mut holds = Some(true);
                for matcher in matchers {
                    match matcher.holds(known) {
                        Some(true) => return Some(false),
                        None => holds = None,
                        Some(false) => {}
                    }
                }
                holds
            }
            Self::Unknown => None,
        }
    }
}

impl Comparison {
    fn holds(self, one: u16, other: u16) -> bool {
        match self {
            Self::Equal => one == other,
            Self::NotEqual => one != other,
            Self::Less => one < other,
            Self::AtMost => one <= other,
            Self::More => one > other,
            Self::AtLeast => one >= other,
        }
    }
}

/// A path of the matcher `path`: letters' case does not count, and a star stands for anything at its ends (`MatchPath`).
fn takes(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (
        decoded(pattern).unwrap_or_else(|| pattern.to_owned()).to_lowercase(),
        path.to_lowercase(),
    );
    let (start, end) = (pattern.strip_suffix('*'), pattern.strip_prefix('*'));
    let inner = start.and_then(|start| start.strip_prefix('*'));
    match (inner, start, end) {
        _ if pattern == "*" => true,
        (Some(inner), ..) if !inner.contains('*') => path.contains(inner),
        (None, Some(start), _) if !start.contains('*') => path.starts_with(start),
        (None, _, Some(end)) if !end.contains('*') => path.ends_with(end),
        _ if pattern.contains('*') => {
            let parts: Vec<String> =
                pattern.split('*').map(crate::configuration::escaped).collect();
            Pattern::new(&format!("^{}$", parts.join("[^/]*")), false).is_match(&path) == Some(true)
        }
        _ => path == pattern,
    }
}

/// `true`, `false`, or comparisons of an error's status, with `&&` between them.
fn expression(text: &str) -> impl Iterator<Item = Condition> {
    let comparison = |part: &str| match part.trim() {
        "true" => Condition::Always(true),
        "false" => Condition::Always(false),
        part => comparison(part).unwrap_or(Condition::Unknown),
    };
    text.trim().trim_matches('`').split("&&").map(comparison)
}

fn comparison(text: &str) -> Option<Condition> {
    let names = ["{err.status_code}", "{http.error.status_code}"];
    let rest = names.iter().find_map(|name| text.strip_prefix(name))?;
    let (operator, status) = rest.trim().split_once(' ')?;
    let comparison = match operator {
        "==" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        ">" => Comparison::More,
        ">=" => Comparison::AtLeast,
        _ => return None,
    };
    Some(Condition::Status(comparison, status.trim().parse().ok()?))
}
