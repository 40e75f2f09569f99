//! A policy in the making: directives, their expressions, and who asked for each.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::requirement;
use crate::csp::Directive;
use crate::inventory::Asset;
use crate::plan::AssetUse;

/// Where an expression is needed in many places, this many are named.
const NAMED_USES: usize = 5;

/// Fetch directives that fall back to `default-src` (CSP Level 3, section 6.8.3), for the case that it is not `'none'`.
const FALL_BACK_TO_DEFAULT: [Directive; 10] = [
    Directive::ScriptSrc,
    Directive::StyleSrc,
    Directive::ImgSrc,
    Directive::FontSrc,
    Directive::ConnectSrc,
    Directive::MediaSrc,
    Directive::ObjectSrc,
    Directive::FrameSrc,
    Directive::WorkerSrc,
    Directive::ManifestSrc,
];

/// What has no fallback, and is open unless it is closed; and plugins, which are closed whatever the default becomes.
const CLOSED: [Directive; 4] =
    [Directive::ObjectSrc, Directive::BaseUri, Directive::FormAction, Directive::FrameAncestors];

/// Who asked for an expression.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses<'a> {
    first: Vec<(&'a str, &'a Asset)>,
    declared: Option<AssetUse>,
    count: usize,
}

impl<'a> Uses<'a> {
    /// Nobody: it is there by default.
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// The owner, in the site file.
    pub(super) fn declared(path: &str) -> Self {
        let declared =
            AssetUse { page: path.to_owned(), line: 1, column: 1, kind: "declared".to_owned() };
        Self { declared: Some(declared), ..Self::default() }
    }

    fn asset(page: &'a str, asset: &'a Asset) -> Self {
        Self { first: vec![(page, asset)], declared: None, count: 1 }
    }

    fn merge(&mut self, other: Self) {
        let room = NAMED_USES.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
        self.declared = self.declared.take().or(other.declared);
        self.count += other.count;
    }

    /// How many assets asked for it.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The first of them.
    pub(super) fn assets(&self) -> impl Iterator<Item = AssetUse> {
        let asset = |(page, asset): &(&str, &Asset)| AssetUse {
            page: (*page).to_owned(),
            line: asset.line,
            column: asset.column,
            kind: asset.kind.as_str().to_owned(),
        };
        self.declared.iter().cloned().chain(self.first.iter().map(asset))
    }
}

/// A policy of the strategy `hash`.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy<'a> {
    sources: BTreeMap<Directive, BTreeMap<Cow<'a, str>, Uses<'a>>>,
}

impl<'a> Policy<'a> {
    /// Allows an expression.
    pub(super) fn add(&mut self, directive: Directive, expression: Cow<'a, str>, uses: Uses<'a>) {
        self.sources.entry(directive).or_default().entry(expression).or_default().merge(uses);
    }

    /// Allows an asset that stands in the page or style sheet at `path`.
    pub(super) fn add_asset(&mut self, path: &'a str, asset: &'a Asset) {
        let Some(directive) = requirement::directive(asset.kind) else { return };
        if let Some(expression) = requirement::expression(asset) {
            self.add(directive, expression, Uses::asset(path, asset));
        }
        if let Some(keyword) = requirement::keyword(asset.kind) {
            self.add(directive, keyword.into(), Uses::asset(path, asset));
        }
    }

    /// Takes over the uses of a policy with the same expressions.
    pub(super) fn merge(&mut self, other: Self) {
        for (directive, expressions) in other.sources {
            for (expression, uses) in expressions {
                self.add(directive, expression, uses);
            }
        }
    }

    /// Every expression with its directive and uses, in the order of the serialized policy.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Directive, &str, &Uses<'a>)> {
        self.sources.iter().flat_map(|(directive, expressions)| {
            expressions.iter().map(|(expression, uses)| (*directive, &**expression, uses))
        })
    }

    /// The serialized policy. A `framed` page may be shown in frames of its own site, any other one in none.
    pub(super) fn serialize(&self, framed: bool) -> String {
        let mut directives: BTreeMap<Directive, String> = BTreeMap::new();
        directives.insert(Directive::DefaultSrc, "'none'".to_owned());
        for directive in CLOSED {
            directives.insert(directive, "'none'".to_owned());
        }
        // Prefetches are governed by `default-src`: where there are some, whatever would fall back to it is closed.
        if self.sources.contains_key(&Directive::DefaultSrc) {
            directives
                .extend(FALL_BACK_TO_DEFAULT.map(|directive| (directive, "'none'".to_owned())));
        }
        if framed {
            directives.insert(Directive::FrameAncestors, "'self'".to_owned());
        }
        for (directive, expressions) in &self.sources {
            let expressions: Vec<&str> =
                expressions.keys().map(|expression| &**expression).collect();
            directives.insert(*directive, expressions.join(" "));
        }
        let directives: Vec<String> = directives
            .iter()
            .map(|(directive, value)| format!("{} {value}", directive.as_str()))
            .collect();
        directives.join("; ")
    }
}
