//! `redirection`.

use url::Url;

use crate::grade::chart::Outcome;
use crate::grade::site::Site;

pub(super) fn test(site: &Site<'_>) -> Outcome {
    let assumed;
    let route = match &site.route {
        Some(route) => route,
        None => {
            assumed = assumed_route(&site.url);
            &assumed
        }
    };
    let (Some(first), Some(last)) = (route.first(), route.last()) else {
        return Outcome::RedirectionNoHttp;
    };
    let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
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

/// The route where nobody has asked: to HTTPS at once, if the page is there.
fn assumed_route(url: &Url) -> Vec<Url> {
    let mut first = url.clone();
    // It does not fail from one scheme of the web to the other.
    let _ = first.set_scheme("http");
    let is_https = url.scheme() == "https";
    [first].into_iter().chain(is_https.then(|| url.clone())).collect()
}
