//! Which files a page loads: those it names, those that these name, and so on.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::address::{Base, SiteOrigin, address_of};
use super::import_map::{Resolved, resolve};
use super::model::{Asset, Content, File, Inventory, Kind, Page};

/// The files of an inventory, to be looked up by the addresses that pages use for them.
#[derive(Debug)]
pub struct Links<'a> {
    files: HashMap<Box<str>, &'a File>,
    scripts: &'a [File],
}

impl<'a> Links<'a> {
    /// Looks up in this inventory.
    pub fn new(inventory: &'a Inventory) -> Self {
        Self::of(inventory.files(), &inventory.scripts)
    }

    fn of(files: impl Iterator<Item = &'a File>, scripts: &'a [File]) -> Self {
        let files = files.map(|file| (address_of(&file.path), file)).collect();
        Self { files, scripts }
    }

    /// The style sheet or script at an address of the site, whose query does not matter.
    pub fn file(&self, address: &str) -> Option<&'a File> {
        self.files.get(address.split('?').next().unwrap_or(address)).copied()
    }

    /// The style sheets and scripts that the page loads, each once, in the order of a search by breadth.
    ///
    /// Where a script loads others that reading does not tell, all scripts in its folder and below are taken to be meant,
    /// as build tools put the parts of one program there.
    pub fn loaded_by(&self, page: &'a Page) -> Vec<&'a File> {
        let mut files: Vec<&File> = self.loads(page).iter().map(|loaded| loaded.file).collect();
        if !page.imports.is_empty() {
            let mut paths = BTreeSet::new();
            files.retain(|file| paths.insert(&file.path));
        }
        files
    }

    /// The same, once for each import map in whose reach the page loads them.
    pub(super) fn loads(&self, page: &'a Page) -> Vec<Loaded<'a>> {
        let base = SiteOrigin::unknown().base(page.base());
        let mut found =
            Found { links: self, page, base, files: Vec::new(), known: BTreeSet::new() };
        for asset in &page.assets {
            found.follow(&page.path, asset, page.map_of(asset));
        }
        let mut next = 0;
        while let Some(Loaded { file, map }) = found.files.get(next).copied() {
            file.assets.iter().for_each(|asset| found.follow(&file.path, asset, map));
            next += 1;
        }
        found.files
    }
}

/// A file that a page loads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loaded<'a> {
    pub(super) file: &'a File,
    /// The number of the document that loads it, if that has an import map.
    pub(super) map: Option<usize>,
}

impl Page {
    /// The number of the document in which the asset stands, if that has an import map.
    pub(super) fn map_of(&self, asset: &Asset) -> Option<usize> {
        let frame = asset.frame();
        self.imports.iter().any(|import| import.frame == frame).then_some(frame)
    }

    /// The address from which this page, against whose base relative ones are resolved, loads an asset of the file at
    /// `path` in the reach of an import map. What it imports itself was mapped as it was read.
    pub(super) fn address<'a>(
        &self,
        asset: &'a Asset,
        path: &str,
        map: Option<usize>,
        base: &Base,
    ) -> Option<Cow<'a, str>> {
        let mapped = |specifier: &str| match map {
            Some(frame) => resolve(&self.imports, frame, specifier, &address_of(path)),
            None => Resolved::Unmapped,
        };
        match &asset.content {
            Content::Url(url) if asset.is_import() && path != self.path => match mapped(url) {
                Resolved::Address(address) => Some(Cow::Owned(address.into())),
                Resolved::Nothing => None,
                Resolved::Unmapped => Some(Cow::Borrowed(url)),
            },
            Content::Url(url) => Some(Cow::Borrowed(url)),
            Content::Relative { relative } => match base.resolve(relative)? {
                Content::Url(url) => Some(Cow::Owned(url.into())),
                _ => None,
            },
            Content::Module { specifier } => match mapped(specifier) {
                Resolved::Address(address) => Some(Cow::Owned(address.into())),
                Resolved::Nothing | Resolved::Unmapped => None,
            },
            Content::Code { .. }
            | Content::Inline { .. }
            | Content::Feature { .. }
            | Content::Policy { .. } => None,
        }
    }
}

/// The search for one page.
struct Found<'l, 'a> {
    links: &'l Links<'a>,
    page: &'a Page,
    base: Base,
    files: Vec<Loaded<'a>>,
    known: BTreeSet<(&'a str, Option<usize>)>,
}

impl<'a> Found<'_, 'a> {
    fn follow(&mut self, path: &'a str, asset: &'a Asset, map: Option<usize>) {
        if !is_followed(asset.kind) {
            return;
        }
        if asset.kind == Kind::Script && matches!(asset.content, Content::Code { .. }) {
            self.add_folder(path, map);
        }
        if let Some(address) = self.page.address(asset, path, map, &self.base) {
            self.add(self.links.file(&address), map);
        }
    }

    fn add(&mut self, file: Option<&'a File>, map: Option<usize>) {
        if let Some(file) = file
            && self.known.insert((&file.path, map))
        {
            self.files.push(Loaded { file, map });
        }
    }

    /// Adds the scripts in the folder of the file at `path`, if that is a script.
    fn add_folder(&mut self, path: &str, map: Option<usize>) {
        let scripts = self.links.scripts;
        if scripts.binary_search_by(|script| script.path.as_str().cmp(path)).is_err() {
            return;
        }
        let folder = path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or(path);
        let first = scripts.partition_point(|script| script.path.as_str() < folder);
        let below = scripts.iter().skip(first).take_while(|script| script.path.starts_with(folder));
        below.for_each(|script| self.add(Some(script), map));
    }
}

/// Whether what is loaded so may load more.
const fn is_followed(kind: Kind) -> bool {
    matches!(kind, Kind::Style | Kind::Script | Kind::Manifest)
}

/// The scripts that workers run, as pages, where they are files of the site.
pub(super) fn workers(pages: &[Page], scripts: &[File]) -> Vec<Page> {
    let links = Links::of(scripts.iter(), scripts);
    let in_pages = pages.iter().flat_map(|page| &page.assets);
    let assets = in_pages.chain(scripts.iter().flat_map(|script| &script.assets));
    let addresses = assets.filter(|asset| asset.kind == Kind::Worker).filter_map(Asset::url);
    let found: BTreeSet<&str> =
        addresses.filter_map(|url| links.file(url)).map(|script| script.path.as_str()).collect();
    let scripts = scripts.iter().filter(|script| found.contains(script.path.as_str()));
    scripts.map(|script| Page::worker(script.path.clone(), script.assets.clone())).collect()
}
