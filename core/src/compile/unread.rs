//! What of a site could not be read, or not be found: what it loads is not allowed.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::tally::{Cause, Tallies};
use crate::diagnostic::{Finding, Severity};
use crate::inventory::{Content, Inventory, Kind, Page, address_of};

/// Each reason why something could not be read or found, with its first place and the number of places.
///
/// ```
/// use cspc_core::compile::unread;
/// use cspc_core::inventory::{Inventory, SiteOrigin, read_page};
/// let page = read_page("/logo.svg", b"<svg>\n<g></svg>", &SiteOrigin::unknown());
/// let found = unread(&Inventory::new(None, vec![page], Vec::new()));
/// assert_eq!(found[0].rule, "build/not-well-formed");
/// assert_eq!(found[0].location.as_ref().map(|at| at.line), Some(2));
/// ```
pub fn unread(inventory: &Inventory) -> Vec<Finding> {
    let mut tallies = Tallies::default();
    note(inventory, &mut tallies);
    tallies.into_findings()
}

/// Notes the reasons.
pub(super) fn note(inventory: &Inventory, tallies: &mut Tallies) {
    for page in &inventory.pages {
        if let Some(unread) = &page.unread {
            tallies.note(not_well_formed(&unread.message), &page.path, unread.line, unread.column);
        }
    }
    let scripts = inventory.scripts.iter().map(|script| (script, Kind::Script));
    let manifests = inventory.manifests.iter().map(|manifest| (manifest, Kind::Manifest));
    for (file, kind) in scripts.chain(manifests) {
        if let Some(unread) = &file.unread {
            let cause = cannot_read(kind, &unread.message);
            tallies.note(cause, &file.path, unread.line, unread.column);
        }
    }
    let maps = LazyCell::new(|| Maps::of(inventory));
    for (path, asset) in inventory.assets() {
        if let Some(unread) = &asset.unread {
            let cause = cannot_read(asset.kind, &unread.message);
            tallies.note(cause, path, unread.line, unread.column);
        }
        if let Content::Module { specifier } = &asset.content
            && !maps.know(specifier, path)
        {
            tallies.note(unmapped(specifier), path, asset.line, asset.column);
        }
    }
}

/// The import maps of a site.
struct Maps<'i> {
    pages: BTreeMap<&'i str, &'i Page>,
    /// A page for each different one.
    different: Vec<&'i Page>,
}

impl<'i> Maps<'i> {
    fn of(inventory: &'i Inventory) -> Self {
        let pages = inventory.pages.iter();
        let mut seen = BTreeSet::from([&[][..]]);
        Self {
            pages: pages.clone().map(|page| (page.path.as_str(), page)).collect(),
            different: pages.filter(|page| seen.insert(&page.imports)).collect(),
        }
    }

    /// Whether one says where the module is that the page or file at `path` imports by this name: for a page its own, for a
    /// file, which any page may load, that of any.
    fn know(&self, specifier: &str, path: &str) -> bool {
        let importer = address_of(path);
        let knows = |page: &&Page| !page.modules(specifier, &importer).is_empty();
        self.pages.get(path).map_or_else(|| self.different.iter().any(knows), knows)
    }
}

/// Of XML, browsers show what stands before the mistake (XML 1.0, section 1.2, "fatal error").
fn not_well_formed(message: &str) -> Cause {
    Cause {
        rule: "build/not-well-formed",
        severity: Severity::Low,
        message: format!("the document is not well-formed, and is read up to here: {message}"),
        help: "mend it: browsers, too, stop at the mistake",
    }
}

fn cannot_read(kind: Kind, message: &str) -> Cause {
    let what = match kind {
        Kind::Manifest => "manifest",
        Kind::ImportMap => "import map",
        Kind::SpeculationRules => "list of speculation rules",
        _ => "script",
    };
    Cause {
        rule: "build/unread-script",
        severity: Severity::Low,
        message: format!("the {what} cannot be read, so what it loads is not allowed: {message}"),
        help: "mend it, or declare what it loads under [sources] in cspc.toml",
    }
}

fn unmapped(specifier: &str) -> Cause {
    Cause {
        rule: "build/unresolved",
        severity: Severity::Info,
        message: format!("no import map says where the module `{specifier}` is"),
        help: "browsers load it only from pages whose import map has an address for the name; tools that bundle scripts put it into them",
    }
}
