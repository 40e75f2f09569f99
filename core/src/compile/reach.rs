//! What a page reaches: its own assets, those of the files that it loads, and the frames that show it.
//!
//! This only reads the inventory; the builder of policies and the proof both start from it.

use std::collections::{BTreeSet, HashSet};

use crate::inventory::{self, Asset, Content, File, Inventory, Kind, Links, Page};

/// The inventory with what is looked up in it.
#[derive(Debug)]
pub(super) struct Reach<'a> {
    links: Links<'a>,
    /// The paths of the pages.
    paths: HashSet<&'a str>,
    /// Addresses that pages of the site show in a frame.
    framed: BTreeSet<&'a str>,
    /// The folder of all pages: `/`, or where the site is served below that.
    root: &'a str,
}

impl<'a> Reach<'a> {
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        let assets = inventory.pages.iter().flat_map(|page| &page.assets);
        let framed = assets
            .filter(|asset| matches!(asset.kind, Kind::Frame | Kind::Object))
            .filter_map(own_address)
            .collect();
        let paths = inventory.pages.iter().map(|page| page.path.as_str()).collect();
        Self { links: Links::new(inventory), paths, framed, root: root(&inventory.pages) }
    }

    /// The paths under which servers answer with the page: `index.html` answers for its folder, and `index.htm` where there
    /// is no other.
    pub(super) fn addresses(&self, page: &Page) -> Vec<String> {
        let path = &page.path;
        let is_alone = |_: &&str| !self.paths.contains(&*format!("{path}l"));
        let older = || path.strip_suffix("index.htm").filter(is_alone);
        let folder = path.strip_suffix("index.html").or_else(older);
        let is_free = |folder: &&str| folder.ends_with('/') && !self.paths.contains(folder);
        folder.filter(is_free).into_iter().chain([&**path]).map(str::to_owned).collect()
    }

    /// Whether the site has the style sheet or script at this address, or scripts below it.
    pub(super) fn has_file(&self, address: &str) -> bool {
        is_folder(address) || self.links.file(address).is_some()
    }

    /// The path under which the folder would have to be served for the file of a page to be at this address. It is none in
    /// which all pages are already: from there, pages ask so for what is relative to them.
    pub(super) fn base_of<'p>(&self, address: &'p str) -> Option<&'p str> {
        // `{` or `<`, as URLs have them, begin what a server is to fill in, and no name of a folder.
        let is_template = |base: &str| base.contains("%7B") || base.contains("%3C");
        let has_pages =
            |base| self.root.strip_prefix(base).is_some_and(|rest| rest.starts_with('/'));
        let mut folders = address.match_indices('/').skip(1);
        folders.find_map(|(end, _)| {
            let (base, rest) = address.split_at_checked(end)?;
            let is_free = !is_template(base) && !has_pages(base);
            (is_free && self.links.file(rest).is_some()).then_some(base)
        })
    }

    /// The statuses for which `/404.html`, `/50x.html` and their like are meant.
    pub(super) fn error_codes(&self, page: &Page) -> Option<Vec<u16>> {
        let name = page.path.strip_prefix(self.root)?.strip_suffix(".html")?;
        if name == "50x" {
            return Some(vec![500, 502, 503, 504]);
        }
        let code = name.parse().ok().filter(|code| (400..600).contains(code))?;
        Some(vec![code])
    }

    /// Whether it is known what the style sheet or script at this address does.
    pub(super) fn reads_file(&self, address: &str) -> bool {
        is_folder(address) || self.links.file(address).is_some_and(|file| file.unread.is_none())
    }

    /// The style sheets and scripts that the page loads, each once, those that others load among them.
    pub(super) fn files_of(&self, page: &'a Page) -> Vec<&'a File> {
        self.links.loaded_by(page)
    }

    /// Whether another page of the site shows the page in a frame.
    pub(super) fn is_framed(&self, page: &Page) -> bool {
        !self.framed.is_empty()
            && self
                .addresses(page)
                .iter()
                .any(|path| self.framed.contains(&*inventory::address_of(path)))
    }
}

/// Whether an address is that of a folder of modules, as import maps name them; each that is imported is followed.
fn is_folder(address: &str) -> bool {
    address.ends_with('/')
}

/// The innermost folder that all pages are in.
fn root(pages: &[Page]) -> &str {
    let first = pages.first().map_or("/", |page| page.path.as_str());
    let mut folders = first.rmatch_indices('/').filter_map(|(end, _)| first.get(..=end));
    folders.find(|folder| pages.iter().all(|page| page.path.starts_with(folder))).unwrap_or("/")
}

/// The address of an asset of the site itself, without its query.
fn own_address(asset: &Asset) -> Option<&str> {
    let Content::Url(url) = &asset.content else { return None };
    url.starts_with('/').then(|| url.split('?').next().unwrap_or(url))
}
