//! `'strict-dynamic'`: on the pages where each script that the parser finds is allowed by a nonce or a hash.

use super::policy::{Policy, Uses};
use super::requirement::{self, Naming};
use super::site::Site;
use super::tally::{Cause, Tallies};
use crate::csp::{Directive, Keyword};
use crate::diagnostic::{Finding, Severity};
use crate::inventory::{Asset, Content, Kind, Page, Role};

/// Why there are sources beside `'strict-dynamic'`.
const FALLBACK: &str = "browsers that do not know `'strict-dynamic'` go by it";

impl<'a> Site<'a> {
    /// Whether the page's scripts may load others by `'strict-dynamic'`: it is asked for, nothing is in the way, and there
    /// is a script to start with.
    pub(super) fn is_dynamic(&self, page: &'a Page, naming: Naming<'_>) -> bool {
        self.file().strict_dynamic.is_some()
            && Role::of(&page.path) != Some(Role::Script)
            && !self.answers_everywhere(page)
            && self.untrusted(page, naming).next().is_none()
            && page.assets.iter().any(|asset| is_named(asset, naming))
    }

    /// The scripts of the page that `'strict-dynamic'` would have browsers block, each with the path of what has it.
    fn untrusted(
        &self,
        page: &'a Page,
        naming: Naming<'_>,
    ) -> impl Iterator<Item = (&'a str, &'a Asset)> {
        let by_nonce = page
            .assets
            .iter()
            .filter(|asset| is_script(asset))
            .all(|asset| naming.names_by_nonce(asset) || !is_parsed(asset));
        let scripts = self.assets_of(page).filter(|(_, asset)| {
            // What a name stands for is an asset of its own, of the page's import map.
            asset.kind == Kind::Script && !matches!(asset.content, Content::Module { .. })
        });
        scripts.filter(move |(_, asset)| {
            // What a module imports is asked for with its importer's nonce, and as if the parser had found it (HTML,
            // section 8.1.4.2); what else scripts make, `'strict-dynamic'` allows.
            let is_module = asset.script.as_ref().is_some_and(|script| script.module);
            let is_loaded = !is_parsed(asset) && (!is_module || by_nonce);
            !is_named(asset, naming) && !is_loaded
        })
    }

    /// The scripts for which pages have to do without.
    pub(super) fn without_strict_dynamic(&self) -> Vec<Finding> {
        let mut tallies = Tallies::default();
        if self.file().strict_dynamic.is_some() {
            let pages = self.inventory.pages.iter();
            for page in pages.filter(|page| Role::of(&page.path) != Some(Role::Script)) {
                for (path, asset) in self.untrusted(page, self.naming(page)) {
                    tallies.note(stands_in_the_way(asset), path, asset.line, asset.column);
                }
            }
        }
        tallies.into_findings()
    }

    /// Lets scripts load others.
    pub(super) fn add_strict_dynamic(&self, policy: &mut Policy<'a>) {
        let Some(location) = &self.file().strict_dynamic else { return };
        let mut add = |expression: &'static str, uses| {
            policy.add(Directive::ScriptSrc, expression.into(), uses);
        };
        add(Keyword::StrictDynamic.as_str(), Uses::declared(location));
        add(Keyword::UnsafeInline.as_str(), Uses::by_default(FALLBACK));
        add("https:", Uses::by_default(FALLBACK));
        if !self.is_https() {
            add("http:", Uses::by_default(FALLBACK));
        }
    }
}

/// Whether the asset is a script of the page.
const fn is_script(asset: &Asset) -> bool {
    matches!(asset.kind, Kind::Script | Kind::InlineScript)
}

/// Whether the parser found it, for all that is known.
fn is_parsed(asset: &Asset) -> bool {
    asset.script.as_ref().is_none_or(|script| script.parser_inserted)
}

/// Whether a nonce or a hash stands for the script.
fn is_named(asset: &Asset, naming: Naming<'_>) -> bool {
    match &asset.content {
        Content::Inline { .. } => asset.kind == Kind::InlineScript,
        Content::Url(_) if asset.kind == Kind::Script => {
            requirement::integrity_hashes(asset, naming).is_some() || naming.names_by_nonce(asset)
        }
        _ => false,
    }
}

fn stands_in_the_way(asset: &Asset) -> Cause {
    let name = match &asset.content {
        Content::Url(name) | Content::Relative { relative: name } => name,
        Content::Code { code } => code.as_str(),
        _ => asset.kind.as_str(),
    };
    Cause {
        rule: "build/no-strict-dynamic",
        severity: Severity::Low,
        message: format!(
            "pages that load `{name}` go without `'strict-dynamic'`: it has neither a nonce nor integrity"
        ),
        help: "give its element `integrity`, which `cspc build --write-integrity` does for the site's own files, or, with the strategy `nonce`, a nonce; what modules import needs a nonce on the element that imports it",
    }
}
