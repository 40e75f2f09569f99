//! `cookies`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::grade::chart::Outcome;
use crate::grade::site::Site;
use crate::header::{Header as _, SameSite, SetCookie};
use crate::public_suffix;

/// A cookie of a hosting service that its customers cannot change.
const PASSED_OVER: &str = "heroku-session-affinity";

/// Bad results, the worst last.
const WORSE: [Outcome; 7] = [
    Outcome::CookiesNotSecureUnderHsts,
    Outcome::CookiesNotSecure,
    Outcome::CookiesSessionNotSecureUnderHsts,
    Outcome::CookiesSameSiteInvalid,
    Outcome::CookiesAntiCsrfNotSameSite,
    Outcome::CookiesSessionNotHttpOnly,
    Outcome::CookiesSessionNotSecure,
];

/// `is_protected`: whether HSTS passes its test.
pub(super) fn test(site: &Site<'_>, is_protected: bool) -> Outcome {
    let jar = jar(site);
    if jar.is_empty() {
        return Outcome::CookiesAbsent;
    }
    let mut found: Vec<Outcome> = Vec::new();
    if site.all("set-cookie").any(has_invalid_same_site) {
        found.push(Outcome::CookiesSameSiteInvalid);
    }
    jar.values().for_each(|cookie| judge(cookie, is_protected, &mut found));
    let worst = WORSE.iter().rev().find(|outcome| found.contains(outcome));
    worst.copied().unwrap_or_else(|| match jar.values().all(|cookie| cookie.same_site.is_some()) {
        true => Outcome::CookiesAllSameSite,
        false => Outcome::CookiesSecure,
    })
}

fn judge(cookie: &SetCookie<'_>, is_protected: bool, found: &mut Vec<Outcome>) {
    let name = cookie.name.to_lowercase();
    let is_session = name.contains("login") || name.contains("sess");
    if !cookie.secure {
        found.push(match (is_session, is_protected) {
            (false, true) => Outcome::CookiesNotSecureUnderHsts,
            (false, false) => Outcome::CookiesNotSecure,
            (true, true) => Outcome::CookiesSessionNotSecureUnderHsts,
            (true, false) => Outcome::CookiesSessionNotSecure,
        });
        if cookie.same_site == Some(SameSite::None) {
            found.push(Outcome::CookiesSameSiteInvalid);
        }
    }
    if name.contains("csrf") && cookie.same_site.is_none() {
        found.push(Outcome::CookiesAntiCsrfNotSameSite);
    }
    if is_session && !cookie.http_only {
        found.push(Outcome::CookiesSessionNotHttpOnly);
    }
}

/// The cookies that a client would keep, by name, domain and path: a later one takes an earlier one's place.
fn jar<'s>(site: &'s Site<'_>) -> BTreeMap<(&'s str, &'s str, &'s str), SetCookie<'s>> {
    let cookies = site.all("set-cookie").filter_map(|line| SetCookie::parse(line).value);
    let kept = cookies.filter(|cookie| cookie.name != PASSED_OVER && is_kept(cookie, site));
    let own = default_path(site.url.path());
    kept.map(|cookie| {
        let place = (cookie.name, cookie.domain.unwrap_or_default(), cookie.path.unwrap_or(own));
        (place, cookie)
    })
    .collect()
}

/// Whether the response may set the cookie (RFC 6265bis, section 5.7).
fn is_kept(cookie: &SetCookie<'_>, site: &Site<'_>) -> bool {
    let path = cookie.path.unwrap_or_else(|| default_path(site.url.path()));
    let is_host = cookie.name.starts_with("__Host-");
    let keeps_promise = !is_host && !cookie.name.starts_with("__Secure-")
        || cookie.secure && (!is_host || cookie.domain.is_none() && path == "/");
    let is_text = |text: &str| !text.bytes().any(|byte| byte.is_ascii_control());
    keeps_promise
        && is_text(cookie.name)
        && is_text(cookie.value)
        && cookie.domain.is_none_or(|domain| may_set(site.host(), &domain.to_ascii_lowercase()))
}

/// Whether a host may set a cookie for this domain: its own or one above it, but none that others share, and no address.
/// A second leading dot goes as the first does.
fn may_set(host: &str, domain: &str) -> bool {
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    let is_at_or_above =
        host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    is_at_or_above
        && domain.parse::<IpAddr>().is_err()
        && public_suffix::ALL.registrable_domain(domain).is_some()
}

/// The folder of a path (RFC 6265bis, section 5.1.4).
fn default_path(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder,
        _ => "/",
    }
}

/// Whether a line has a `SameSite` that is no value, by the Observatory's own reading of it.
fn has_invalid_same_site(line: &str) -> bool {
    line.split(';').any(|attribute| {
        let mut sides = attribute.trim().split('=');
        let is_same_site =
            sides.next().is_some_and(|name| name.trim().eq_ignore_ascii_case("samesite"));
        let value = sides.next().unwrap_or_default().trim();
        is_same_site
            && !SameSite::ALL.iter().any(|known| known.as_str().eq_ignore_ascii_case(value))
    })
}
