//! Which files a page loads: those it names, those that these name, and so on.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::iter;

use super::address::{Base, SiteOrigin, address_of};
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
        let base = SiteOrigin::unknown().base(page.base());
        let mut found =
            Found { links: self, page, base, files: Vec::new(), paths: BTreeSet::new() };
        found.follow(&page.path, &page.assets);
        let mut next = 0;
        while let Some(file) = found.files.get(next).copied() {
            found.follow(&file.path, &file.assets);
            next += 1;
        }
        found.files
    }
}

impl Page {
    /// The addresses from which this page, against whose base relative ones are resolved, loads an asset of the file at
    /// `path`.
    pub(super) fn addresses<'a>(
        &self,
        asset: &'a Asset,
        path: &str,
        base: &Base,
    ) -> Vec<Cow<'a, str>> {
        let modules = |specifier: &str| {
            self.modules(specifier, &address_of(path)).into_iter().map(|url| Cow::Owned(url.into()))
        };
        match &asset.content {
            Content::Url(url) if asset.is_import() && !self.imports.is_empty() => {
                iter::once(Cow::Borrowed(&**url)).chain(modules(url)).collect()
            }
            Content::Url(url) => vec![Cow::Borrowed(url)],
            Content::Relative { relative } => match base.resolve(relative) {
                Some(Content::Url(url)) => vec![Cow::Owned(url.into())],
                _ => Vec::new(),
            },
            Content::Module { specifier } => modules(specifier).collect(),
            Content::Code { .. }
            | Content::Inline { .. }
            | Content::Feature { .. }
            | Content::Policy { .. } => Vec::new(),
        }
    }
}

/// The search for one page.
struct Found<'l, 'a> {
    links: &'l Links<'a>,
    page: &'a Page,
    base: Base,
    files: Vec<&'a File>,
    paths: BTreeSet<&'a str>,
}

impl<'a> Found<'_, 'a> {
    fn follow(&mut self, path: &'a str, assets: &'a [Asset]) {
        for asset in assets.iter().filter(|asset| is_followed(asset.kind)) {
            if asset.kind == Kind::Script && matches!(asset.content, Content::Code { .. }) {
                self.add_folder(path);
            }
            for address in self.page.addresses(asset, path, &self.base) {
                self.add(self.links.file(&address));
            }
        }
    }

    fn add(&mut self, file: Option<&'a File>) {
        if let Some(file) = file
            && self.paths.insert(&file.path)
        {
            self.files.push(file);
        }
    }

    /// Adds the scripts in the folder of the file at `path`, if that is a script.
    fn add_folder(&mut self, path: &str) {
        let scripts = self.links.scripts;
        if scripts.binary_search_by(|script| script.path.as_str().cmp(path)).is_err() {
            return;
        }
        let folder = path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or(path);
        let first = scripts.partition_point(|script| script.path.as_str() < folder);
        let below = scripts.iter().skip(first).take_while(|script| script.path.starts_with(folder));
        below.for_each(|script| self.add(Some(script)));
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
