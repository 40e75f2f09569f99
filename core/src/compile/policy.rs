//! A policy in the making: directives, their expressions, and who asked for each.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::requirement::{self, Naming};
use crate::csp::Directive;
use crate::diagnostic::Location;
use crate::inventory::{Asset, Kind};
use crate::plan::{AssetUse, DECLARED, NONCE_SOURCE};

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

/// By what a policy may know an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Marks<'a> {
    /// Where it is loaded from.
    pub(super) address: Option<&'a str>,
    pub(super) nonce: Option<&'a str>,
    /// The integrity metadata of a script that is loaded.
    pub(super) integrity: Option<&'a str>,
}

/// Who asked for an expression.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses<'a> {
    /// Those of the assets, each once.
    marks: BTreeSet<Marks<'a>>,
    first: Vec<(&'a str, &'a Asset)>,
    declared: Option<AssetUse>,
    default: Option<&'static str>,
    count: usize,
}

impl<'a> Uses<'a> {
    /// Nobody: it is there by default, for this reason.
    pub(super) fn by_default(reason: &'static str) -> Self {
        Self { default: Some(reason), ..Self::default() }
    }

    /// The owner, here in the site file.
    pub(super) fn declared(at: &Location) -> Self {
        let Location { path, line, column, .. } = at.clone();
        let declared = AssetUse { page: path, line, column, kind: DECLARED.to_owned() };
        Self { declared: Some(declared), ..Self::default() }
    }

    fn asset(page: &'a str, asset: &'a Asset) -> Self {
        let marks = Marks {
            address: asset.url(),
            nonce: asset.nonce(),
            integrity: requirement::integrity(asset),
        };
        let marks = BTreeSet::from([marks]);
        Self { marks, first: vec![(page, asset)], count: 1, ..Self::default() }
    }

    /// Whether the owner asked for it.
    pub(super) const fn is_declared(&self) -> bool {
        self.declared.is_some()
    }

    /// Whether it is there by default alone.
    pub(super) const fn is_by_default(&self) -> bool {
        self.default.is_some() && self.count == 0
    }

    /// Whether it is assets of this kind alone that asked for it.
    pub(super) fn are_all(&self, kind: Kind) -> bool {
        let mut assets = self.first.iter();
        !self.first.is_empty() && !self.is_declared() && assets.all(|(_, asset)| asset.kind == kind)
    }

    /// Whether it is assets alone that asked for it.
    pub(super) const fn are_assets(&self) -> bool {
        self.declared.is_none() && self.default.is_none()
    }

    /// Whether all that asked for it are loaded from addresses.
    pub(super) fn are_loaded(&self) -> bool {
        self.marks.iter().all(|marks| marks.address.is_some())
    }

    /// By what the assets are known.
    pub(super) fn marks(&self) -> impl Iterator<Item = Marks<'a>> {
        self.marks.iter().copied()
    }

    /// The addresses that asked for it.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &'a str> {
        self.marks().filter_map(|marks| marks.address)
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.marks.extend(other.marks);
        let room = NAMED_USES.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
        self.declared = self.declared.take().or(other.declared);
        self.default = self.default.or(other.default);
        self.count += other.count;
    }

    /// How many assets asked for it.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Why it is there even if no asset needs it.
    pub(super) fn spare(&self) -> Option<String> {
        let declared = self.declared.as_ref().map(AssetUse::to_string);
        declared.or_else(|| self.default.map(str::to_owned))
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

/// A policy: what assets and the owner ask for, and nothing else.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy<'a> {
    lists: BTreeMap<Directive, List<'a>>,
    /// Directives that are no lists of sources, in order, with their values.
    others: BTreeMap<Directive, Cow<'a, str>>,
    /// Whether closed directives are left out that fall back to a closed `default-src`.
    folded: bool,
}

/// The expressions of one directive, in order.
pub(super) type List<'a> = BTreeMap<Cow<'a, str>, Uses<'a>>;

impl<'a> Policy<'a> {
    /// Allows an expression.
    pub(super) fn add(&mut self, directive: Directive, expression: Cow<'a, str>, uses: Uses<'a>) {
        self.lists.entry(directive).or_default().entry(expression).or_default().merge(uses);
    }

    /// Sets a directive that is no list of sources.
    pub(super) fn set(&mut self, directive: Directive, value: impl Into<Cow<'a, str>>) {
        self.others.insert(directive, value.into());
    }

    /// Allows an asset that stands in the page or style sheet at `path`.
    pub(super) fn add_asset(&mut self, path: &'a str, asset: &'a Asset, naming: Naming<'_>) {
        let Some(directive) = requirement::directive(asset.kind) else { return };
        if let Some(hashes) = requirement::integrity_hashes(asset, naming) {
            hashes.for_each(|hash| self.add(directive, hash.into(), Uses::asset(path, asset)));
        } else if let Some(expression) = requirement::expression(asset, naming) {
            self.add(directive, expression, Uses::asset(path, asset));
        }
        if let Some(keyword) = requirement::keyword(asset) {
            self.add(directive, keyword.into(), Uses::asset(path, asset));
        }
    }

    /// Allows all that another policy does, too.
    pub(super) fn merge(&mut self, other: Self) {
        self.folded |= other.folded;
        self.others.extend(other.others);
        for (directive, expressions) in other.lists {
            for (expression, uses) in expressions {
                self.add(directive, expression, uses);
            }
        }
    }

    /// The expressions of a directive.
    pub(super) fn list(&self, directive: Directive) -> Option<&List<'a>> {
        self.lists.get(&directive)
    }

    /// Whether the directive has the expression.
    pub(super) fn has(&self, directive: Directive, expression: &str) -> bool {
        self.list(directive).is_some_and(|list| list.contains_key(expression))
    }

    /// The expressions of a directive, to be changed.
    pub(super) fn list_mut(&mut self, directive: Directive) -> Option<&mut List<'a>> {
        self.lists.get_mut(&directive)
    }

    /// Whether something is allowed by its nonce.
    pub(super) fn has_nonce(&self) -> bool {
        self.lists.values().any(|list| list.contains_key(NONCE_SOURCE))
    }

    /// Every list, to be changed.
    pub(super) fn lists_mut(&mut self) -> impl Iterator<Item = &mut List<'a>> {
        self.lists.values_mut()
    }

    /// Keeps of a directive's expressions those for whose uses `keep` holds, and the directive if it has any left.
    pub(super) fn retain(&mut self, directive: Directive, keep: impl Fn(&Uses<'a>) -> bool) {
        if let Some(list) = self.lists.get_mut(&directive) {
            list.retain(|_, uses| keep(uses));
        }
        self.lists.retain(|_, list| !list.is_empty());
    }

    /// Leaves out closed directives that fall back to a closed `default-src`.
    pub(super) const fn fold(&mut self) {
        self.folded = true;
    }

    /// Every expression with its directive and uses, in the order of the serialized policy.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Directive, &str, &Uses<'a>)> {
        self.lists.iter().flat_map(|(directive, expressions)| {
            expressions.iter().map(|(expression, uses)| (*directive, &**expression, uses))
        })
    }

    /// The serialized policy: what it says nothing of is closed.
    pub(super) fn serialize(&self) -> String {
        let mut directives: BTreeMap<Directive, String> = BTreeMap::new();
        let closed = || "'none'".to_owned();
        directives.insert(Directive::DefaultSrc, closed());
        directives.extend(CLOSED.map(|directive| (directive, closed())));
        // Prefetches are governed by `default-src`: where there are some, whatever would fall back to it is closed.
        if self.lists.contains_key(&Directive::DefaultSrc) {
            directives.extend(FALL_BACK_TO_DEFAULT.map(|directive| (directive, closed())));
        } else if self.folded {
            directives.remove(&Directive::ObjectSrc);
        }
        for (directive, list) in &self.lists {
            let expressions: Vec<&str> = list.keys().map(|expression| &**expression).collect();
            directives.insert(*directive, expressions.join(" "));
        }
        directives.extend(self.others.iter().map(|(name, value)| (*name, value.to_string())));
        let written = |(name, value): (&Directive, &String)| {
            format!("{} {value}", name.as_str()).trim_end().to_owned()
        };
        directives.iter().map(written).collect::<Vec<_>>().join("; ")
    }

    /// The bytes of what is no list of sources.
    pub(super) fn other_bytes(&self) -> usize {
        let bytes = |(name, value): (&Directive, &Cow<'_, str>)| {
            let value = if value.is_empty() { 0 } else { " ".len() + value.len() };
            "; ".len() + name.as_str().len() + value
        };
        self.others.iter().map(bytes).sum()
    }
}

/// The length of the policy with these expressions, in the order of their directives: what [`Policy::serialize`] makes of
/// them, folded, without what is no list of sources ([`Policy::other_bytes`]).
pub(super) fn length(expressions: impl Iterator<Item = (Directive, usize)>) -> usize {
    let mut values: BTreeMap<Directive, usize> = BTreeMap::new();
    for (directive, bytes) in expressions {
        *values.entry(directive).or_default() += bytes + " ".len();
    }
    let closed: &[&[Directive]] = if values.contains_key(&Directive::DefaultSrc) {
        &[&CLOSED, &FALL_BACK_TO_DEFAULT]
    } else {
        &[&CLOSED, &[Directive::DefaultSrc]]
    };
    let folded = !values.contains_key(&Directive::DefaultSrc);
    for directive in closed.iter().copied().flatten() {
        if !(folded && *directive == Directive::ObjectSrc) {
            values.entry(*directive).or_insert(" 'none'".len());
        }
    }
    let written = values.iter().map(|(directive, bytes)| directive.as_str().len() + bytes);
    written.sum::<usize>() + "; ".len() * (values.len() - 1)
}
