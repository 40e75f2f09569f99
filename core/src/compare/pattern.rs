//! Source expressions that match URLs, as patterns that can be compared and intersected (CSP Embedded Enforcement,
//! section 3.3).

use url::Url;

use super::fresh::Fresh;
use crate::csp::{Directive, HostSource, Keyword, SourceExpression};
use crate::enforce::{SelfOrigin, default_port};

/// A scheme, or a scheme and a host: what a host-source, a scheme-source or `'self'` stands for on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern<'a> {
    pub(super) scheme: &'a str,
    /// `None` for the scheme alone.
    pub(super) site: Option<Site<'a>>,
}

/// What follows a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site<'a> {
    /// A host, `*`, or `*.` and a host.
    pub(super) host: &'a str,
    pub(super) port: Port,
    pub(super) path: &'a str,
}

/// A port-part, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Port {
    /// The scheme's.
    Default,
    Any,
    Number(u32),
}

/// What `*` stands for beside the page's own scheme, in Chromium.
const STAR_SCHEMES: [&str; 3] = ["ftp", "ws", "http"];

/// The patterns that an expression stands for in a directive on a page of this origin. Those of no scheme match nothing.
pub(super) fn expand<'a>(
    expression: SourceExpression<'a>,
    directive: Directive,
    origin: &'a SelfOrigin,
) -> Vec<Pattern<'a>> {
    let scheme_alone = |scheme| Pattern { scheme, site: None };
    match expression {
        SourceExpression::Host(HostSource { scheme: None, host: "*", port: None, path: None }) => {
            STAR_SCHEMES.into_iter().chain(origin.scheme()).map(scheme_alone).collect()
        }
        SourceExpression::Scheme(scheme) => vec![scheme_alone(scheme)],
        SourceExpression::Host(host) => of_host(host, origin).into_iter().collect(),
        SourceExpression::Keyword(Keyword::SelfOrigin) => {
            let connects = directive == Directive::ConnectSrc;
            let own = of_origin(origin);
            own.into_iter().chain(own.filter(|_| connects).map(Pattern::of_websockets)).collect()
        }
        _ => Vec::new(),
    }
}

fn of_host<'a>(source: HostSource<'a>, origin: &'a SelfOrigin) -> Option<Pattern<'a>> {
    let port = match source.port {
        None => Port::Default,
        Some("*") => Port::Any,
        Some(digits) => Port::Number(digits.parse().unwrap_or(u32::MAX)),
    };
    let site = Site { host: source.host, port, path: source.path.unwrap_or_default() };
    Some(Pattern { scheme: source.scheme.or(origin.scheme())?, site: Some(site) })
}

fn of_origin(origin: &SelfOrigin) -> Option<Pattern<'_>> {
    let port = origin.port().map_or(Port::Default, |port| Port::Number(port.into()));
    let site = Site { host: origin.host()?, port, path: "" };
    Some(Pattern { scheme: origin.scheme()?, site: Some(site) })
}

impl<'a> Pattern<'a> {
    /// The same for WebSockets.
    fn of_websockets(self) -> Self {
        let scheme = if default_port(self.scheme) == Some(443) { "wss" } else { "ws" };
        Self { scheme, ..self }
    }

    /// Whether it matches every URL that the other does.
    pub(super) fn covers(self, other: Self) -> bool {
        scheme_covers(self.scheme, other.scheme)
            && match (self.site, other.site) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(a), Some(b)) => {
                    host_covers(a.host, b.host)
                        && (b.port != Port::Any || a.port == Port::Any)
                        && port_covers((a.port, self.scheme), (b.port, other.scheme))
                        && path_covers(a.path, b.path)
                }
            }
    }

    /// The ports of what may cover it.
    pub(super) fn covering_ports(self) -> [Port; 5] {
        let own = self.site.map_or(Port::Any, |site| site.port);
        let default = default_port(self.scheme).map_or(own, |port| Port::Number(port.into()));
        [Port::Any, Port::Default, own, default, Port::Number(80)]
    }

    /// What comes first of two of which one covers the other.
    pub(super) fn breadth(self) -> impl Ord + use<> {
        let is_secure = default_port(self.scheme) == Some(443);
        self.site.map(|site| (site.host.len(), site.path.len(), site.port != Port::Any, is_secure))
    }

    /// A source expression that stands for it, if there is one.
    pub(super) fn text(self) -> Option<String> {
        let Some(site) = self.site else { return Some(format!("{}:", self.scheme)) };
        let port = match site.port {
            Port::Default => String::new(),
            Port::Any => ":*".to_owned(),
            Port::Number(number) => format!(":{}", u16::try_from(number).ok()?),
        };
        Some(format!("{}://{}{port}{}", self.scheme, site.host, site.path))
    }

    /// Whether only some paths match.
    pub(super) fn has_path(self) -> bool {
        self.site.is_some_and(|site| !site.path.is_empty())
    }

    /// What it matches after a redirect.
    pub(super) fn without_path(self) -> Self {
        Self { site: self.site.map(|site| Site { path: "", ..site }), ..self }
    }

    /// URLs that it may match: one for each scheme, with a host, port and path of no other pattern's.
    pub(super) fn urls(self, fresh: &Fresh, file: &str) -> Vec<Url> {
        let site = self.site.unwrap_or(Site { host: "*", port: Port::Default, path: "" });
        let host = match site.host.strip_prefix('*') {
            Some("") => fresh.host.clone(),
            Some(parent) => format!("{}{parent}", fresh.word),
            None => site.host.to_owned(),
        };
        let path = match site.path {
            "" => format!("/{file}"),
            directory if directory.ends_with('/') => format!("{directory}{file}"),
            path => path.to_owned(),
        };
        let ports = match site.port {
            Port::Default => vec![String::new()],
            Port::Any => vec![format!(":{}", fresh.port)],
            // Port 80 may stand for an upgrade to 443.
            Port::Number(80) => vec![":80".to_owned(), String::new()],
            Port::Number(number) => vec![format!(":{number}")],
        };
        let texts = schemes(self.scheme).into_iter().flat_map(|scheme| {
            let (host, path) = (&host, &path);
            ports.iter().map(move |port| match self.site {
                None if !NETWORK.contains(&scheme) => format!("{scheme}:{}", fresh.word),
                _ => format!("{scheme}://{host}{port}{path}"),
            })
        });
        texts.filter_map(|text| text.parse().ok()).collect()
    }

    /// What both match in some browser, if there is anything.
    pub(super) fn intersection(self, other: Self) -> Option<Self> {
        let scheme = common_scheme(self.scheme, other.scheme)?;
        let site = match (self.site, other.site) {
            (None, site) | (site, None) => site,
            (Some(a), Some(b)) => Some(Site {
                host: narrower(a.host, b.host, host_covers)?,
                port: common_port((a.port, self.scheme), (b.port, other.scheme), scheme)?,
                path: narrower(a.path, b.path, path_covers)?,
            }),
        };
        Some(Self { scheme, site })
    }
}

/// The schemes whose URLs have a host.
const NETWORK: [&str; 5] = ["https", "http", "wss", "ws", "ftp"];

/// The schemes that one may cover, the most usual first.
fn schemes(scheme: &str) -> Vec<&str> {
    let is = |name: &str| scheme.eq_ignore_ascii_case(name);
    match () {
        () if is("http") => vec!["https", "http", "wss", "ws"],
        () if is("https") => vec!["https", "wss"],
        () if is("ws") => vec!["wss", "ws", "https", "http"],
        () if is("wss") => vec!["wss", "https"],
        () => vec![scheme],
    }
}

fn narrower<'a>(a: &'a str, b: &'a str, covers: fn(&str, &str) -> bool) -> Option<&'a str> {
    if covers(a, b) { Some(b) } else { covers(b, a).then_some(a) }
}

/// Both the same, or the other the secure variant.
fn scheme_covers(a: &str, b: &str) -> bool {
    let are =
        |first: &str, second: &str| a.eq_ignore_ascii_case(first) && b.eq_ignore_ascii_case(second);
    a.eq_ignore_ascii_case(b) || are("http", "https") || are("ws", "wss")
}

/// The narrower scheme. To the specification and WebKit those of WebSockets stand for HTTP, too.
fn common_scheme<'a>(a: &'a str, b: &'a str) -> Option<&'a str> {
    let is = |scheme: &str, name: &str| scheme.eq_ignore_ascii_case(name);
    match () {
        () if scheme_covers(a, b) => Some(b),
        () if scheme_covers(b, a) => Some(a),
        () if is(a, "ws") && is(b, "http") || is(a, "ws") && is(b, "https") => Some(b),
        () if is(b, "ws") && is(a, "http") || is(b, "ws") && is(a, "https") => Some(a),
        () if [a, b].iter().any(|scheme| is(scheme, "wss")) => {
            [a, b].iter().any(|scheme| is(scheme, "http") || is(scheme, "https")).then_some("https")
        }
        () => None,
    }
}

fn host_covers(a: &str, b: &str) -> bool {
    match a.strip_prefix('*') {
        Some(end) => {
            let start = b.len().checked_sub(end.len());
            start
                .and_then(|start| b.get(start..))
                .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        }
        None => a.eq_ignore_ascii_case(b),
    }
}

/// The number that a port stands for in URLs of a scheme.
fn port_number(port: Port, scheme: &str) -> Option<u32> {
    match port {
        Port::Number(number) => Some(number),
        Port::Default | Port::Any => default_port(scheme).map(u32::from),
    }
}

/// Whether a port covers another, each with its scheme. Port 80 of `http:` covers an upgrade to 443.
fn port_covers((a, a_scheme): (Port, &str), (b, b_scheme): (Port, &str)) -> bool {
    let is_default = |port| port_number(Port::Default, b_scheme) == Some(port);
    match (a, b) {
        (Port::Any, _) | (Port::Default, Port::Default) => true,
        // The default is that of the URL's scheme.
        (Port::Default, Port::Number(port)) if is_default(port) => true,
        (Port::Number(port), Port::Default) if is_default(port) => true,
        _ => {
            let may_upgrade = default_port(a_scheme) == Some(80);
            a == b || may_upgrade && is_upgrade(port_number(a, a_scheme), b, b_scheme)
        }
    }
}

fn is_upgrade(from: Option<u32>, to: Port, scheme: &str) -> bool {
    from == Some(80) && port_number(to, scheme) == Some(443)
}

/// What both may allow of URLs of the narrower scheme. To Firefox and WebKit port 80 of `https:` stands for an upgrade, too.
fn common_port(a: (Port, &str), b: (Port, &str), scheme: &str) -> Option<Port> {
    match (a.0, b.0) {
        (port, Port::Any) | (Port::Any, port) => Some(port),
        // A number is narrower than the default.
        (Port::Number(_), Port::Default) if port_covers(b, (a.0, scheme)) => Some(a.0),
        (Port::Number(from), to) if is_upgrade(Some(from), to, scheme) => Some(to),
        (to, Port::Number(from)) if is_upgrade(Some(from), to, scheme) => Some(to),
        _ if port_covers(a, (b.0, scheme)) => Some(b.0),
        _ => port_covers(b, (a.0, scheme)).then_some(a.0),
    }
}

/// Whether a path-part covers another: a directory what is below it, a file itself.
fn path_covers(a: &str, b: &str) -> bool {
    a.is_empty() || a == "/" && b.is_empty() || a == b || a.ends_with('/') && b.starts_with(a)
}
