//! What a block hands on to those in it: headers, error pages, and how files are found.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::chain::Chain;
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

impl Scope {
    pub(super) fn of(block: &[Directive], outer: &Self) -> Self {
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
