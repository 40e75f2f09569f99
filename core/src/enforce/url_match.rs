//! URL matching (section 6.7.2), without allocation.

use url::{Host, Url};

use super::engine::Engine;
use super::path_match::{path_part_matches, percent_decode};
use super::request::SelfOrigin;
use crate::csp::{HostSource, Keyword, SourceExpression};

/// Whose list it is: the origin it is relative to, and the browser that reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) origin: &'a SelfOrigin,
    pub(super) engine: Engine,
}

/// A URL as it is matched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    url: &'a Url,
    scheme: &'a str,
    /// Whether the URL's origin alone is meant, whose path is `/`.
    origin_alone: bool,
    /// Whether redirects led to it, after which paths do not count.
    redirected: bool,
    /// Whether a frame is navigated, which one engine matches by other code.
    navigation: bool,
    /// Whether it is asked in another process, for which one engine reads policies anew.
    other_process: bool,
}

impl<'a> Target<'a> {
    pub(super) fn new(url: &'a Url, redirect_count: u32) -> Self {
        let redirected = redirect_count > 0;
        let scheme = url.scheme();
        let [origin_alone, navigation, other_process] = [false; 3];
        Self { url, scheme, origin_alone, redirected, navigation, other_process }
    }

    /// The URL's origin alone; none if the URL has no host.
    pub(super) fn origin_of(url: &'a Url) -> Option<Self> {
        url.host()?;
        Some(Self { origin_alone: true, ..Self::new(url, 0) })
    }

    /// As it is upgraded (Upgrade Insecure Requests, section 4.1). A port that is not the scheme's stays.
    pub(super) fn upgraded(self) -> Self {
        Self { scheme: upgraded_scheme(self.url), ..self }
    }

    /// Where a frame is navigated to, if it is.
    pub(super) const fn navigating(self, navigation: bool) -> Self {
        Self { navigation, ..self }
    }

    /// As it is asked in another process, if it is.
    pub(super) const fn in_other_process(self, other_process: bool) -> Self {
        Self { other_process, ..self }
    }

    pub(super) const fn is_in_other_process(self) -> bool {
        self.other_process
    }

    /// Whether an expression is read anew for it, decoded.
    pub(super) fn reads_decoded(self, source: &HostSource<'_>, engine: Engine) -> bool {
        self.other_process && has_escapes_to_decode(source, engine)
    }

    /// With a path that counts though redirects led to it.
    pub(super) const fn with_path(self) -> Self {
        Self { redirected: false, ..self }
    }

    /// With a path that does not count.
    pub(super) const fn without_path(self) -> Self {
        Self { redirected: true, ..self }
    }

    pub(super) const fn scheme(self) -> &'a str {
        self.scheme
    }

    pub(super) fn path(self) -> &'a str {
        if self.origin_alone { "/" } else { self.url.path() }
    }

    pub(super) const fn is_redirected(self) -> bool {
        self.redirected
    }

    pub(super) fn host(self) -> Option<&'a str> {
        self.url.host_str()
    }

    /// The host, if a `host-part` may match it.
    pub(super) fn compared_host(self, engine: Engine) -> Option<&'a str> {
        self.host().filter(|_| engine.hosts_are_strings() || self.has_domain())
    }

    /// The port, where it is not the scheme's default.
    pub(super) fn port(self) -> Option<u16> {
        self.url.port()
    }

    fn port_number(self) -> Option<u16> {
        self.port().or_else(|| default_port(self.scheme))
    }

    /// As Firefox compares ports, whose expressions have one in any case.
    fn has_port_of_source(self, expected: Option<u32>) -> bool {
        let actual = self.port_number().map(u32::from);
        expected == actual || expected == Some(80) && actual == Some(443)
    }

    /// Whether its host is a domain: not an address, and not the opaque host of a URL whose scheme is not special.
    fn has_domain(self) -> bool {
        self.url.is_special() && matches!(self.url.host(), Some(Host::Domain(_)))
    }
}

/// The scheme of a URL as it is upgraded: what is trustworthy already, as a loopback address is, stays.
pub(crate) fn upgraded_scheme(url: &Url) -> &str {
    match url.scheme() {
        scheme if is_loopback(url) => scheme,
        "http" => "https",
        "ws" => "wss",
        other => other,
    }
}

/// Whether a URL's host is the machine itself (Secure Contexts, section 3.1).
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The port of a scheme that has one (URL, section 4.2).
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    let is = |name: &str| scheme.eq_ignore_ascii_case(name);
    match () {
        () if is("https") || is("wss") => Some(443),
        () if is("http") || is("ws") => Some(80),
        () if is("ftp") => Some(21),
        () => None,
    }
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
    matches_expression(Target::new(url, redirect_count), expression, Context { origin, engine })
}

/// The same, for whatever is matched.
pub(super) fn matches_expression(
    target: Target<'_>,
    expression: &SourceExpression<'_>,
    context: Context<'_>,
) -> bool {
    match expression {
        star if is_star(star) => context.star_covers(target),
        SourceExpression::Scheme(scheme) => {
            scheme_part_matches(scheme, target.scheme, context.engine)
        }
        SourceExpression::Host(host) if target.reads_decoded(host, context.engine) => {
            decoded_matches(&decoded(host), target, context)
        }
        SourceExpression::Host(host) => host_source_matches(host, target, context),
        SourceExpression::Keyword(Keyword::SelfOrigin) => self_matches(target, context),
        _ => false,
    }
}

impl Context<'_> {
    /// Step 1: what `*` alone covers.
    pub(super) fn star_covers(self, target: Target<'_>) -> bool {
        self.engine.star_covers(target.scheme, self.origin.scheme())
    }
}

/// The string `*`.
pub(super) fn is_star(expression: &SourceExpression<'_>) -> bool {
    matches!(
        expression,
        SourceExpression::Host(HostSource { scheme: None, host: "*", port: None, path: None })
    )
}

/// Step 4: `'self'`, with its upgrades to secure schemes. A `blob:` URL has no host and so never matches.
pub(super) fn self_matches(target: Target<'_>, context: Context<'_>) -> bool {
    let origin = context.origin;
    let (Some(host), Some(own_scheme)) = (origin.host(), origin.scheme()) else { return false };
    if target.host() != Some(host) || !self_port_matches(target, own_scheme, context) {
        return false;
    }
    // Both ports are the same, or both are their schemes' defaults, which a URL leaves out.
    let same_origin = own_scheme == target.scheme && target.url.is_special();
    same_origin
        || matches!(target.scheme, "https" | "wss")
        || own_scheme == "http" && matches!(target.scheme, "http" | "ws")
}

/// Whether the port is that of `'self'`.
fn self_port_matches(target: Target<'_>, own_scheme: &str, context: Context<'_>) -> bool {
    let Context { origin, engine } = context;
    let number = || origin.port().or_else(|| default_port(own_scheme));
    if engine.default_port_of_source() {
        return target.has_port_of_source(number().map(u32::from));
    }
    let numbers_count = engine.two_matchers() && !target.navigation;
    target.port() == origin.port() || numbers_count && target.port_number() == number()
}

/// Step 3.
pub(super) fn host_source_matches(
    source: &HostSource<'_>,
    target: Target<'_>,
    context: Context<'_>,
) -> bool {
    host_part_matches(source.host, target, context.engine)
        && matches_beside_host(source, target, context)
}

/// Step 3 of an expression whose `host-part` matches.
pub(super) fn matches_beside_host(
    source: &HostSource<'_>,
    target: Target<'_>,
    context: Context<'_>,
) -> bool {
    let Context { origin, engine } = context;
    let Some(scheme) = source.scheme.or(origin.scheme()) else { return false };
    scheme_part_matches(scheme, target.scheme, engine)
        && port_part_matches(source.port, scheme, target, engine)
        && (target.redirected
            || path_part_matches(source.path.unwrap_or_default(), target.path(), engine))
}

/// Whether it is other text once its path is decoded, in an engine that reads that text.
pub(super) fn has_escapes_to_decode(source: &HostSource<'_>, engine: Engine) -> bool {
    engine.other_process_reads_decoded() && source.path.is_some_and(|path| path.contains('%'))
}

/// Its text with the path decoded.
pub(super) fn decoded(source: &HostSource<'_>) -> String {
    let bytes: Vec<u8> = percent_decode(&source.to_string()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether an expression matches of those that such a text holds, with its spaces. What follows `;` is not regarded,
/// which would be another directive.
pub(super) fn decoded_matches(text: &str, target: Target<'_>, context: Context<'_>) -> bool {
    let list = text.split(';').next().unwrap_or_default();
    let target = target.in_other_process(false);
    list.split_ascii_whitespace()
        .any(|word| matches_expression(target, &context.engine.source_expression(word), context))
}

/// "`scheme-part` matches" (section 6.7.2.9).
pub(super) fn scheme_part_matches(a: &str, b: &str, engine: Engine) -> bool {
    let is = |scheme: &str| a.eq_ignore_ascii_case(scheme);
    let http = engine.ws_covers_http();
    is(b)
        || is("http") && b == "https"
        || is("ws") && (b == "wss" || http && matches!(b, "http" | "https"))
        || is("wss") && http && b == "https"
}

/// "`host-part` matches" (section 6.7.2.10).
fn host_part_matches(pattern: &str, target: Target<'_>, engine: Engine) -> bool {
    let Some(host) = target.compared_host(engine) else { return false };
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
fn port_part_matches(port: Option<&str>, scheme: &str, target: Target<'_>, engine: Engine) -> bool {
    if engine.default_port_of_source() && port != Some("*") {
        // The digits are compared as text, so that none may be spare.
        let spare = port.is_some_and(|digits| digits.starts_with('0') && digits != "0");
        let number = port.map(decimal).or_else(|| default_port(scheme).map(u32::from));
        return !spare && target.has_port_of_source(number);
    }
    let number = match port {
        Some("*") => return true,
        None => return target.port().is_none(),
        Some(digits) => decimal(digits),
    };
    let upgrades = number == 80
        && engine.port_80_upgrades()
        && target.port().is_none()
        && matches!(target.scheme, "https" | "wss");
    let same = target.port_number().is_some_and(|port| u32::from(port) == number);
    if engine.upgrades_together() {
        let upgraded = !scheme.eq_ignore_ascii_case(target.scheme);
        let https = number == 443 && !(engine.two_matchers() && target.navigation);
        return if upgraded { upgrades || same && https } else { same };
    }
    same || upgrades
}

/// The number that ASCII digits stand for, as far as ports go: more is not a port, however much more.
pub(super) fn decimal(digits: &str) -> u32 {
    digits.bytes().fold(0_u32, |number, digit| {
        number.saturating_mul(10).saturating_add(u32::from(digit.wrapping_sub(b'0')))
    })
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
    fn chromium_upgrades_scheme_and_port_together() {
        assert!(matches("http://b.example:80", "https://b.example/", Engine::Chromium));
        assert!(matches("http://b.example:443", "https://b.example/", Engine::Chromium));
        assert!(!matches("http://b.example:8000", "https://b.example:8000/", Engine::Chromium));
        assert!(!matches("b.example:80", "https://b.example/", Engine::Chromium));
        assert!(matches("b.example:80", "https://b.example/", Engine::WebKit));
    }
}
