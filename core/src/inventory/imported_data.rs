//! JSON and style sheets that the modules of a page's files import by names of its import map. An entry for a folder does
//! not tell that there is anything but scripts in it.

use super::address::SiteOrigin;
use super::links::{Links, Loaded};
use super::model::{Asset, Content, Inventory, Kind, Page};
use crate::text::Position;

impl Inventory {
    /// Gives each page those that it does not name itself.
    pub(super) fn add_imported_data(&mut self) {
        if !self.scripts.iter().any(|script| script.assets.iter().any(is_imported_data)) {
            return;
        }
        let links = Links::new(self);
        let data: Vec<_> = self.pages.iter().map(|page| imported_data(page, &links)).collect();
        for (page, data) in self.pages.iter_mut().zip(data) {
            page.assets.extend(data);
        }
    }
}

fn imported_data(page: &Page, links: &Links<'_>) -> Vec<Asset> {
    let mut found: Vec<Asset> = Vec::new();
    if page.imports.is_empty() {
        return found;
    }
    let base = SiteOrigin::unknown().base(page.base());
    for Loaded { file, map } in links.loads(page) {
        for asset in file.assets.iter().filter(|asset| is_imported_data(asset)) {
            let Some(address) = page.address(asset, &file.path, map, &base) else { continue };
            let is_it = |known: &Asset| known.kind == asset.kind && known.url() == Some(&address);
            if page.assets.iter().any(is_it) {
                continue;
            }
            match found.iter_mut().find(|known| is_it(known)) {
                Some(known) => known.add_witnesses(&asset.seen_by),
                None => {
                    let content = Content::Url(address.into());
                    let seen_by = asset.seen_by.clone();
                    let asset = Asset::at(asset.kind, content, Position::default());
                    found.push(Asset { implicit: true, seen_by, ..asset });
                }
            }
        }
    }
    found
}

fn is_imported_data(asset: &Asset) -> bool {
    asset.kind != Kind::Script && matches!(asset.content, Content::Module { .. })
}
