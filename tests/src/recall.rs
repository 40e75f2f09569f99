//! How much of what a browser loads and runs stands in an inventory.
//!
//! A page is served with two policies that report and block nothing. Under [`CLOSED`], everything is a violation, so that
//! the events are a list of all that the page loads and runs. The other one allows the hashes that the inventory has for
//! the page: what it reports as inline, the inventory lacks.
//!
//! Of code that reading does not tell, the inventory has the place; an event tells its own. Where they are the same, that
//! the inventory lists the thing as unresolved is proven.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cspc_core::inventory::{Asset, Content, File, Inventory, Kind, Links, Page};
use url::Url;

use crate::browser::{Violation, Visit};
use crate::folder::file_path;

/// The policy to which everything is a violation.
pub const CLOSED: &str = "default-src 'none'; base-uri 'none'; form-action 'none'";

/// What became of a thing that a browser loaded or ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The inventory has it.
    Found,
    /// The inventory has code of that kind that reading does not tell, at the place that the browser tells.
    UnresolvedAtPlace,
    /// The same, at another place of the script that the browser tells, which calls it or was called by it.
    UnresolvedInScript,
    /// The inventory has such code, but the browser tells no script.
    Untied,
    /// The inventory lacks it.
    Missed,
}

/// A request is opened before it is sent, and an element made before it is put into the page, where the browser sees it: at
/// most as many lines before, and on one line as many columns.
const NEAR: (usize, usize) = (20, 300);

/// A thing that a browser loaded or ran, on a page: the effective directive, and the address or the first characters.
pub type Item = (String, String, String);

/// What became of all things, each counted once.
#[derive(Debug, Default)]
pub struct Recall {
    items: BTreeMap<Item, Fate>,
    found_inline: usize,
}

impl Recall {
    /// How many things met this fate.
    pub fn count(&self, fate: Fate) -> usize {
        let inline = if fate == Fate::Found { self.found_inline } else { 0 };
        self.items.values().filter(|own| **own == fate).count() + inline
    }

    /// The things that met this fate.
    pub fn items(&self, fate: Fate) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |(_, own)| **own == fate).map(|(item, _)| item)
    }
}

/// What the inventory has for a page: its own assets, and those of the files that it loads.
struct Known<'a> {
    /// Each with the path of the page or file in which it stands.
    assets: Vec<(&'a str, &'a Asset)>,
    files: BTreeSet<&'a str>,
}

/// An inventory to hold browsers' events against.
pub struct Judge<'a> {
    pages: HashMap<&'a str, Known<'a>>,
}

impl<'a> Judge<'a> {
    /// Looks up what each page loads.
    pub fn new(inventory: &'a Inventory) -> Self {
        let links = Links::new(inventory);
        let known = |page: &'a Page| {
            let loaded = links.loaded_by(page);
            let own = page.assets.iter().map(|asset| (page.path.as_str(), asset));
            let of_file =
                |file: &&'a File| file.assets.iter().map(|asset| (file.path.as_str(), asset));
            let assets = own.chain(loaded.iter().flat_map(of_file)).collect();
            let files = loaded.iter().map(|file| file.path.as_str()).collect();
            (page.path.as_str(), Known { assets, files })
        };
        Self { pages: inventory.pages.iter().map(known).collect() }
    }

    /// The policy that allows no more than the hashes that the inventory has for a page.
    pub fn hashes(&self, path: &str) -> String {
        let assets = self.pages.get(path).map(|known| known.assets.as_slice()).unwrap_or_default();
        let list = |is_style: bool| {
            let hash = |(_, asset): &(&str, &Asset)| match &asset.content {
                Content::Inline { hash, .. } if is_style == is_of_style(asset.kind) => {
                    Some(format!(" '{hash}'"))
                }
                _ => None,
            };
            assets.iter().filter_map(hash).collect::<BTreeSet<String>>()
        };
        let [scripts, styles] =
            [false, true].map(|is_style| Vec::from_iter(list(is_style)).concat());
        format!("script-src 'unsafe-hashes'{scripts}; style-src 'unsafe-hashes'{styles}")
    }

    /// Judges what was seen on one page and in its frames.
    pub fn judge(&self, origin: &str, visit: &Visit, recall: &mut Recall) {
        let (mut all, mut unknown) = (0, 0);
        for event in &visit.violations {
            let Some((path, known)) = self.page_of(origin, event, visit) else { continue };
            let is_inline = event.blocked == "inline";
            let is_closed = event.original_policy.starts_with("default-src");
            all += usize::from(is_inline && is_closed);
            if is_inline == is_closed {
                continue;
            }
            unknown += usize::from(is_inline);
            let thing = if is_inline {
                format!("inline, line {}: {:?}", event.line_number, event.sample)
            } else {
                event.blocked.replace(origin, "")
            };
            let script = Url::parse(&event.source_file)
                .ok()
                .filter(|_| event.source_file.starts_with(origin));
            let script = script.map(|url| file_path(&url));
            let fate = known.fate(event, script.as_deref(), &thing);
            recall.items.insert((path.to_owned(), event.effective_directive.clone(), thing), fate);
        }
        recall.found_inline += all - unknown;
    }

    /// The page on which something was seen; a frame without an address of its own is part of the page.
    fn page_of(
        &self,
        origin: &str,
        event: &Violation,
        visit: &Visit,
    ) -> Option<(&str, &Known<'a>)> {
        let of_site = |url: &str| Url::parse(url).ok().filter(|_| url.starts_with(origin));
        let url = of_site(&event.document).or_else(|| of_site(&visit.url))?;
        self.pages.get_key_value(&*file_path(&url)).map(|(path, known)| (*path, known))
    }
}

impl Known<'_> {
    fn fate(&self, event: &Violation, script: Option<&str>, thing: &str) -> Fate {
        let is_inline = event.blocked == "inline";
        let kinds = kinds(&event.effective_directive, is_inline);
        let of_kind = || self.assets.iter().filter(|(_, asset)| kinds.contains(&asset.kind));
        let is_found = || of_kind().any(|(_, asset)| is_same(asset, thing));
        if !is_inline && (is_found() || kinds == [Kind::Script] && self.files.contains(thing)) {
            return Fate::Found;
        }
        let is_unread =
            |(_, asset): &&(&str, &Asset)| matches!(asset.content, Content::Code { .. });
        let unread: Vec<_> = of_kind().filter(is_unread).collect();
        let Some(script) = script else {
            return if unread.is_empty() { Fate::Missed } else { Fate::Untied };
        };
        let in_script = || unread.iter().filter(|(path, _)| *path == script);
        let is_near = |(_, asset): &&(&str, &Asset)| match event.line_number.checked_sub(asset.line)
        {
            Some(0) => asset.column.abs_diff(event.column_number) <= NEAR.1,
            Some(lines) => lines <= NEAR.0,
            None => false,
        };
        if in_script().any(is_near) {
            Fate::UnresolvedAtPlace
        } else if in_script().next().is_some() {
            Fate::UnresolvedInScript
        } else {
            Fate::Missed
        }
    }
}

const fn is_of_style(kind: Kind) -> bool {
    matches!(kind, Kind::InlineStyle | Kind::StyleAttribute)
}

/// The kinds of assets that a directive governs.
fn kinds(directive: &str, is_inline: bool) -> &'static [Kind] {
    match (directive, is_inline) {
        ("script-src-elem" | "script-src", true) => {
            &[Kind::InlineScript, Kind::JavascriptUrl, Kind::ImportMap, Kind::SpeculationRules]
        }
        ("script-src-elem", false) => &[Kind::Script],
        ("script-src", false) => &[Kind::Eval, Kind::Wasm],
        ("script-src-attr", _) => &[Kind::EventHandler],
        ("style-src-elem", true) => &[Kind::InlineStyle],
        ("style-src-elem", false) => &[Kind::Style],
        ("style-src-attr", _) => &[Kind::StyleAttribute],
        ("img-src", _) => &[Kind::Image],
        ("font-src", _) => &[Kind::Font],
        ("connect-src", _) => &[Kind::Connect],
        ("media-src", _) => &[Kind::Media],
        ("object-src", _) => &[Kind::Object],
        ("frame-src", _) => &[Kind::Frame],
        ("worker-src", _) => &[Kind::Worker],
        ("manifest-src", _) => &[Kind::Manifest],
        ("default-src" | "prefetch-src", _) => &[Kind::Prefetch],
        ("base-uri", _) => &[Kind::Base],
        ("form-action", _) => &[Kind::FormAction],
        _ => &[],
    }
}

/// Whether an asset is what a browser reports under this name: an address without the site's own origin, the scheme of an
/// address without a host, or what was compiled.
fn is_same(asset: &Asset, reported: &str) -> bool {
    match (&asset.content, reported) {
        (_, "eval") => asset.kind == Kind::Eval,
        (_, "wasm-eval") => asset.kind == Kind::Wasm,
        (Content::Url(url), "data" | "blob" | "filesystem") => {
            url.strip_prefix(reported).is_some_and(|rest| rest.starts_with(':'))
        }
        (Content::Url(url), _) => is_address(url, reported),
        (Content::Relative { relative }, _) => {
            reported.starts_with('/')
                && is_address(relative.trim_start_matches(['.', '/']), reported)
        }
        _ => false,
    }
}

/// Whether an address is the one reported, its query aside; one of which a script makes the end is known to its folder.
fn is_address(known: &str, reported: &str) -> bool {
    let bare = |url: &str| url.split('?').next().unwrap_or_default().to_owned();
    let (known, reported) = (bare(known), bare(reported));
    known == reported
        || known.ends_with('/') && reported.contains(&known)
        || !known.starts_with('/')
            && !known.contains("://")
            && reported.ends_with(&format!("/{known}"))
}
