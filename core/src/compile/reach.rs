//! What a page reaches: its own assets, those of the style sheets that it loads, and the frames that show it.
//!
//! This only reads the inventory; the builder of policies and the proof both start from it.

use std::collections::{BTreeSet, HashMap};

use crate::inventory::{self, Asset, Content, Inventory, Kind, Page, StyleSheet};

/// The inventory with what is looked up in it.
#[derive(Debug)]
pub(super) struct Reach<'a> {
    /// The site's style sheets by the address that pages use for them.
    sheets: HashMap<Box<str>, &'a StyleSheet>,
    /// Addresses that pages of the site show in a frame.
    framed: BTreeSet<&'a str>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        let sheets = inventory.style_sheets.iter();
        let sheets = sheets.map(|sheet| (inventory::address_of(&sheet.path), sheet)).collect();
        let assets = inventory.pages.iter().flat_map(|page| &page.assets);
        let framed = assets
            .filter(|asset| matches!(asset.kind, Kind::Frame | Kind::Object))
            .filter_map(own_address)
            .collect();
        Self { sheets, framed }
    }

    /// Whether the site has the style sheet at this address.
    pub(super) fn has_sheet(&self, address: &str) -> bool {
        self.sheets.contains_key(address)
    }

    /// The style sheets that the page loads, each once, those that others import among them.
    pub(super) fn sheets_of(&self, page: &'a Page) -> Vec<&'a StyleSheet> {
        let mut sheets: Vec<&'a StyleSheet> = Vec::new();
        self.queue(&page.assets, &mut sheets);
        let mut next = 0;
        while let Some(sheet) = sheets.get(next).copied() {
            self.queue(&sheet.assets, &mut sheets);
            next += 1;
        }
        sheets
    }

    fn queue(&self, assets: &[Asset], sheets: &mut Vec<&'a StyleSheet>) {
        let styles = assets.iter().filter(|asset| asset.kind == Kind::Style);
        for sheet in styles.filter_map(own_address).filter_map(|at| self.sheets.get(at)) {
            if !sheets.iter().any(|queued| std::ptr::eq(*queued, *sheet)) {
                sheets.push(sheet);
            }
        }
    }

    /// Whether another page of the site shows the page in a frame.
    pub(super) fn is_framed(&self, page: &Page) -> bool {
        !self.framed.is_empty()
            && addresses(&page.path)
                .iter()
                .any(|path| self.framed.contains(&*inventory::address_of(path)))
    }
}

/// The paths under which servers answer with the page: `index.html` answers for its folder.
pub(super) fn addresses(path: &str) -> Vec<String> {
    let folder = path.strip_suffix("index.html").or_else(|| path.strip_suffix("index.htm"));
    let folder = folder.filter(|folder| folder.ends_with('/')).map(str::to_owned);
    folder.into_iter().chain([path.to_owned()]).collect()
}

/// The statuses for which `/404.html`, `/50x.html` and their like are meant.
pub(super) fn error_codes(path: &str) -> Option<Vec<u16>> {
    let name = path.strip_prefix('/')?.strip_suffix(".html")?;
    if name == "50x" {
        return Some(vec![500, 502, 503, 504]);
    }
    let code = name.parse().ok().filter(|code| (400..600).contains(code))?;
    Some(vec![code])
}

/// The address of an asset of the site itself, without its query.
fn own_address(asset: &Asset) -> Option<&str> {
    let Content::Url(url) = &asset.content else { return None };
    url.starts_with('/').then(|| url.split('?').next().unwrap_or(url))
}
