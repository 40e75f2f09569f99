//! `Permissions-Policy` (Permissions Policy, section 5.1), and the table of features.

use std::fmt;

use sfv::{BareItem, ListEntry};

use super::field::{Header, Issue, Parsed, Problem};
use super::structured;
use crate::text::Span;

/// Which features of the browser a page and the frames in it may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionsPolicy {
    /// The features that it names, in order.
    pub features: Vec<Feature>,
}

/// A feature and who may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// Who may use it.
    pub allowed: Allowlist,
    /// Where it stands in the header.
    pub span: Span,
}

/// Who may use a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowlist {
    /// Every page and every frame in it.
    All,
    /// The page itself, if the first is true, and frames of these origins.
    Some(bool, Vec<String>),
}

impl Allowlist {
    /// Nobody.
    pub const NOBODY: Self = Self::Some(false, Vec::new());
}

/// What is known of a feature's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureStatus {
    /// Browsers know it, or will.
    Known,
    /// Browsers do not know it any more; perhaps they know another in its place.
    Removed(Option<&'static str>),
}

impl Header<'_> for PermissionsPolicy {
    const NAME: &'static str = "Permissions-Policy";

    /// ```
    /// use cspc_core::header::{Allowlist, Header, PermissionsPolicy};
    /// let parsed = PermissionsPolicy::parse("camera=(), geolocation=(self \"https://maps.example\")");
    /// assert_eq!(parsed.value.unwrap().features[0].allowed, Allowlist::NOBODY);
    /// assert!(PermissionsPolicy::parse("camera 'none'; geolocation 'self'").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let mut features: Vec<Feature> = Vec::new();
        let (mut issues, mut is_broken) = (Vec::new(), false);
        for (span, member) in structured::members(value) {
            let Some((key, entry)) = structured::dictionary_member(member) else {
                // One member that cannot be read, and browsers drop the whole header.
                is_broken = true;
                let problem = if member.is_empty() { Problem::Empty } else { Problem::Syntax };
                issues.push(Issue { problem, span });
                continue;
            };
            let name = key.as_str();
            let problem = match (allowlist(&entry), status(name)) {
                (None, _) => Some(Problem::InvalidValue),
                (_, None | Some(FeatureStatus::Removed(_))) => Some(Problem::UnknownName),
                _ if features.iter().any(|other| other.name == name) => {
                    Some(Problem::DuplicateName)
                }
                _ => None,
            };
            issues.extend(problem.map(|problem| Issue { problem, span }));
            if let Some(allowed) = allowlist(&entry) {
                features.push(Feature { name: name.to_owned(), allowed, span });
            }
        }
        Parsed { value: (!is_broken).then_some(Self { features }), issues }
    }
}

/// `*`, `self`, an origin, or a list of the last two; `None` for what browsers ignore.
fn allowlist(entry: &ListEntry) -> Option<Allowlist> {
    let items = match entry {
        ListEntry::Item(item) => std::slice::from_ref(item),
        ListEntry::InnerList(list) => list.items.as_slice(),
    };
    let (mut own, mut origins) = (false, Vec::new());
    for item in items {
        match &item.bare_item {
            BareItem::Token(token) if token.as_str() == "*" => return Some(Allowlist::All),
            BareItem::Token(token) if token.as_str() == "self" => own = true,
            BareItem::Token(token) if token.as_str() == "src" => {}
            BareItem::String(origin) => origins.push(origin.as_str().to_owned()),
            _ => return None,
        }
    }
    Some(Allowlist::Some(own, origins))
}

impl fmt::Display for PermissionsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, feature) in self.features.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}={}", feature.name, feature.allowed)?;
        }
        Ok(())
    }
}

impl fmt::Display for Allowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Some(own, origins) = self else { return f.write_str("*") };
        let own = own.then(|| "self".to_owned());
        let names: Vec<String> = own
            .into_iter()
            .chain(origins.iter().map(|origin| structured::quoted(origin)))
            .collect();
        write!(f, "({})", names.join(" "))
    }
}

/// What is known of a feature of this name; `None` if it never was one.
pub fn status(name: &str) -> Option<FeatureStatus> {
    if KNOWN.binary_search(&name).is_ok() || name.starts_with("ch-") {
        return Some(FeatureStatus::Known);
    }
    let removed = REMOVED.iter().find(|(old, _)| *old == name);
    removed.map(|(_, instead)| FeatureStatus::Removed(*instead))
}

/// Features that a browser knows or a current specification defines, in order; client hints (`ch-…`) aside.
const KNOWN: [&str; 78] = [
    "accelerometer",
    "all-screens-capture",
    "ambient-light-sensor",
    "aria-notify",
    "autofill",
    "autoplay",
    "battery",
    "bluetooth",
    "camera",
    "captured-surface-control",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "controlled-frame",
    "cross-origin-isolated",
    "deferred-fetch",
    "deferred-fetch-minimal",
    "digital-credentials-create",
    "digital-credentials-get",
    "direct-sockets",
    "direct-sockets-private",
    "display-capture",
    "encrypted-media",
    "execution-while-not-rendered",
    "execution-while-out-of-viewport",
    "fenced-unpartitioned-storage-read",
    "focus-without-user-activation",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "join-ad-interest-group",
    "keyboard-map",
    "language-detector",
    "language-model",
    "local-fonts",
    "local-network",
    "local-network-access",
    "loopback-network",
    "magnetometer",
    "manual-text",
    "media-playback-while-not-visible",
    "microphone",
    "midi",
    "monetization",
    "on-device-speech-recognition",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "private-state-token-issuance",
    "private-state-token-redemption",
    "proofreader",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "rewriter",
    "run-ad-auction",
    "screen-wake-lock",
    "serial",
    "shared-storage",
    "shared-storage-select-url",
    "smart-card",
    "speaker-selection",
    "storage-access",
    "sub-apps",
    "summarizer",
    "sync-xhr",
    "translator",
    "unload",
    "usb",
    "usb-unrestricted",
    "web-app-installation",
    "web-share",
    "window-management",
    "writer",
    "xr-spatial-tracking",
];

/// Features that were, and what came in their place.
const REMOVED: [(&str, Option<&str>); 18] = [
    ("attribution-reporting", None),
    ("browsing-topics", None),
    ("conversion-measurement", None),
    ("document-domain", None),
    ("document-write", None),
    ("font-display-late-swap", None),
    ("interest-cohort", None),
    ("layout-animations", None),
    ("legacy-image-formats", None),
    ("navigation-override", None),
    ("oversized-images", None),
    ("speaker", None),
    ("sync-script", None),
    ("trust-token-redemption", Some("private-state-token-redemption")),
    ("unoptimized-images", None),
    ("unsized-media", None),
    ("vertical-scroll", None),
    ("window-placement", Some("window-management")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(KNOWN.is_sorted());
    }

    #[test]
    fn issues_stand_at_their_features() {
        let parsed = PermissionsPolicy::parse("camera=(), flying=(), camera=*, usb=none");
        let found: Vec<_> = parsed.issues.iter().map(|issue| (issue.problem, issue.span)).collect();
        let expected = [
            (Problem::UnknownName, Span::new(11, 20)),
            (Problem::DuplicateName, Span::new(22, 30)),
            (Problem::InvalidValue, Span::new(32, 40)),
        ];
        assert_eq!(found, expected);
    }
}
