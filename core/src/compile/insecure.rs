//! What pages served over HTTPS ask for over plain HTTP (Mixed Content, section 4).

use url::Url;

use super::site::Site;
use super::tally::Cause;
use crate::diagnostic::Severity;
use crate::enforce::upgraded_scheme;
use crate::inventory::Kind;

/// That an asset is not over HTTPS, and what comes of it, where browsers are not told to upgrade it.
pub(super) fn insecure(site: &Site<'_>, kind: Kind, url: &str) -> Option<Cause> {
    // Where a page sends its visitor is not upgraded (Upgrade Insecure Requests, section 4.1).
    let can_upgrade = kind != Kind::Navigation;
    let is_upgraded = can_upgrade && site.file().upgrade_insecure_requests;
    if is_upgraded || !site.is_https() || !is_plain(url) {
        return None;
    }
    let (severity, fate) = match kind {
        // What is named relative to it is told by itself.
        Kind::Base => return None,
        Kind::Image | Kind::Media => {
            (Severity::Low, "all but older browsers ask over HTTPS instead")
        }
        Kind::FormAction | Kind::Navigation => {
            (Severity::Medium, "what goes there can be read and changed on the way")
        }
        _ => (Severity::Medium, "browsers block it on a page that is"),
    };
    let message = format!("{} `{url}` is not over HTTPS: {fate}", kind.as_str());
    let help = if can_upgrade { UPGRADE } else { "serve it over https: and name it so" };
    Some(Cause { rule: "build/insecure-url", severity, message, help })
}

const UPGRADE: &str = "serve it over https: and name it so, or set `upgrade-insecure-requests = true` in cspc.toml, and browsers ask there";

/// Whether a URL is neither of HTTPS nor trustworthy for another reason.
fn is_plain(url: &str) -> bool {
    let is_upgradable = |url: Url| upgraded_scheme(&url) != url.scheme();
    (url.starts_with("http:") || url.starts_with("ws:")) && Url::parse(url).is_ok_and(is_upgradable)
}
