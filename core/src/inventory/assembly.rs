//! The files of a site, put together into an inventory.

use super::links;
use super::model::{File, Inventory, Source};

impl Inventory {
    /// Puts the files of a site together, each kind in the order of the paths. Data that loads nothing is no page.
    pub fn of(origin: Option<String>, sources: impl IntoIterator<Item = Source>) -> Self {
        let (mut pages, mut style_sheets) = (Vec::new(), Vec::new());
        let (mut scripts, mut manifests) = (Vec::new(), Vec::new());
        for source in sources {
            match source {
                Source::Page(page) if page.is_mere_data() => {}
                Source::Page(page) => pages.push(page),
                Source::StyleSheet(sheet) => style_sheets.push(sheet),
                Source::Script(script) => scripts.push(script),
                Source::Manifest(manifest) => manifests.push(manifest),
            }
        }
        manifests.sort_unstable_by(|a: &File, b| a.path.cmp(&b.path));
        Self { manifests, ..Self::new(origin, pages, style_sheets).with_scripts(scripts) }
    }

    /// The same with the site's scripts. Those that workers run become pages beside being scripts: a worker obeys the
    /// policy that its own script is served with.
    #[must_use]
    pub fn with_scripts(mut self, mut scripts: Vec<File>) -> Self {
        scripts.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        self.pages.extend(links::workers(&self.pages, &scripts));
        self.pages.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        self.scripts = scripts;
        self.add_imported_data();
        self
    }
}
