//! A configuration with what each block inherits worked out.

use std::collections::BTreeMap;

use super::group::Group;
use super::map::Variable;
use super::scope::{PROTOCOLS, Scope};
use crate::configuration::Pattern;
use crate::deployment::directive::{Directive, Word};
use crate::text::Span;

/// A whole configuration, or a part of one that stands alone.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) variables: BTreeMap<String, Variable>,
    pub(super) sites: Vec<Site>,
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
