//! What source expressions name, whatever the page.

use std::net::Ipv4Addr;

use crate::csp::{HostSource, SourceExpression, covers_host, ends_with_label};
use crate::public_suffix;

/// Whether anyone can provide a URL of the scheme.
pub(super) fn is_open(scheme: &str) -> bool {
    is_one_of(scheme, &["http", "https", "ws", "wss", "data", "blob", "filesystem", "ftp"])
}

/// Whether what the scheme loads is not encrypted.
pub(super) fn is_plain(scheme: &str) -> bool {
    is_one_of(scheme, &["http", "ws", "ftp"])
}

fn is_one_of(scheme: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

/// Whether URLs of the scheme reach no host.
pub(super) fn is_hostless(scheme: &str) -> bool {
    is_one_of(scheme, &["data", "blob", "filesystem"])
}

/// The host of an expression that names one, without a wildcard before it.
pub(super) fn host_of(expression: SourceExpression<'_>) -> Option<&str> {
    match expression {
        SourceExpression::Host(HostSource { host, .. }) if host != "*" => {
            Some(host.strip_prefix("*.").unwrap_or(host))
        }
        _ => None,
    }
}

/// Whether anyone can have a name under this one (the Public Suffix List).
pub(super) fn is_public_suffix(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return public_suffix::ALL.is_suffix(&name.to_ascii_lowercase());
    }
    public_suffix::ALL.is_suffix(name)
}

/// Whether the host is an IPv4 address, in any of the ways in which the URL Standard writes one.
pub(super) fn is_ip(host: &str) -> bool {
    address(host).is_some()
}

/// Whether the host is on the visitor's own machine or in a private network.
pub(super) fn is_local(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let dot = name.bytes().rposition(|byte| byte == b'.');
    let last = dot.and_then(|dot| name.get(dot + 1..)).unwrap_or(name);
    let is_name = last.eq_ignore_ascii_case("localhost")
        || dot.is_some() && is_one_of(last, &["local", "internal", "test", "lan"])
        || ends_with_label(name, "home.arpa");
    is_name
        || address(name).is_some_and(|address| {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
        })
}

fn address(host: &str) -> Option<Ipv4Addr> {
    // Hosts that do not begin with a digit are names, which is the common case.
    if !host.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    match url::Host::parse(host).ok()? {
        url::Host::Ipv4(address) => Some(address),
        _ => None,
    }
}

/// Whether a URL might match both. It errs on the side of yes.
pub(super) fn meets(a: SourceExpression<'_>, b: SourceExpression<'_>) -> bool {
    match (a, b) {
        (SourceExpression::Host(a), SourceExpression::Host(b)) => {
            covers_host(a.host, b.host) || covers_host(b.host, a.host)
        }
        (SourceExpression::Scheme(scheme), SourceExpression::Host(host))
        | (SourceExpression::Host(host), SourceExpression::Scheme(scheme)) => {
            let http = |scheme: &str| {
                scheme.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"))
            };
            host.scheme
                .is_none_or(|own| own.eq_ignore_ascii_case(scheme) || http(own) && http(scheme))
        }
        // Whoever names a host beside `'self'` means another one.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_those_of_the_list() {
        assert!(["com", "co.uk", "GitHub.io", "com."].into_iter().all(is_public_suffix));
        assert!(!is_public_suffix("example.com") && !is_public_suffix("localdomainname"));
    }

    #[test]
    fn addresses_are_known_in_any_form() {
        assert!(is_ip("0x7f000001") && is_ip("203.0.113.7") && !is_ip("3m.example"));
        assert!(is_local("127.1") && is_local("LOCALHOST") && is_local("10.0.0.1"));
        assert!(!is_local("203.0.113.7") && !is_local("local.example"));
    }
}
