//! The words of the language, for completion and for what is shown beside them.

use serde::Serialize;

use crate::csp::{Directive, Keyword, Status, Support};

/// Every directive and keyword.
#[derive(Clone, Debug, Serialize)]
pub struct Language {
    directives: Vec<DirectiveEntry>,
    keywords: Vec<KeywordEntry>,
}

#[derive(Clone, Debug, Serialize)]
struct DirectiveEntry {
    name: &'static str,
    status: &'static str,
    /// What it decides about, in Markdown.
    governs: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<&'static str>,
    specification: &'static str,
    takes_sources: bool,
    since: Since,
}

#[derive(Clone, Debug, Serialize)]
struct KeywordEntry {
    name: &'static str,
    /// What it lets through, in Markdown.
    allows: &'static str,
    counts_in: Vec<&'static str>,
    since: Since,
}

/// First versions of browsers; `-` for none.
#[derive(Clone, Debug, Serialize)]
struct Since {
    chrome: &'static str,
    edge: &'static str,
    firefox: &'static str,
    safari: &'static str,
}

impl Language {
    /// The tables of [`Directive`] and [`Keyword`].
    ///
    /// ```
    /// let language = serde_json::to_value(cspc_core::wire::Language::new()).unwrap();
    /// assert_eq!(language["directives"][0]["name"], "default-src");
    /// ```
    pub fn new() -> Self {
        Self {
            directives: Directive::all().map(DirectiveEntry::from).collect(),
            keywords: Keyword::all().map(KeywordEntry::from).collect(),
        }
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Directive> for DirectiveEntry {
    fn from(directive: Directive) -> Self {
        Self {
            name: directive.as_str(),
            status: status(directive.status()),
            governs: directive.governs(),
            instead: directive.instead(),
            specification: directive.specification(),
            takes_sources: directive.takes_source_list(),
            since: directive.since().into(),
        }
    }
}

impl From<Keyword> for KeywordEntry {
    fn from(keyword: Keyword) -> Self {
        let counts = Directive::all()
            .filter(|directive| directive.takes_source_list() && keyword.counts_in(*directive));
        Self {
            name: keyword.as_str(),
            allows: keyword.allows(),
            counts_in: counts.map(Directive::as_str).collect(),
            since: keyword.since().into(),
        }
    }
}

impl From<Support> for Since {
    fn from(support: Support) -> Self {
        let Support { chrome, edge, firefox, safari } = support;
        Self { chrome, edge, firefox, safari }
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Standard => "standard",
        Status::Experimental => "experimental",
        Status::Deprecated => "deprecated",
        Status::Removed => "removed",
        Status::Unshipped => "unshipped",
    }
}
