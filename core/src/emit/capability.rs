//! What each server can do: the one table that the emitters, the command line and the documentation read.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::EmitError;
use super::lines::{Change, Site};
use crate::diagnostic::{Confidence, Finding, Severity};
use crate::plan::{NONCE_SOURCE, Op, Plan, Scheme, ServerTokens};

/// A server's version: up to three numbers, as in `1.22` or `2.6.12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version([u16; 3]);

impl Version {
    /// A version by its numbers.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self([major, minor, patch])
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}")?;
        if *patch > 0 { write!(f, ".{patch}") } else { Ok(()) }
    }
}

impl FromStr for Version {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = [0; 3];
        let mut places = numbers.iter_mut();
        for part in text.split('.') {
            *places.next().ok_or(())? = part.parse().map_err(|_error| ())?;
        }
        Ok(Self(numbers))
    }
}

/// How a file's comments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comment {
    /// `# …`
    Hash,
    /// `<!-- … -->`
    Markup,
    /// The format has none.
    None,
}

/// What of a plan a server can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Rules by the end of a path.
    Suffix,
    /// Rules by media type.
    Types,
    /// Rules by status.
    Statuses,
    /// Headers over one scheme only.
    Schemes,
    /// A header only if the application sent none.
    Defaults,
    /// Further lines of one name.
    Adds,
    /// Taking headers away.
    Removes,
    /// Replacing what an application sends.
    Replaces,
    /// Attributes for every cookie.
    Cookies,
    /// Plain HTTP to HTTPS.
    Redirect,
    /// Hiding the server's version.
    Tokens,
    /// A nonce that nobody can guess.
    Nonces,
}

/// A back end: one row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Capability {
    /// Its name on the command line.
    pub name: &'static str,
    /// The names of all files that it may write, left-out ones included.
    pub files: &'static [&'static str],
    /// How they are commented.
    pub comment: Comment,
    /// The oldest version that the files are for.
    pub since: Option<Version>,
    /// The longest value of a header, in bytes.
    pub value_bytes: Option<usize>,
    /// The most rules.
    pub rules: Option<usize>,
    /// What it can do.
    pub features: &'static [Feature],
    /// Why it has no nonces that a plan could use.
    pub no_nonce: &'static str,
}

impl Capability {
    /// Whether it can do this.
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }
}

use Feature::{
    Adds, Cookies, Defaults, Nonces, Redirect, Removes, Replaces, Schemes, Statuses, Suffix,
    Tokens, Types,
};

const NGINX: Capability = Capability {
    name: "nginx",
    files: &["http.conf", "server.conf", "location.conf"],
    comment: Comment::Hash,
    since: Some(Version::new(1, 19, 3)),
    value_bytes: None,
    rules: None,
    features: &[
        Suffix, Types, Statuses, Schemes, Defaults, Adds, Removes, Replaces, Cookies, Redirect,
        Tokens, Nonces,
    ],
    no_nonce: "",
};

const APACHE: Capability = Capability {
    name: "apache",
    files: &["main.conf", "server.conf"],
    since: Some(Version::new(2, 4, 10)),
    features: &[
        Suffix, Types, Statuses, Schemes, Defaults, Adds, Removes, Replaces, Cookies, Redirect,
        Tokens,
    ],
    no_nonce: "its unique id is a counter, which the next visitor can guess: let the application make the nonce, or \
               allow inline code by its hash",
    ..NGINX
};

const HOST: Capability = Capability {
    name: "",
    files: &[],
    comment: Comment::Hash,
    since: None,
    value_bytes: None,
    rules: None,
    features: &[],
    no_nonce: "it sends the same bytes to everybody: allow inline code by its hash",
};

/// The back ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Server {
    /// nginx.
    Nginx,
    /// nginx with the headers-more module.
    NginxHeadersMore,
    /// Apache httpd, in its configuration.
    Apache,
    /// Apache httpd, in the folder of pages.
    Htaccess,
    /// Caddy.
    Caddy,
    /// HAProxy.
    Haproxy,
    /// lighttpd.
    Lighttpd,
    /// Netlify's `_headers`.
    Netlify,
    /// The `_headers` of Cloudflare Pages and Workers.
    Cloudflare,
    /// Vercel.
    Vercel,
    /// Firebase Hosting.
    Firebase,
    /// Microsoft IIS.
    Iis,
    /// Traefik.
    Traefik,
    /// Envoy.
    Envoy,
    /// The Gateway API and ingress-nginx.
    Kubernetes,
    /// AWS CloudFront, by Terraform.
    Cloudfront,
    /// `<meta>` elements.
    Meta,
    /// The plan itself, as JSON.
    Json,
}

impl Server {
    /// Every back end.
    pub const ALL: [Self; 18] = [
        Self::Nginx,
        Self::NginxHeadersMore,
        Self::Apache,
        Self::Htaccess,
        Self::Caddy,
        Self::Haproxy,
        Self::Lighttpd,
        Self::Netlify,
        Self::Cloudflare,
        Self::Vercel,
        Self::Firebase,
        Self::Iis,
        Self::Traefik,
        Self::Envoy,
        Self::Kubernetes,
        Self::Cloudfront,
        Self::Meta,
        Self::Json,
    ];

    /// The longest value of a header of this name, in bytes. Cloudflare counts the whole line.
    ///
    /// ```
    /// use cspc_core::emit::Server;
    /// assert_eq!(Server::Kubernetes.longest_value("Server"), Some(4096));
    /// assert_eq!(Server::Cloudflare.longest_value("Server"), Some(1990));
    /// assert_eq!(Server::Nginx.longest_value("Server"), None);
    /// ```
    pub fn longest_value(self, name: &str) -> Option<usize> {
        let rest = if self == Self::Cloudflare { "  : ".len() + name.len() } else { 0 };
        self.capability().value_bytes.map(|limit| limit.saturating_sub(rest))
    }

    /// Its row.
    pub const fn capability(self) -> Capability {
        match self {
            Self::Nginx => NGINX,
            Self::NginxHeadersMore => Capability { name: "nginx-headers-more", ..NGINX },
            Self::Apache => APACHE,
            Self::Htaccess => Capability {
                name: "htaccess",
                files: &[".htaccess"],
                features: &[
                    Suffix, Types, Statuses, Schemes, Defaults, Adds, Removes, Replaces, Cookies,
                    Redirect,
                ],
                ..APACHE
            },
            Self::Caddy => Capability {
                name: "caddy",
                files: &["Caddyfile"],
                since: Some(Version::new(2, 6, 2)),
                features: &[
                    Suffix, Schemes, Defaults, Adds, Removes, Replaces, Cookies, Redirect, Tokens,
                    Nonces,
                ],
                ..NGINX
            },
            Self::Haproxy => Capability {
                name: "haproxy",
                files: &["frontend.cfg"],
                since: Some(Version::new(2, 6, 0)),
                // Its buffer of 16,384 bytes holds the whole head.
                value_bytes: Some(15_000),
                features: &[
                    Suffix, Types, Statuses, Schemes, Defaults, Adds, Removes, Replaces, Cookies,
                    Redirect, Tokens,
                ],
                no_nonce: "it cannot change pages: let the application make the nonce, or allow inline code by its hash",
                ..NGINX
            },
            Self::Lighttpd => Capability {
                name: "lighttpd",
                files: &["lighttpd.conf"],
                since: Some(Version::new(1, 4, 50)),
                features: &[Suffix, Schemes, Adds, Removes, Replaces, Redirect, Tokens],
                no_nonce: "it cannot change pages: let the application make the nonce, or allow inline code by its hash",
                ..NGINX
            },
            Self::Netlify => Capability {
                name: "netlify",
                files: &["_headers"],
                features: &[Suffix, Adds],
                ..HOST
            },
            Self::Cloudflare => Capability {
                name: "cloudflare",
                files: &["_headers"],
                // A line of 2,000 characters also holds the name, a colon and three spaces.
                value_bytes: Some(2000),
                rules: Some(100),
                features: &[Suffix, Adds, Removes],
                ..HOST
            },
            Self::Vercel => Capability {
                name: "vercel",
                files: &["vercel.json"],
                comment: Comment::None,
                value_bytes: Some(32_768),
                rules: Some(2048),
                features: &[Suffix, Adds],
                ..HOST
            },
            Self::Firebase => Capability {
                name: "firebase",
                files: &["firebase.json"],
                comment: Comment::None,
                features: &[Suffix, Adds],
                ..HOST
            },
            Self::Iis => Capability {
                name: "iis",
                files: &["web.config"],
                comment: Comment::Markup,
                since: Some(Version::new(10, 0, 0)),
                features: &[Schemes, Adds, Removes, Redirect, Tokens],
                ..HOST
            },
            Self::Traefik => Capability {
                name: "traefik",
                files: &["traefik.yml"],
                since: Some(Version::new(3, 0, 0)),
                features: &[Suffix, Schemes, Adds, Removes, Replaces, Redirect],
                ..HOST
            },
            Self::Envoy => Capability {
                name: "envoy",
                files: &["envoy.yaml"],
                since: Some(Version::new(1, 27, 0)),
                features: &[Suffix, Adds, Removes, Replaces, Redirect],
                ..HOST
            },
            Self::Kubernetes => Capability {
                name: "kubernetes",
                files: &["gateway.yaml", "ingress-nginx.yaml"],
                value_bytes: Some(4096),
                features: &[Adds, Removes, Replaces],
                ..HOST
            },
            Self::Cloudfront => Capability {
                name: "cloudfront",
                files: &["cloudfront.tf"],
                value_bytes: Some(1783),
                features: &[Suffix, Adds, Removes, Replaces],
                ..HOST
            },
            Self::Meta => Capability {
                name: "meta",
                files: &["meta.html"],
                comment: Comment::Markup,
                features: &[Suffix, Adds],
                ..HOST
            },
            Self::Json => Capability {
                name: "json",
                files: &["plan.json"],
                comment: Comment::None,
                features: NGINX.features,
                ..HOST
            },
        }
    }

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        self.capability().name
    }
}

/// Checks that the server can do what the plan says of headers, and says what it leaves out beside them.
pub(super) fn check(
    plan: &Plan,
    site: &Site<'_>,
    server: Server,
) -> Result<Vec<Finding>, EmitError> {
    check_nonces(plan, site, server)?;
    for header in &site.headers {
        // What is to be hidden is a finding where it cannot be.
        let hidden = |change: &Change<'_>| {
            change.op == Op::Remove
                && change.is_always()
                && plan.hide.iter().any(|name| name.as_str().eq_ignore_ascii_case(header.name))
        };
        for (index, change) in header.changes.iter().enumerate().filter(|(_, c)| !hidden(c)) {
            let asked = Asked { site, server, name: header.name, change, is_first: index == 0 };
            asked.check()?;
        }
    }
    Ok(left_out(plan, server))
}

/// A nonce that is the same in each response would protect nothing.
fn check_nonces(plan: &Plan, site: &Site<'_>, server: Server) -> Result<(), EmitError> {
    let mut changes = site.headers.iter().flat_map(|header| &header.changes);
    if !changes.any(|change| change.value.contains(NONCE_SOURCE)) {
        return Ok(());
    }
    let capability = server.capability();
    match (&plan.nonce, capability.has(Nonces)) {
        (Some(_), true) => Ok(()),
        (None, _) => Err(EmitError::NoNonceText),
        (_, false) => Err(EmitError::NoNonce { server, why: capability.no_nonce }),
    }
}

/// A change of a header, asked of a server.
struct Asked<'a> {
    site: &'a Site<'a>,
    server: Server,
    name: &'a str,
    change: &'a Change<'a>,
    is_first: bool,
}

impl Asked<'_> {
    fn check(&self) -> Result<(), EmitError> {
        self.check_place()?;
        let op = self.change.op;
        self.needs(
            op == Op::Default && !self.is_plain_default(),
            Defaults,
            "`default`",
            "use `set`",
        )?;
        self.needs(op == Op::Add, Adds, "`add`", "join the values with commas")?;
        self.needs(
            op == Op::Remove,
            Removes,
            "`remove`",
            "set the header only where it is wanted, or take it out of the application",
        )?;
        let limit = self.server.capability().value_bytes.unwrap_or(usize::MAX);
        if self.change.value.len() > limit {
            let bytes = self.change.value.len();
            return Err(EmitError::ValueTooLong {
                name: self.name.to_owned(),
                server: self.server,
                bytes,
                limit,
            });
        }
        Ok(())
    }

    fn check_place(&self) -> Result<(), EmitError> {
        let Some(place) = self.site.place(self.change) else { return Ok(()) };
        let in_front =
            "put a server that can in front, such as nginx or HAProxy, or take the condition out";
        self.needs(!place.types.is_empty(), Types, "the media type", in_front)?;
        self.needs(place.status.is_some(), Statuses, "the status", in_front)?;
        self.needs(
            place.has_suffix(),
            Suffix,
            "the end of a path",
            "name the paths, or a folder, instead",
        )
    }

    /// A host of files sends no header of its own that a default would have to spare.
    fn is_plain_default(&self) -> bool {
        self.is_first && !self.server.capability().has(Replaces)
    }

    fn needs(
        &self,
        asked: bool,
        feature: Feature,
        what: &'static str,
        help: &'static str,
    ) -> Result<(), EmitError> {
        if !asked || self.server.capability().has(feature) {
            return Ok(());
        }
        let place = self.site.place(self.change).map(|place| place.rule);
        Err(EmitError::Unsupported {
            server: self.server,
            name: self.name.to_owned(),
            rule: place,
            what,
            help,
        })
    }
}

/// What is not about headers of a rule, and does not stop the rest from being right.
fn left_out(plan: &Plan, server: Server) -> Vec<Finding> {
    let has = |feature| server.capability().has(feature);
    let http = |scheme: Option<Scheme>| scheme == Some(Scheme::Http);
    let over_http = plan
        .rules
        .iter()
        .any(|r| http(r.matches.scheme) || r.headers.iter().any(|h| http(h.scheme)));
    let https = |scheme: Option<Scheme>| scheme == Some(Scheme::Https);
    let over_https = plan
        .rules
        .iter()
        .any(|r| https(r.matches.scheme) || r.headers.iter().any(|h| https(h.scheme)));
    let table: [(bool, Feature, &str, &str); 7] = [
        (
            !plan.cookies.is_empty(),
            Cookies,
            "cannot change cookies: `cookies` is left out",
            "set Secure, HttpOnly and SameSite where the application makes the cookie",
        ),
        (
            plan.https_redirect.is_some(),
            Redirect,
            "cannot redirect to HTTPS from this file: `https_redirect` is left out",
            "turn the redirect on in the host's settings, or in the server in front",
        ),
        (
            plan.server_tokens == Some(ServerTokens::Off),
            Tokens,
            "cannot hide a version from this file: `server_tokens` is left out",
            "set it in the main configuration; hosts of files do not name a version",
        ),
        (
            !plan.hide.is_empty(),
            Removes,
            "cannot take headers away: `hide` is left out",
            "turn those headers off where the application makes them",
        ),
        (
            over_https && matches!(server, Server::Envoy | Server::Kubernetes),
            Schemes,
            "cannot tell HTTP from HTTPS: what is for HTTPS alone goes out over both",
            "let the plain listener do nothing but redirect",
        ),
        (
            over_http,
            Schemes,
            "cannot tell HTTP from HTTPS: what is for HTTP alone is left out",
            "such hosts redirect plain HTTP before they answer",
        ),
        (
            plan.rules.iter().any(|rule| !rule.headers.is_empty()) && server != Server::Meta,
            Replaces,
            "does not replace what functions and applications behind it send",
            "let them send none of these headers, or the client gets two lines",
        ),
    ];
    let missing = table.into_iter().filter(|(asked, feature, ..)| *asked && !has(*feature));
    missing.map(|(_, _, message, help)| finding(server, message, help)).collect()
}

/// What a back end has to say about what it wrote.
pub(super) fn finding(
    server: Server,
    message: &str,
    help: impl Into<Cow<'static, str>>,
) -> Finding {
    Finding {
        rule: Cow::Borrowed("emit/left-out"),
        severity: Severity::Low,
        confidence: Confidence::High,
        header: None,
        directive: None,
        value: None,
        message: format!("{server} {message}"),
        help: help.into(),
        fix: None,
        location: None,
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert_eq!(version("1.22"), Version::new(1, 22, 0));
        assert!(version("1.29.3") > version("1.22.1"));
        assert_eq!(version("1.29.3").to_string(), "1.29.3");
        for bad in ["", "x", "1.2.3.4", "1..2", "-1"] {
            assert!(bad.parse::<Version>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_server_has_a_name_and_files_of_its_own() {
        let mut names: Vec<&str> = Server::ALL.iter().map(|server| server.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Server::ALL.len());
        assert!(Server::ALL.iter().all(|server| !server.capability().files.is_empty()));
    }
}
