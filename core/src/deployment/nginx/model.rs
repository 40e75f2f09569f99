//! A configuration with what each block inherits worked out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::chain::Chain;
use super::group::Group;
use crate::configuration::Pattern;
use crate::deployment::directive::{Directive, Word};
use crate::text::Span;

/// The protocols by which nginx asks an application: how it is asked, and what is not passed on from it.
pub(super) const PROTOCOLS: [(&str, &str); 5] = [
    ("proxy_pass", "proxy_hide_header"),
    ("fastcgi_pass", "fastcgi_hide_header"),
    ("uwsgi_pass", "uwsgi_hide_header"),
    ("scgi_pass", "scgi_hide_header"),
    ("grpc_pass", "grpc_hide_header"),
];

/// A whole configuration, or a part of one that stands alone.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) variables: BTreeMap<String, Variable>,
    pub(super) sites: Vec<Site>,
}

/// How a variable gets its value.
#[derive(Debug)]
pub(super) enum Variable {
    Map(Map),
    /// The same for every client.
    Constant(Word),
    /// By what cannot be known, such as the client's address.
    Unknown,
}

/// A `map`.
#[derive(Debug, Default)]
pub(super) struct Map {
    pub(super) source: Word,
    pub(super) default: Option<Word>,
    /// By the lower-cased key.
    pub(super) exact: BTreeMap<String, Word>,
    pub(super) patterns: Vec<(Pattern, Word)>,
    /// Whether keys are names of hosts with wildcards.
    pub(super) has_wildcards: bool,
}

/// A `server` block.
#[derive(Debug, Default)]
pub(super) struct Site {
    pub(super) name: String,
    pub(super) is_plain: bool,
    pub(super) is_tls: bool,
    pub(super) scope: Scope,
    pub(super) steps: Vec<Step>,
    /// Every location, those within others included.
    pub(super) locations: Vec<Location>,
    /// Those that are in no other.
    pub(super) outer: Group,
    /// Those with a name.
    pub(super) named: BTreeMap<String, usize>,
    pub(super) at: Span,
}

/// A `location`, or an `if` in one.
#[derive(Debug)]
pub(super) struct Location {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) scope: Scope,
    pub(super) steps: Vec<Step>,
    pub(super) content: Content,
    pub(super) try_files: Vec<Word>,
    pub(super) inner: Group,
    pub(super) at: Span,
}

/// Which paths a location is for.
#[derive(Debug)]
pub(super) enum Kind {
    Exact(String),
    Prefix {
        path: String,
        is_final: bool,
    },
    Regex(Pattern),
    Named(String),
    /// An `if` in a location.
    If,
}

/// Who answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Content {
    #[default]
    Files,
    /// An application, by one of the [`PROTOCOLS`].
    Application { protocol: usize, at: Span },
}

/// What the rewrite module does, in order.
#[derive(Debug)]
pub(super) enum Step {
    Set { name: String, value: Word },
    If { condition: Vec<String>, steps: Vec<Self>, location: Option<usize>, at: Span },
    Return(Vec<Word>),
    Rewrite { pattern: Pattern, to: Word, flag: String, at: Span },
    Break,
}

/// What a block hands on to those in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// The `add_header` lines that count.
    pub(super) added: Chain<Added>,
    /// Those that do not, each with the line that makes nginx forget it.
    pub(super) forgotten: Chain<(Chain<Added>, Span)>,
    inherit: Inherit,
    /// `more_set_headers` and `more_clear_headers`.
    pub(super) more: Chain<More>,
    /// What is not passed on from an application, by protocol.
    pub(super) hidden: [Arc<Vec<String>>; PROTOCOLS.len()],
    pub(super) pages: Arc<Vec<ErrorPage>>,
    pub(super) index: Arc<Vec<String>>,
    pub(super) types: Arc<BTreeMap<String, String>>,
    pub(super) default_type: Option<Arc<str>>,
    pub(super) intercepts: bool,
}

/// `add_header_inherit`, from nginx 1.29.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inherit {
    #[default]
    Unless,
    Off,
    Merge,
}

/// An `add_header` line.
#[derive(Clone, Debug)]
pub(super) struct Added {
    pub(super) name: Word,
    pub(super) value: Word,
    pub(super) always: bool,
}

/// A header of a `more_set_headers` line; without a value it is taken away.
#[derive(Clone, Debug)]
pub(super) struct More {
    pub(super) name: String,
    pub(super) value: Option<String>,
    pub(super) word: Word,
    pub(super) statuses: Vec<u16>,
    pub(super) types: Vec<String>,
}

/// An `error_page`.
#[derive(Clone, Debug)]
pub(super) struct ErrorPage {
    pub(super) codes: Vec<u16>,
    pub(super) to: Word,
    /// The status that it answers with; `None` for that of the error.
    pub(super) status: Option<u16>,
}

impl Model {
    pub(super) fn new(directives: &[Directive]) -> Self {
        let mut model = Self::default();
        model.add(directives, &Scope::default());
        model
    }

    /// Directives around or of an `http` block; if they are a part of a server, the server is theirs alone.
    fn add(&mut self, directives: &[Directive], outer: &Scope) {
        let has = |name: &str| directives.iter().any(|directive| directive.is(name));
        if has("http") {
            let blocks = directives.iter().filter(|directive| directive.is("http"));
            blocks.for_each(|http| self.add(http.children(), outer));
            return;
        }
        for directive in directives {
            if let Some((name, variable)) = Variable::of(directive) {
                self.variables.insert(name, variable);
            }
        }
        let scope = Scope::of(directives, outer);
        let servers = directives.iter().filter(|directive| directive.is("server"));
        let servers: Vec<&Directive> = servers.filter(|server| server.block.is_some()).collect();
        self.sites.extend(servers.iter().map(|server| {
            let span = server.name.span;
            Site::of(server.children(), &scope, span)
        }));
        let is_part = |directive: &Directive| {
            matches!(directive.name.text.as_str(), "location" | "add_header" | "more_set_headers")
        };
        if servers.is_empty() && directives.iter().any(is_part) {
            self.sites.push(Site::of(directives, outer, Span::default()));
        }
    }
}

impl Variable {
    fn of(directive: &Directive) -> Option<(String, Self)> {
        let name = |index: usize| directive.argument(index).strip_prefix('$').map(str::to_owned);
        Some(match directive.name.text.as_str() {
            "map" => (name(1)?, Self::Map(Map::of(directive))),
            "geo" => {
                let last = directive.arguments.len().checked_sub(1)?;
                (name(last)?, Self::of_geo(directive))
            }
            "split_clients" => (name(1)?, Self::Unknown),
            _ => return None,
        })
    }

    /// A `geo` that has but a default is nginx's way to write a constant.
    fn of_geo(directive: &Directive) -> Self {
        match directive.children() {
            [only] if only.is("default") => {
                only.arguments.first().cloned().map_or(Self::Unknown, Self::Constant)
            }
            _ => Self::Unknown,
        }
    }
}

impl Map {
    fn of(directive: &Directive) -> Self {
        let source = directive.arguments.first().cloned().unwrap_or_default();
        let mut map = Self { source, ..Self::default() };
        for entry in directive.children() {
            let value = entry.arguments.first().cloned().unwrap_or_default();
            let key = entry.name.text.as_str();
            match key {
                "default" => map.default = Some(value),
                "hostnames" => map.has_wildcards = true,
                "volatile" | "include" => {}
                _ => map.add(key, value),
            }
        }
        map
    }

    fn add(&mut self, key: &str, value: Word) {
        if let Some(pattern) = key.strip_prefix("~*") {
            self.patterns.push((Pattern::new(pattern, true), value));
        } else if let Some(pattern) = key.strip_prefix('~') {
            self.patterns.push((Pattern::new(pattern, false), value));
        } else {
            let key = key.strip_prefix('\\').unwrap_or(key);
            self.exact.insert(key.to_ascii_lowercase(), value);
        }
    }
}

impl Site {
    fn of(directives: &[Directive], outer: &Scope, at: Span) -> Self {
        let mut site = Self { scope: Scope::of(directives, outer), at, ..Self::default() };
        for directive in directives {
            match directive.name.text.as_str() {
                "server_name" if site.name.is_empty() => {
                    site.name = directive.argument(0).to_owned();
                }
                "listen" => {
                    let words = directive.arguments.iter().skip(1);
                    let is_tls =
                        words.clone().any(|word| matches!(word.text.as_str(), "ssl" | "quic"));
                    site.is_tls |= is_tls;
                    site.is_plain |= !is_tls;
                }
                "ssl" if directive.argument(0) == "on" => site.is_tls = true,
                _ => {}
            }
        }
        // Without a `listen` it is port 80; a part of a server says nothing of it.
        site.is_plain |= !site.is_tls;
        let scope = site.scope.clone();
        site.steps = site.steps_of(directives, None);
        site.outer = site.locations_of(directives, &scope);
        site
    }

    fn locations_of(&mut self, directives: &[Directive], outer: &Scope) -> Group {
        let mut group = Group::default();
        for directive in directives.iter().filter(|directive| directive.is("location")) {
            let number = self.location(directive, outer);
            let Some(location) = self.locations.get(number) else { continue };
            group.add(number, location);
            if let Kind::Named(name) = &location.kind {
                self.named.insert(name.clone(), number);
            }
        }
        group
    }

    fn location(&mut self, directive: &Directive, outer: &Scope) -> usize {
        let words: Vec<&str> = directive.arguments.iter().map(|word| word.text.as_str()).collect();
        let block = directive.children();
        let index = self.locations.len();
        self.locations.push(Location {
            name: format!("location {}", words.join(" ")),
            kind: Kind::of(&words),
            scope: Scope::of(block, outer),
            steps: Vec::new(),
            content: Content::of(block).unwrap_or_default(),
            try_files: try_files(block),
            inner: Group::default(),
            at: directive.span(),
        });
        self.fill(index, block);
        index
    }

    /// The steps of a location, and the locations in it.
    fn fill(&mut self, index: usize, block: &[Directive]) {
        let Some(scope) = self.locations.get(index).map(|location| location.scope.clone()) else {
            return;
        };
        let steps = self.steps_of(block, Some(index));
        let inner = self.locations_of(block, &scope);
        if let Some(location) = self.locations.get_mut(index) {
            location.steps = steps;
            location.inner = inner;
        }
    }

    fn steps_of(&mut self, directives: &[Directive], parent: Option<usize>) -> Vec<Step> {
        let step = |directive: &Directive| self.step(directive, parent);
        directives.iter().filter_map(step).collect()
    }

    fn step(&mut self, directive: &Directive, parent: Option<usize>) -> Option<Step> {
        let word = |index: usize| directive.arguments.get(index).cloned();
        let at = directive.span();
        Some(match directive.name.text.as_str() {
            "set" => Step::Set {
                name: directive.argument(0).trim_start_matches('$').to_owned(),
                value: word(1)?,
            },
            "return" => Step::Return(directive.arguments.clone()),
            "rewrite" => Step::Rewrite {
                pattern: Pattern::new(directive.argument(0), false),
                to: word(1)?,
                flag: directive.argument(2).to_owned(),
                at,
            },
            "break" => Step::Break,
            "if" => {
                let condition = condition(&directive.arguments);
                let location = parent.and_then(|parent| self.condition(directive, parent));
                let steps = match location {
                    Some(_) => Vec::new(),
                    None => self.steps_of(directive.children(), None),
                };
                Step::If { condition, steps, location, at }
            }
            _ => return None,
        })
    }

    /// An `if` in a location is a location of its own, without its `try_files`.
    fn condition(&mut self, directive: &Directive, parent: usize) -> Option<usize> {
        let around = self.locations.get(parent)?;
        let block = directive.children();
        let location = Location {
            name: format!("{}, if {}", around.name, condition(&directive.arguments).join(" ")),
            kind: Kind::If,
            scope: Scope::of(block, &around.scope),
            steps: Vec::new(),
            content: Content::of(block).unwrap_or(around.content),
            try_files: Vec::new(),
            inner: Group::default(),
            at: directive.span(),
        };
        let index = self.locations.len();
        self.locations.push(location);
        self.fill(index, block);
        Some(index)
    }
}

/// The words of a condition without the parentheses around them.
fn condition(words: &[Word]) -> Vec<String> {
    let mut texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
    if let Some(first) = texts.first_mut() {
        *first = first.strip_prefix('(').unwrap_or(first).to_owned();
    }
    if let Some(last) = texts.last_mut() {
        *last = last.strip_suffix(')').unwrap_or(last).to_owned();
    }
    texts.retain(|text| !text.is_empty());
    texts
}

fn try_files(block: &[Directive]) -> Vec<Word> {
    let found = block.iter().find(|directive| directive.is("try_files"));
    found.map(|directive| directive.arguments.clone()).unwrap_or_default()
}

impl Kind {
    fn of(words: &[&str]) -> Self {
        match words {
            ["=", path] => Self::Exact((*path).to_owned()),
            ["^~", path] => Self::Prefix { path: (*path).to_owned(), is_final: true },
            ["~", pattern] => Self::Regex(Pattern::new(pattern, false)),
            ["~*", pattern] => Self::Regex(Pattern::new(pattern, true)),
            [one] => Self::of_word(one),
            _ => Self::Prefix { path: words.concat(), is_final: false },
        }
    }

    /// nginx takes the modifier in the same word, too.
    fn of_word(word: &str) -> Self {
        let prefix = |path: &str, is_final| Self::Prefix { path: path.to_owned(), is_final };
        if word.starts_with('@') {
            Self::Named(word.to_owned())
        } else if let Some(path) = word.strip_prefix('=') {
            Self::Exact(path.to_owned())
        } else if let Some(path) = word.strip_prefix("^~") {
            prefix(path, true)
        } else if let Some(pattern) = word.strip_prefix("~*") {
            Self::Regex(Pattern::new(pattern, true))
        } else if let Some(pattern) = word.strip_prefix('~') {
            Self::Regex(Pattern::new(pattern, false))
        } else {
            prefix(word, false)
        }
    }
}

impl Content {
    fn of(block: &[Directive]) -> Option<Self> {
        block.iter().find_map(|directive| {
            let protocol = PROTOCOLS.iter().position(|(pass, _)| directive.is(pass))?;
            Some(Self::Application { protocol, at: directive.span() })
        })
    }
}

impl Scope {
    fn of(block: &[Directive], outer: &Self) -> Self {
        let mut scope = outer.clone();
        let mut added = Vec::new();
        let mut hidden: [Vec<String>; PROTOCOLS.len()] = Default::default();
        let (mut pages, mut more) = (Vec::new(), Vec::new());
        for directive in block {
            match directive.name.text.as_str() {
                "add_header" => added.extend(Added::of(directive)),
                "add_header_inherit" => scope.inherit = Inherit::of(directive.argument(0)),
                "more_set_headers" | "more_clear_headers" => more.extend(More::of(directive)),
                "error_page" => pages.extend(ErrorPage::of(directive)),
                "index" => {
                    let names = directive.arguments.iter().map(|word| word.text.clone());
                    scope.index = Arc::new(names.collect());
                }
                "types" => scope.types = Arc::new(types(directive)),
                "default_type" => scope.default_type = Some(Arc::from(directive.argument(0))),
                "proxy_intercept_errors"
                | "fastcgi_intercept_errors"
                | "uwsgi_intercept_errors" => {
                    scope.intercepts = directive.argument(0) == "on";
                }
                name => {
                    let protocol = PROTOCOLS.iter().position(|(_, hide)| *hide == name);
                    let names = protocol.and_then(|protocol| hidden.get_mut(protocol));
                    names
                        .into_iter()
                        .for_each(|names| names.push(directive.argument(0).to_owned()));
                }
            }
        }
        scope.add(added, outer);
        scope.hide(hidden);
        if !pages.is_empty() {
            scope.pages = Arc::new(pages);
        }
        scope.more = outer.more.with(more);
        scope
    }

    /// One line of its own makes a block forget all that it would inherit.
    fn add(&mut self, own: Vec<Added>, outer: &Self) {
        let inherits =
            self.inherit == Inherit::Merge || (own.is_empty() && self.inherit == Inherit::Unless);
        if inherits {
            self.added = outer.added.with(own);
            return;
        }
        if let (Some(first), false) = (own.first(), outer.added.is_empty()) {
            self.forgotten = outer.forgotten.with(vec![(outer.added.clone(), first.name.span)]);
        }
        self.added = Chain::default().with(own);
    }

    fn hide(&mut self, own: [Vec<String>; PROTOCOLS.len()]) {
        for (hidden, own) in self.hidden.iter_mut().zip(own) {
            if !own.is_empty() {
                *hidden = Arc::new(own);
            }
        }
    }
}

impl Inherit {
    fn of(word: &str) -> Self {
        match word {
            "merge" => Self::Merge,
            "off" => Self::Off,
            _ => Self::Unless,
        }
    }
}

impl Added {
    fn of(directive: &Directive) -> Option<Self> {
        let mut words = directive.arguments.iter().cloned();
        Some(Self {
            name: words.next()?,
            value: words.next()?,
            always: words.next().is_some_and(|word| word.text == "always"),
        })
    }
}

impl More {
    fn of(directive: &Directive) -> Vec<Self> {
        let clears = directive.is("more_clear_headers");
        let (mut statuses, mut types, mut headers) = (Vec::new(), Vec::new(), Vec::new());
        let mut words = directive.arguments.iter();
        while let Some(word) = words.next() {
            match word.text.as_str() {
                "-s" => {
                    let codes = words.next().map_or("", |word| &word.text).split_whitespace();
                    statuses.extend(codes.filter_map(|code| code.parse::<u16>().ok()));
                }
                "-t" => {
                    let names = words.next().map_or("", |word| &word.text).split_whitespace();
                    types.extend(names.map(str::to_ascii_lowercase));
                }
                "-r" | "-a" => {}
                _ => headers.push(word),
            }
        }
        let more = |word: &&Word| {
            let (name, value) = word.text.split_once(':').unwrap_or((&word.text, ""));
            let value = value.trim_start();
            Self {
                name: name.trim().to_owned(),
                value: (!clears && !value.is_empty()).then(|| value.to_owned()),
                word: (*word).clone(),
                statuses: statuses.clone(),
                types: types.clone(),
            }
        };
        headers.iter().map(more).collect()
    }
}

impl ErrorPage {
    fn of(directive: &Directive) -> Option<Self> {
        let (to, codes) = directive.arguments.split_last()?;
        let mut page = Self { codes: Vec::new(), to: to.clone(), status: None };
        for word in codes {
            match word.text.strip_prefix('=') {
                // `=` alone leaves the status to the page.
                Some(code) => page.status = Some(code.parse().unwrap_or(200)),
                None => page.codes.extend(word.text.parse::<u16>()),
            }
        }
        Some(page)
    }
}

/// Extension to media type.
fn types(directive: &Directive) -> BTreeMap<String, String> {
    let pairs = directive.children().iter().flat_map(|entry| {
        let name = &entry.name.text;
        entry.arguments.iter().map(|word| (word.text.to_ascii_lowercase(), name.clone()))
    });
    pairs.collect()
}
