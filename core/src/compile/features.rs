//! `Permissions-Policy`: what each page uses, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::Reach;
use super::site::Site;
use crate::diagnostic::{Confidence, Finding, Location, Severity};
use crate::header::{Allowlist, Feature, PermissionsPolicy};
use crate::inventory::{self, Asset, Content, Inventory, Kind, Page};
use crate::text::Span;

/// Features that are denied where the inventory sees no use of them: those of the header's table that Chromium 156 knows, as
/// it reports names that it does not, and whose use can be seen. Left out are `aria-notify`, `cross-origin-isolated`,
/// `media-playback-while-not-visible` and `sync-xhr`, of which pages show no sign.
const DENIED: [&str; 49] = [
    "accelerometer",
    "autoplay",
    "bluetooth",
    "camera",
    "captured-surface-control",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "deferred-fetch",
    "deferred-fetch-minimal",
    "digital-credentials-create",
    "digital-credentials-get",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "language-detector",
    "language-model",
    "local-fonts",
    "local-network",
    "local-network-access",
    "loopback-network",
    "magnetometer",
    "microphone",
    "midi",
    "on-device-speech-recognition",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "speaker-selection",
    "storage-access",
    "summarizer",
    "translator",
    "unload",
    "usb",
    "window-management",
    "xr-spatial-tracking",
];

/// Who may use what: by feature.
type Used<'a> = BTreeMap<&'a str, Users<'a>>;

/// Who may use a feature beside pages of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Users<'a> {
    everyone: bool,
    origins: BTreeSet<&'a str>,
}

/// The value for pages that use nothing.
pub(super) fn nothing() -> String {
    value(&Used::new())
}

/// The values for pages that use something, each with its pages.
pub(super) fn by_page<'a>(site: &Site<'a>) -> BTreeMap<String, Vec<&'a Page>> {
    let reader = Reader::new(site.inventory, site.reach);
    let mut values: BTreeMap<String, Vec<&Page>> = BTreeMap::new();
    for page in &site.inventory.pages {
        let used = reader.used_by(page);
        if !used.is_empty() {
            values.entry(value(&used)).or_default().push(page);
        }
    }
    values
}

fn value(used: &Used<'_>) -> String {
    let names: BTreeSet<&str> = DENIED.into_iter().chain(used.keys().copied()).collect();
    let feature = |name: &str| {
        let allowed = match used.get(name) {
            None => Allowlist::NOBODY,
            Some(Users { everyone: true, .. }) => Allowlist::All,
            Some(Users { origins, .. }) => {
                Allowlist::Some(true, origins.iter().map(|origin| (*origin).to_owned()).collect())
            }
        };
        Feature { name: name.to_owned(), allowed, span: Span::default() }
    };
    PermissionsPolicy { features: names.into_iter().map(feature).collect() }.to_string()
}

/// The inventory, asked for features.
struct Reader<'a, 'r> {
    reach: &'r Reach<'a>,
    pages: BTreeMap<Box<str>, &'a Page>,
}

impl<'a, 'r> Reader<'a, 'r> {
    fn new(inventory: &'a Inventory, reach: &'r Reach<'a>) -> Self {
        let pages = inventory.pages.iter().flat_map(|page| {
            reach.addresses(page).into_iter().map(move |path| (inventory::address_of(&path), page))
        });
        Self { reach, pages: pages.collect() }
    }

    /// What the page and its files use, and what the pages of the site do that it shows in frames: a frame may use what its
    /// page may, at most.
    fn used_by(&self, page: &'a Page) -> Used<'a> {
        let (mut used, mut seen, mut todo) = (Used::new(), BTreeSet::new(), vec![page]);
        while let Some(page) = todo.pop() {
            if !seen.insert(&page.path) {
                continue;
            }
            let files = self.reach.files_of(page);
            let assets = page.assets.iter().chain(files.iter().flat_map(|file| &file.assets));
            for asset in assets {
                add(&mut used, asset);
                let framed = asset.url().filter(|_| asset.kind == Kind::Frame);
                let framed = framed.and_then(|url| url.split('?').next());
                todo.extend(framed.and_then(|address| self.pages.get(address)));
            }
        }
        used
    }
}

/// What an asset uses. Whoever has media may start it by a script, of which reading does not tell.
fn add<'a>(used: &mut Used<'a>, asset: &'a Asset) {
    match &asset.content {
        Content::Feature { feature, delegated_to } if is_name(feature) => {
            let users = used.entry(feature).or_default();
            match delegated_to.as_deref() {
                Some("*") => users.everyone = true,
                Some(origin) => drop(users.origins.insert(origin)),
                None => {}
            }
        }
        _ if asset.kind == Kind::Media => drop(used.entry("autoplay").or_default()),
        _ => {}
    }
}

/// Whether a structured field takes it as a key: what a page names may be anything.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// What is allowed, and where it is first used.
pub(super) fn findings(inventory: &Inventory) -> Vec<Finding> {
    let mut first: BTreeMap<&str, (&str, &Asset, usize)> = BTreeMap::new();
    for (path, asset) in inventory.assets() {
        if let Content::Feature { feature, .. } = &asset.content {
            first.entry(feature).or_insert((path, asset, 0)).2 += 1;
        }
    }
    let finding = |(feature, (path, asset, count)): (&str, (&str, &Asset, usize))| Finding {
        rule: "build/feature".into(),
        severity: Severity::Info,
        confidence: Confidence::High,
        header: Some("Permissions-Policy".into()),
        directive: Some(feature.to_owned()),
        value: None,
        message: format!(
            "`{feature}` is allowed where it is used ({})",
            super::counted(count, "place")
        ),
        help: "take it out of the page, and the header denies it".into(),
        fix: None,
        location: Some(Location::at(path, asset.line, asset.column)),
    };
    first.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::{FeatureStatus, feature_status};

    #[test]
    fn what_is_denied_is_known_and_in_order() {
        assert!(DENIED.is_sorted());
        assert!(DENIED.iter().all(|name| feature_status(name) == Some(FeatureStatus::Known)));
    }
}
