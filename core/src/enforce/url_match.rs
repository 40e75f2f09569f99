//! URL matching (section 6.7.2), without allocation.

use url::{Host, Url};

use super::engine::Engine;
use super::request::SelfOrigin;
use crate::csp::{HostSource, Keyword, ParsedDirective, SourceExpression};
use crate::text::Span;

/// Whose list it is: the origin it is relative to, and the browser that reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) origin: &'a SelfOrigin,
    pub(super) engine: Engine,
}

/// "Does url match source list in origin with redirect count?" (section 6.7.2.7).
///
/// `'none'` matches nothing wherever it stands, so that it counts for nothing beside other expressions.
///
/// ```
/// use cspc_core::csp::SourceExpression;
/// use cspc_core::enforce::{Engine, SelfOrigin, matches_source_list};
/// let list = ["'self'", "cdn.example/js/"].map(SourceExpression::parse);
/// let origin: SelfOrigin = "https://a.example".parse().unwrap();
/// let matches = |url: &str, redirects| {
///     matches_source_list(&url.parse().unwrap(), list, &origin, redirects, Engine::Spec)
/// };
/// assert!(matches("https://cdn.example/js/a.js", 0));
/// assert!(!matches("https://cdn.example/css/a.css", 0));
/// assert!(matches("https://cdn.example/css/a.css", 1), "paths do not count after a redirect");
/// ```
pub fn matches_source_list<'a>(
    url: &Url,
    sources: impl IntoIterator<Item = SourceExpression<'a>>,
    origin: &SelfOrigin,
    redirect_count: u32,
    engine: Engine,
) -> bool {
    sources.into_iter().any(|expression| {
        matches_source_expression(url, &expression, origin, redirect_count, engine)
    })
}

/// "Does url match expression in origin with redirect count?" (section 6.7.2.8).
///
/// ```
/// use cspc_core::csp::SourceExpression;
/// use cspc_core::enforce::{Engine, SelfOrigin, matches_source_expression};
/// let url = "https://a.b.example/".parse().unwrap();
/// let wildcard = SourceExpression::parse("http://*.b.example");
/// assert!(matches_source_expression(&url, &wildcard, &SelfOrigin::OPAQUE, 0, Engine::Spec));
/// ```
pub fn matches_source_expression(
    url: &Url,
    expression: &SourceExpression<'_>,
    origin: &SelfOrigin,
    redirect_count: u32,
    engine: Engine,
) -> bool {
    match expression {
        star if is_star(star) => engine.star_covers(url.scheme(), origin.scheme()),
        SourceExpression::Scheme(scheme) => scheme_part_matches(scheme, url.scheme(), engine),
        SourceExpression::Host(host) => {
            host_source_matches(host, url, redirect_count, Context { origin, engine })
        }
        SourceExpression::Keyword(Keyword::SelfOrigin) => self_matches(url, origin),
        _ => false,
    }
}

/// The first expression of a directive that matches the URL.
pub(super) fn matching_source(
    url: &Url,
    directive: &ParsedDirective<'_>,
    redirect_count: u32,
    context: Context<'_>,
) -> Option<Span> {
    let Context { origin, engine } = context;
    let compatible = directive
        .directive
        .is_some_and(|directive| engine.star_in_directive_covers(directive, url.scheme()));
    let matches = |expression: &SourceExpression<'_>| {
        matches_source_expression(url, expression, origin, redirect_count, engine)
            || compatible && is_star(expression)
    };
    let mut values = directive.values();
    values.find(|value| matches(&engine.source_expression(value.text))).map(|value| value.span)
}

/// The string `*`.
fn is_star(expression: &SourceExpression<'_>) -> bool {
    matches!(
        expression,
        SourceExpression::Host(HostSource { scheme: None, host: "*", port: None, path: None })
    )
}

/// Step 4: `'self'`, with its upgrades to secure schemes. A `blob:` URL has no host and so never matches.
fn self_matches(url: &Url, origin: &SelfOrigin) -> bool {
    let (Some(host), Some(scheme)) = (origin.host(), origin.scheme()) else { return false };
    if url.host_str() != Some(host) || url.port() != origin.port() {
        return false;
    }
    // Both ports are the same, or both are their schemes' defaults, which a URL leaves out.
    let same_origin = scheme == url.scheme() && url.is_special();
    same_origin
        || matches!(url.scheme(), "https" | "wss")
        || scheme == "http" && matches!(url.scheme(), "http" | "ws")
}

/// Step 3.
fn host_source_matches(
    source: &HostSource<'_>,
    url: &Url,
    redirect_count: u32,
    context: Context<'_>,
) -> bool {
    let Context { origin, engine } = context;
    let Some(scheme) = source.scheme.or(origin.scheme()) else { return false };
    let upgraded = !scheme.eq_ignore_ascii_case(url.scheme());
    scheme_part_matches(scheme, url.scheme(), engine)
        && host_part_matches(source.host, url, engine)
        && port_part_matches(source.port, url, upgraded, engine)
        && (redirect_count > 0 || path_part_matches(source.path.unwrap_or_default(), url, engine))
}

/// "`scheme-part` matches" (section 6.7.2.9).
fn scheme_part_matches(a: &str, b: &str, engine: Engine) -> bool {
    let is = |scheme: &str| a.eq_ignore_ascii_case(scheme);
    let http = engine.ws_covers_http();
    is(b)
        || is("http") && b == "https"
        || is("ws") && (b == "wss" || http && matches!(b, "http" | "https"))
        || is("wss") && http && b == "https"
}

/// "`host-part` matches" (section 6.7.2.10).
fn host_part_matches(pattern: &str, url: &Url, engine: Engine) -> bool {
    let Some(host) = url.host_str() else { return false };
    // A domain, not an address and not the opaque host of a URL whose scheme is not special.
    let is_domain = url.is_special() && matches!(url.host(), Some(Host::Domain(_)));
    if !is_domain && !engine.hosts_are_strings() {
        return false;
    }
    match pattern.strip_prefix('*') {
        Some("") => true,
        Some(remaining) => ends_with_ignoring_case(host, remaining),
        None => pattern.eq_ignore_ascii_case(host),
    }
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    start
        .and_then(|start| text.as_bytes().get(start..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
}

/// "`port-part` matches" (section 6.7.2.11). A URL leaves out its scheme's default port.
fn port_part_matches(port: Option<&str>, url: &Url, upgraded: bool, engine: Engine) -> bool {
    let number = match port {
        Some("*") => return true,
        None => return url.port().is_none(),
        Some(digits) => decimal(digits),
    };
    let upgrades = number == 80
        && engine.port_80_upgrades()
        && url.port().is_none()
        && matches!(url.scheme(), "https" | "wss");
    let same = url.port_or_known_default().is_some_and(|port| u32::from(port) == number);
    if engine.upgrades_together() {
        return if upgraded { upgrades || same && number == 443 } else { same };
    }
    same || upgrades
}

/// The number that ASCII digits stand for, as far as ports go: more is not a port, however much more.
fn decimal(digits: &str) -> u32 {
    digits.bytes().fold(0_u32, |number, digit| {
        number.saturating_mul(10).saturating_add(u32::from(digit.wrapping_sub(b'0')))
    })
}

/// "`path-part` matches" (section 6.7.2.12).
fn path_part_matches(a: &str, url: &Url, engine: Engine) -> bool {
    let b = url.path();
    if a.is_empty() || a == "/" && b.is_empty() {
        return true;
    }
    if engine.decodes_whole_path() {
        return decoded_path_matches(a, b);
    }
    let (pieces, exact) = a.strip_suffix('/').map_or((a, true), |directory| (directory, false));
    let mut rest = b.split('/');
    let all = pieces.split('/').all(|piece_a| {
        rest.next().is_some_and(|piece_b| percent_decode(piece_a).eq(percent_decode(piece_b)))
    });
    // A directory's last, empty piece stands for at least one more; a file's path has no more.
    all && rest.next().is_none() == exact
}

/// As engines do that decode first: a prefix if it ends with a slash, else the same.
fn decoded_path_matches(a: &str, b: &str) -> bool {
    let mut b = percent_decode(b);
    let mut last = 0;
    for byte in percent_decode(a) {
        if b.next() != Some(byte) {
            return false;
        }
        last = byte;
    }
    last == b'/' || b.next().is_none()
}

/// "Percent-decode" (URL, section 1.3), byte by byte.
fn percent_decode(text: &str) -> impl Iterator<Item = u8> {
    let mut bytes = text.as_bytes();
    std::iter::from_fn(move || {
        let (&first, rest) = bytes.split_first()?;
        let escaped = match (first, rest) {
            (b'%', [high, low, after @ ..]) => hexadecimal(*high)
                .zip(hexadecimal(*low))
                .map(|(high, low)| (high << 4 | low, after)),
            _ => None,
        };
        let (byte, rest) = escaped.unwrap_or((first, rest));
        bytes = rest;
        Some(byte)
    })
}

const fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(expression: &str, url: &str, engine: Engine) -> bool {
        let origin = "https://a.example".parse().unwrap();
        let expression = SourceExpression::parse(expression);
        matches_source_expression(&url.parse().unwrap(), &expression, &origin, 0, engine)
    }

    #[test]
    fn numbers_too_large_are_no_ports() {
        assert_eq!(decimal("00443"), 443);
        assert_eq!(decimal("99999999999999999999"), u32::MAX);
        assert!(!matches("a.example:4294967739", "https://a.example/", Engine::Spec));
    }

    #[test]
    fn escapes_are_decoded_and_their_like_is_not() {
        assert!(percent_decode("%41%4a%").eq(*b"AJ%"));
        assert!(percent_decode("%4%zz%C3%A9").eq("%4%zzé".bytes()));
    }

    #[test]
    fn chromium_upgrades_scheme_and_port_together() {
        assert!(matches("http://b.example:80", "https://b.example/", Engine::Chromium));
        assert!(matches("http://b.example:443", "https://b.example/", Engine::Chromium));
        assert!(!matches("http://b.example:8000", "https://b.example:8000/", Engine::Chromium));
        assert!(!matches("b.example:80", "https://b.example/", Engine::Chromium));
        assert!(matches("b.example:80", "https://b.example/", Engine::WebKit));
    }
}
