//! `redirection`.

use crate::grade::chart::Outcome;
use crate::grade::site::Site;

/// Where nobody has asked over plain HTTP, a page over HTTPS is taken to be reached as it should be.
pub(super) fn test(site: &Site<'_>) -> Outcome {
    let own = [site.url.clone()];
    let route = match &site.route {
        Some(route) => route.as_slice(),
        None if site.is_https() => return Outcome::RedirectionToHttps,
        None => &own,
    };
    let (Some(first), Some(last)) = (route.first(), route.last()) else {
        return Outcome::RedirectionNoHttp;
    };
    let host = |url: &url::Url| url.host_str().unwrap_or_default().to_owned();
    if first.scheme() != "http" {
        return Outcome::RedirectionNoHttp;
    }
    if !site.certificate_is_valid {
        return Outcome::RedirectionInvalidCertificate;
    }
    if route.iter().all(|url| site.preloaded.has(&host(url))) {
        return Outcome::RedirectionPreloaded;
    }
    let Some(second) = route.get(1) else { return Outcome::RedirectionMissing };
    if last.scheme() != "https" {
        Outcome::RedirectionNotToHttps
    } else if second.scheme() == "http" {
        Outcome::RedirectionHttpFirst
    } else if host(first) != host(second) {
        Outcome::RedirectionOffHost
    } else {
        Outcome::RedirectionToHttps
    }
}
