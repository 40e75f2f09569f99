//! The reviewed scripts of a site: which ones its owner has approved, and what is different now.
//!
//! PCI DSS 4.0.1 (6.4.3) asks of every script on a payment page that it is authorized, that its integrity is assured, and
//! that there is a written reason for it. [`Review`] is that list, kept in `cspc.lock`. A script of which reading tells
//! neither address nor text is listed by the code that loads or makes it: that another one is loaded so is no less a change.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::address::SiteOrigin;
use super::links::{Links, Loaded};
use super::model::{Asset, Content, Inventory, Kind};

/// The value of [`Review::schema`].
const SCHEMA: &str = "cspc.lock/1";

/// All scripts that were approved. Its TOML form is the file `cspc.lock`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Always `cspc.lock/1`.
    pub schema: String,
    /// The scripts, in order.
    #[serde(default, rename = "script")]
    pub scripts: Vec<Reviewed>,
}

/// A script and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// What kind of script it is.
    pub kind: Kind,
    /// Its address, if it is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The hash of its text if it stands in the page, or of its file if that is one of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The piece of code that loads or makes it, if reading does not tell its address or its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where it or that piece of code stands first, such as `/pay.html:12:5`, if it has no address. Line and column are no
    /// more than a hint, as lines move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Its `integrity` attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<String>,
    /// How it is assured that it is what was approved. Where nothing does that reading tells, a person may.
    pub assured_by: String,
    /// The pages that run it.
    pub pages: BTreeSet<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: String,
    /// Why the pages need it.
    #[serde(default)]
    pub purpose: String,
    /// The day on which it was approved, such as `2026-11-25`.
    #[serde(default)]
    pub approved: String,
}

/// What is said of scripts that are approved now, where nothing was said before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approval {
    /// Who answers for them.
    pub owner: String,
    /// Why the pages need them.
    pub purpose: String,
    /// The day.
    pub date: String,
}

/// How a script differs from what was approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was never approved.
    New(Reviewed),
    /// It is not what was approved any more: before, and now.
    Changed(Box<Reviewed>, Reviewed),
    /// It runs on these pages, too, for which it was not approved.
    Spread(Reviewed, BTreeSet<String>),
    /// Nobody answers for it, or nobody says what it is for.
    Unjustified(Reviewed),
    /// It was approved, but no page runs it any more.
    Gone(Reviewed),
}

impl Change {
    /// Whether the review does not hold any more. What is gone does no harm.
    pub const fn breaks_review(&self) -> bool {
        !matches!(self, Self::Gone(_))
    }
}

/// What makes two scripts the same one: where they come from, or their text, or the code that loads them and its file.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    kind: Kind,
    code: Option<(&'a str, &'a str)>,
    url: Option<&'a str>,
    hash: Option<&'a str>,
}

/// How it is assured that a script is what was approved, as far as reading tells.
const BY_POLICY: &str = "its hash in the policy";
const BY_INTEGRITY: &str = "its integrity attribute";
const BY_CHECK: &str = "the hash of the site's own file, at each check";
/// In place of that, where it is not.
const UNASSURED: &str = "nothing";

impl Reviewed {
    /// Whether anything assures that it is what was approved.
    pub fn is_assured(&self) -> bool {
        self.assured_by != UNASSURED
    }

    /// How a person says that it is assured.
    fn assured_by_hand(&self) -> Option<&str> {
        let by_reading = [BY_POLICY, BY_INTEGRITY, BY_CHECK, UNASSURED, ""];
        Some(self.assured_by.as_str()).filter(|by| !by_reading.contains(by))
    }

    fn key(&self) -> Key<'_> {
        let file = self.place.as_deref().and_then(|place| place.rsplitn(3, ':').last());
        Key {
            kind: self.kind,
            url: self.url.as_deref(),
            hash: self.hash.as_deref().filter(|_| self.url.is_none()),
            code: self.code.as_deref().map(|code| (code, file.unwrap_or_default())),
        }
    }

    fn has_content_of(&self, other: &Self) -> bool {
        self.hash == other.hash && self.integrity == other.integrity
    }
}

impl Review {
    /// The scripts of a site, approved by nobody.
    pub fn of(inventory: &Inventory) -> Self {
        let links = Links::new(inventory);
        let mut found: BTreeMap<Script<'_>, Seen> = BTreeMap::new();
        for page in &inventory.pages {
            let own = page.assets.iter().map(|asset| (&page.path, asset, page.map_of(asset)));
            let files = links.loads(page).into_iter();
            let files = files.flat_map(|Loaded { file, map }| {
                file.assets.iter().map(move |asset| (&file.path, asset, map))
            });
            let base = SiteOrigin::unknown().base(page.base());
            for (path, asset, map) in own.chain(files) {
                let place = || format!("{path}:{}:{}", asset.line, asset.column);
                let first = || Seen { place: place(), pages: BTreeSet::new() };
                let address = || page.address(asset, path, map, &base);
                if let Some(script) = script(asset, path, address) {
                    found.entry(script).or_insert_with(first).pages.insert(page.path.clone());
                }
            }
        }
        let reviewed = |(script, seen)| reviewed(script, seen, &links);
        Self { schema: SCHEMA.to_owned(), scripts: found.into_iter().map(reviewed).collect() }
    }

    /// Whether it is of the format that this code knows.
    pub fn is_known(&self) -> bool {
        self.schema == SCHEMA
    }

    /// The scripts of a site as they are now, all approved: those that have not changed as they were before, the others by
    /// this approval.
    #[must_use]
    pub fn approve(&self, inventory: &Inventory, approval: &Approval) -> Self {
        let known = self.by_key();
        let mut review = Self::of(inventory);
        for script in &mut review.scripts {
            let old = known.get(&script.key()).copied();
            let is_same =
                old.is_some_and(|old| old.has_content_of(script) && old.pages == script.pages);
            let said = |old: Option<&String>, now: &String| {
                old.filter(|old| !old.is_empty()).unwrap_or(now).clone()
            };
            let owner = said(old.map(|old| &old.owner), &approval.owner);
            let purpose = said(old.map(|old| &old.purpose), &approval.purpose);
            let date = said(old.filter(|_| is_same).map(|old| &old.approved), &approval.date);
            (script.owner, script.purpose, script.approved) = (owner, purpose, date);
            if let Some(assured_by) = old.and_then(Reviewed::assured_by_hand)
                && !script.is_assured()
            {
                script.assured_by = assured_by.to_owned();
            }
        }
        review
    }

    /// How a site differs from what was approved.
    pub fn changes(&self, inventory: &Inventory) -> Vec<Change> {
        let known = self.by_key();
        let now = Self::of(inventory);
        let mut changes: Vec<Change> = now
            .scripts
            .iter()
            .flat_map(|script| match known.get(&script.key()) {
                None => vec![Change::New(script.clone())],
                Some(old) => old.changes_to(script),
            })
            .collect();
        let now = now.by_key();
        let gone = self.scripts.iter().filter(|old| !now.contains_key(&old.key()));
        changes.extend(gone.cloned().map(Change::Gone));
        changes
    }

    fn by_key(&self) -> BTreeMap<Key<'_>, &Reviewed> {
        self.scripts.iter().map(|script| (script.key(), script)).collect()
    }
}

impl Reviewed {
    fn changes_to(&self, now: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        let more: BTreeSet<String> = now.pages.difference(&self.pages).cloned().collect();
        if !self.has_content_of(now) {
            changes.push(Change::Changed(Box::new(self.clone()), now.clone()));
        }
        if !more.is_empty() {
            changes.push(Change::Spread(self.clone(), more));
        }
        if [&self.owner, &self.purpose, &self.approved].iter().any(|said| said.trim().is_empty()) {
            changes.push(Change::Unjustified(self.clone()));
        }
        changes
    }
}

/// A script of the site, in the order in which scripts are listed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Script<'a> {
    kind: Kind,
    /// The code that loads or makes it, and the file in which that stands.
    code: Option<(&'a str, &'a str)>,
    url: Option<Cow<'a, str>>,
    hash: Option<&'a str>,
    integrity: Option<&'a str>,
}

/// The script that an asset of the file at `path` is, if it is one and reading tells which.
fn script<'a>(
    asset: &'a Asset,
    path: &'a str,
    address: impl FnOnce() -> Option<Cow<'a, str>>,
) -> Option<Script<'a>> {
    let is_script = matches!(
        asset.kind,
        Kind::Script
            | Kind::InlineScript
            | Kind::EventHandler
            | Kind::JavascriptUrl
            | Kind::Worker
            | Kind::ImportMap
    );
    if !is_script {
        return None;
    }
    let script = asset.script.as_deref();
    let integrity = script.and_then(|script| script.integrity.as_deref());
    let unknown = Script { kind: asset.kind, url: None, hash: None, code: None, integrity };
    Some(match &asset.content {
        Content::Inline { hash, .. } => Script { hash: Some(hash), ..unknown },
        Content::Code { code } => Script { code: Some((code, path)), ..unknown },
        _ => Script { url: Some(address()?), ..unknown },
    })
}

/// Where a script was seen.
struct Seen {
    /// The first place.
    place: String,
    /// The pages that run it.
    pages: BTreeSet<String>,
}

fn reviewed(script: Script<'_>, seen: Seen, links: &Links<'_>) -> Reviewed {
    let own = script.url.as_deref().filter(|url| url.starts_with('/'));
    let file = own.and_then(|url| links.file(url)).and_then(|file| file.hash.clone());
    let assured_by = match (&script.hash, script.integrity, &file) {
        (Some(_), _, _) => BY_POLICY,
        (None, Some(_), _) => BY_INTEGRITY,
        (None, None, Some(_)) => BY_CHECK,
        (None, None, None) => UNASSURED,
    };
    Reviewed {
        kind: script.kind,
        place: script.url.is_none().then_some(seen.place),
        url: script.url.map(Cow::into_owned),
        hash: script.hash.map(str::to_owned).or(file),
        code: script.code.map(|(code, _)| code.to_owned()),
        integrity: script.integrity.map(str::to_owned),
        assured_by: assured_by.to_owned(),
        pages: seen.pages,
        owner: String::new(),
        purpose: String::new(),
        approved: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Reader;

    fn inventory(pages: &[(&str, &str)], script: &str) -> Inventory {
        let reader = Reader::new(SiteOrigin::unknown());
        let pages = pages.iter().map(|(path, html)| reader.page(path, html.as_bytes())).collect();
        let scripts = vec![reader.script("/a.js", script.as_bytes())];
        Inventory::new(None, pages, Vec::new()).with_scripts(scripts)
    }

    fn shown(changes: &[Change]) -> Vec<String> {
        let name = |script: &Reviewed| {
            script
                .url
                .clone()
                .or_else(|| script.code.clone())
                .unwrap_or_else(|| "inline".to_owned())
        };
        let line = |change: &Change| match change {
            Change::New(script) => format!("new {}", name(script)),
            Change::Changed(_, script) => format!("changed {}", name(script)),
            Change::Spread(script, pages) => format!("spread {} to {pages:?}", name(script)),
            Change::Unjustified(script) => format!("unjustified {}", name(script)),
            Change::Gone(script) => format!("gone {}", name(script)),
        };
        changes.iter().map(line).collect()
    }

    #[test]
    fn what_is_approved_holds_until_something_changes() {
        let page = "<script src=a.js></script><script>1</script><script src=https://b.example/b.js></script>";
        let before = inventory(&[("/x.html", page)], "f()");
        let none = Review { schema: SCHEMA.to_owned(), scripts: Vec::new() };
        assert_eq!(
            shown(&none.changes(&before)),
            ["new /a.js", "new https://b.example/b.js", "new inline"]
        );

        let unsaid = Approval { date: "2026-11-25".to_owned(), ..Approval::default() };
        let unsaid = none.approve(&before, &unsaid);
        assert_eq!(shown(&unsaid.changes(&before)).len(), 3);
        let said =
            Approval { owner: "Ann".into(), purpose: "shop".into(), date: "2026-11-26".into() };
        let review = unsaid.approve(&before, &said);
        assert_eq!(review.changes(&before), []);
        assert!(review.scripts.iter().all(|script| script.approved == "2026-11-25"));

        let other = "<script src=a.js></script><script>2</script>";
        let after = inventory(&[("/x.html", other), ("/y.html", other)], "g()");
        assert_eq!(
            shown(&review.changes(&after)),
            [
                "changed /a.js",
                "spread /a.js to {\"/y.html\"}",
                "new inline",
                "gone https://b.example/b.js",
                "gone inline",
            ]
        );
    }

    #[test]
    fn code_that_loads_scripts_from_addresses_that_are_not_known_is_reviewed_where_it_stands() {
        let page = [("/x.html", "<script src=a.js></script>")];
        let before = inventory(&page, "\nimport(plugin)");
        let approval =
            Approval { owner: "Ann".into(), purpose: "shop".into(), date: "2026-11-26".into() };
        let review = Review::of(&before).approve(&before, &approval);
        let listed = review.scripts.iter().find(|script| script.code.is_some()).unwrap();
        assert_eq!(listed.place.as_deref(), Some("/a.js:2:8"));
        assert_eq!(listed.code.as_deref(), Some("plugin"));
        assert!(!listed.is_assured());

        let moved = inventory(&page, "\n\nimport(plugin)");
        assert_eq!(shown(&review.changes(&moved)), ["changed /a.js"]);
        let more = inventory(&page, "import(plugin);import(other)");
        assert_eq!(shown(&review.changes(&more)), ["changed /a.js", "new other"]);
        assert_eq!(shown(&review.changes(&inventory(&page, ""))), ["changed /a.js", "gone plugin"]);
    }
}
