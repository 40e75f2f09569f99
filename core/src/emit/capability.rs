//! What each server can do: the one table that the emitters, the command line and the documentation read.

use std::fmt;

use super::version::Version;

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
    /// Rules by the request's `Origin`.
    Origins,
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
    /// Refusing requests of other sites.
    Guards,
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
    Adds, Cookies, Defaults, Guards, Nonces, Origins, Redirect, Removes, Replaces, Schemes,
    Statuses, Suffix, Tokens, Types,
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
        Tokens, Nonces, Guards, Origins,
    ],
    no_nonce: "",
};

const APACHE: Capability = Capability {
    name: "apache",
    files: &["main.conf", "server.conf"],
    since: Some(Version::new(2, 4, 10)),
    features: &[
        Suffix, Types, Statuses, Schemes, Defaults, Adds, Removes, Replaces, Cookies, Redirect,
        Tokens, Guards, Origins,
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
                    Redirect, Guards, Origins,
                ],
                ..APACHE
            },
            Self::Caddy => Capability {
                name: "caddy",
                files: &["Caddyfile"],
                since: Some(Version::new(2, 6, 2)),
                features: &[
                    Suffix, Schemes, Defaults, Adds, Removes, Replaces, Cookies, Redirect, Tokens,
                    Nonces, Guards, Origins,
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
                    Redirect, Tokens, Guards, Origins,
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

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_has_a_name_and_files_of_its_own() {
        let mut names: Vec<&str> = Server::ALL.iter().map(|server| server.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Server::ALL.len());
        assert!(Server::ALL.iter().all(|server| !server.capability().files.is_empty()));
    }
}
