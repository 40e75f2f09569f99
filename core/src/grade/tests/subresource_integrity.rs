//! `subresource-integrity`.

use url::Url;

use crate::grade::chart::Outcome;
use crate::grade::site::{Script, Site};
use crate::public_suffix;

/// Results of scripts from elsewhere, the worst last.
const WORSE: [Outcome; 3] =
    [Outcome::SriInsecure, Outcome::SriMissing, Outcome::SriMissingInsecure];

/// Where a script comes from, by the text of its `src` alone.
enum From {
    /// Anything but the following.
    Own,
    /// `http://` or `https://` in lower case, on another site.
    Elsewhere { over_https: bool },
    /// `//`, whatever the host.
    Relative,
}

pub(super) fn test(site: &Site<'_>) -> Outcome {
    if !site.page.is_html {
        return Outcome::SriNotHtml;
    }
    if site.page.scripts.is_empty() {
        return Outcome::SriNoScripts;
    }
    let own = registrable(site.host());
    let (mut result, mut has_foreign) = (None, false);
    for script in &site.page.scripts {
        let Some(src) = &script.src else { continue };
        match origin(src, own) {
            From::Own => {
                let is_secure =
                    src.starts_with("https://") || site.is_https() && !src.starts_with("http://");
                if script.has_integrity && is_secure && result.is_none() {
                    result = Some(Outcome::SriAll);
                }
            }
            From::Elsewhere { over_https } => {
                has_foreign = true;
                result = worse(result, foreign(script, over_https));
            }
            From::Relative => {
                has_foreign = true;
                result = worse(result, foreign(script, false));
            }
        }
    }
    result.unwrap_or(if has_foreign { Outcome::SriExternal } else { Outcome::SriOwnOrigin })
}

/// What is wrong with a script of another site.
const fn foreign(script: &Script, over_https: bool) -> Option<Outcome> {
    match (script.has_integrity, over_https) {
        (true, true) => None,
        (true, false) => Some(Outcome::SriInsecure),
        (false, true) => Some(Outcome::SriMissing),
        (false, false) => Some(Outcome::SriMissingInsecure),
    }
}

fn worse(result: Option<Outcome>, found: Option<Outcome>) -> Option<Outcome> {
    let rank = |outcome: Option<Outcome>| WORSE.iter().position(|worse| Some(*worse) == outcome);
    match (result, found) {
        (result, None) => result,
        (None, found) => found,
        (result, found) if rank(found) > rank(result) => found,
        (result, _) => result,
    }
}

fn origin(src: &str, own: Option<&str>) -> From {
    if src.strip_prefix("//").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) {
        return From::Relative;
    }
    let over_https = src.starts_with("https://");
    if !over_https && !src.starts_with("http://") {
        return From::Own;
    }
    let url = Url::parse(src).ok();
    let host = url.as_ref().and_then(|url| registrable(url.host_str()?));
    match host == own {
        true => From::Own,
        false => From::Elsewhere { over_https },
    }
}

/// The domain that its owner registered, a dot at the end of the host aside. Services that hand out names below their own
/// do not count as registries.
fn registrable(host: &str) -> Option<&str> {
    let host = host.trim_end_matches('.');
    let is_name = host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[');
    public_suffix::ICANN.registrable_domain(host).filter(|_| is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_below_a_service_belong_to_it() {
        let of = |host| registrable(host).unwrap_or_default();
        assert_eq!(of("a.b.co.uk"), "b.co.uk");
        assert_eq!(of("a.github.io"), "github.io");
        assert_eq!(of("cdn.other.example."), "other.example");
        assert_eq!(registrable("co.uk"), None);
        assert_eq!(registrable("127.0.0.1"), None);
    }
}
