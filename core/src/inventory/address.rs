//! URLs of assets: resolved against their page, told apart into the site's own and others.

use url::Url;

use super::model::Content;
use crate::header::Origin;

/// Stands for an origin that nobody named. The host is reserved (RFC 2606), so that no page can name it by accident.
const PLACEHOLDER: &str = "https://site.invalid/";
/// Begins what stands for an address that reading does not tell. No text has this code point (Unicode, section 23.7).
const UNREAD: char = '\u{FFFF}';

/// What stands in place of an address, or of a text, that the piece of code `code` would give.
pub(super) fn unread(code: &str) -> String {
    format!("{UNREAD}{code}")
}

/// The piece of code that an address or text stands for.
pub(super) fn unread_code(text: &str) -> Option<&str> {
    text.strip_prefix(UNREAD)
}

/// The same, as the content of an asset.
pub(super) fn unread_content(text: &str) -> Option<Content> {
    unread_code(text).map(|code| Content::Code { code: code.to_owned() })
}

/// Where the site will be served, if that is known.
#[derive(Clone, Debug)]
pub struct SiteOrigin {
    root: Url,
    known: bool,
}

/// A text that is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OriginError(String);

impl SiteOrigin {
    /// The origin of a site whose address is not known: links in full to its own host count as foreign.
    ///
    /// # Panics
    /// Never.
    pub fn unknown() -> Self {
        #[expect(clippy::expect_used, reason = "a constant, parsed in every test")]
        let root = Url::parse(PLACEHOLDER).expect("the placeholder is a URL");
        Self { root, known: false }
    }

    /// An origin such as `https://shop.example` or `http://localhost:8080`.
    ///
    /// # Errors
    /// [`OriginError`] as [`Origin::of`] tells it.
    pub fn parse(origin: &str) -> Result<Self, OriginError> {
        let origin = Origin::of(origin).map_err(OriginError)?;
        let root = Url::parse(origin.as_str()).map_err(|error| OriginError(error.to_string()))?;
        Ok(Self { root, known: true })
    }

    /// Whether the site is served over HTTPS, for all that is known.
    pub(crate) fn is_https(&self) -> bool {
        self.root.scheme() == "https"
    }

    /// The origin as text, if it is known.
    pub fn serialize(&self) -> Option<String> {
        self.known.then(|| self.root.origin().ascii_serialization())
    }

    /// The root of the site, or of the placeholder that stands for it.
    pub(crate) const fn root(&self) -> &Url {
        &self.root
    }

    /// The URL of an address as the inventory gives it: an absolute path of the site itself, or a URL in full.
    ///
    /// # Errors
    /// If it is neither.
    ///
    /// ```
    /// use cspc_core::inventory::SiteOrigin;
    /// let origin = SiteOrigin::parse("https://shop.example").unwrap();
    /// assert_eq!(origin.url_of("/a.js?v=1").unwrap().as_str(), "https://shop.example/a.js?v=1");
    /// assert_eq!(origin.url_of("wss://x.example/").unwrap().as_str(), "wss://x.example/");
    /// assert!(origin.url_of("a.js").is_err());
    /// ```
    pub fn url_of(&self, address: &str) -> Result<Url, url::ParseError> {
        if address.starts_with('/') {
            // Joined, `//a` would be a host; the path of a file in a folder without a name is `//a` as well.
            let mut url = self.root.origin().ascii_serialization();
            url.push_str(address);
            return Url::parse(&url);
        }
        Url::parse(address)
    }

    /// The URL of the page or file that is served at the decoded `path`.
    pub(super) fn page_url(&self, path: &str) -> Base {
        let mut url = self.root.clone();
        // `set_path` leaves a `%` alone, as it may begin an escape; in a file's name it is a character of its own.
        url.set_path(&path.replace('%', "%25"));
        Base { site: self.root.clone(), url, known: true }
    }

    /// The base that an address of the inventory is: a path of the site, percent-encoded already, or a URL.
    pub(super) fn base(&self, address: &str) -> Base {
        let url = self.root.join(address).unwrap_or_else(|_| self.root.clone());
        Base { site: self.root.clone(), url, known: true }
    }

    /// What stands in for the URL of a page that is not known.
    pub(super) fn any_page(&self) -> Base {
        Base { site: self.root.clone(), url: self.root.clone(), known: false }
    }

    /// The origin as scripts see it in `location.origin`, or what stands in for it.
    pub(super) fn as_scripts_see_it(&self) -> String {
        self.root.origin().ascii_serialization()
    }
}

/// The address by which pages refer to the site's file at the decoded `path`: percent-encoded where a URL has to be.
///
/// ```
/// assert_eq!(&*cspc_core::inventory::address_of("/a b.css"), "/a%20b.css");
/// ```
pub fn address_of(path: &str) -> Box<str> {
    SiteOrigin::unknown().page_url(path).itself()
}

/// What relative URLs are resolved against.
#[derive(Clone, Debug)]
pub(super) struct Base {
    site: Url,
    url: Url,
    /// Whether it is known; else only absolute references can be resolved.
    known: bool,
}

impl Base {
    /// The base after `<base href>`; unchanged by what is no URL (HTML, "set the frozen base URL").
    pub(super) fn rebase(&mut self, href: &str) {
        if let Ok(url) = self.url.join(href)
            && !matches!(url.scheme(), "data" | "javascript")
        {
            self.url = url;
        }
    }

    /// The asset's address as the inventory gives it, or `None` if nothing is fetched.
    pub(super) fn resolve(&self, reference: &str) -> Option<Content> {
        if let Some(unknown) = unread_content(reference) {
            return Some(unknown);
        }
        let trimmed = reference.trim_matches(|c: char| c.is_ascii_whitespace());
        let is_rooted = trimmed.starts_with(['/', '\\']);
        let parsed = Url::parse(trimmed);
        let is_relative = matches!(parsed, Err(url::ParseError::RelativeUrlWithoutBase));
        if self.known || is_rooted || !is_relative {
            return self.address(trimmed).map(Content::Url);
        }
        let relative = trimmed.split('#').next().filter(|relative| !relative.is_empty())?;
        Some(Content::Relative { relative: Box::from(relative) })
    }

    fn address(&self, reference: &str) -> Option<Box<str>> {
        let trimmed = reference.trim_matches(|c: char| c.is_ascii_whitespace());
        if trimmed.is_empty() {
            return None;
        }
        let mut url = self.url.join(trimmed).ok()?;
        url.set_fragment(None);
        match url.scheme() {
            "about" | "javascript" => None,
            "data" => url.as_str().split(',').next().map(Box::from),
            _ if self.is_own(&url) => Some(Box::from(path_and_query(&url))),
            _ => Some(Box::from(url.as_str())),
        }
    }

    /// Whether a URL is of the site itself. Web sockets of its host are, as they are to a policy's `'self'` (CSP Level 3,
    /// section 6.7.2.8).
    fn is_own(&self, url: &Url) -> bool {
        let is_socket = matches!(url.scheme(), "ws" | "wss");
        let same_host = || {
            url.host() == self.site.host()
                && url.port_or_known_default() == self.site.port_or_known_default()
        };
        url.origin() == self.site.origin() || is_socket && same_host()
    }

    /// Whether `specifier` names a module by its URL (HTML, "resolve a URL-like module specifier").
    pub(super) fn is_url_like(specifier: &str) -> bool {
        ["/", "./", "../"].iter().any(|start| specifier.starts_with(start))
            || Url::parse(specifier).is_ok()
    }

    /// The address of the page itself.
    pub(super) fn own(&self) -> Content {
        if self.known {
            Content::Url(self.itself())
        } else {
            Content::Relative { relative: Box::from("") }
        }
    }

    /// The address that it is itself.
    pub(super) fn itself(&self) -> Box<str> {
        Box::from(if self.is_own(&self.url) {
            path_and_query(&self.url)
        } else {
            self.url.as_str()
        })
    }

    /// The serialized URL if it is a `javascript:` one.
    pub(super) fn javascript(&self, reference: &str) -> Option<String> {
        let trimmed =
            reference.trim_matches(|c: char| c.is_ascii_whitespace() || c.is_ascii_control());
        let scheme = trimmed.get(..11)?;
        // Browsers drop tabs and newlines inside the scheme too; the parser below decides, this only spares work.
        if !scheme.starts_with(['j', 'J']) {
            return None;
        }
        Url::parse(trimmed).ok().filter(|url| url.scheme() == "javascript").map(String::from)
    }
}

fn path_and_query(url: &Url) -> &str {
    &url[url::Position::BeforePath..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(page: &str, reference: &str) -> Option<String> {
        let origin = SiteOrigin::parse("https://shop.example").unwrap();
        match origin.page_url(page).resolve(reference)? {
            Content::Url(url) => Some(String::from(url)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_sites_own_urls_are_paths() {
        assert_eq!(resolve("/a/b.html", "c.js?v=1#x").as_deref(), Some("/a/c.js?v=1"));
        assert_eq!(resolve("/a b%41.html", "c.js").as_deref(), Some("/c.js"));
        assert_eq!(resolve("/a", "HTTPS://SHOP.example:443/x").as_deref(), Some("/x"));
        assert_eq!(resolve("/a", "//cdn.example/x").as_deref(), Some("https://cdn.example/x"));
        assert_eq!(
            resolve("/a", "http://shop.example/x").as_deref(),
            Some("http://shop.example/x")
        );
    }

    #[test]
    fn what_is_not_fetched_has_no_address() {
        for nothing in ["", "  ", "about:blank", "javascript:void 0", "http://[bad"] {
            assert_eq!(resolve("/", nothing), None, "{nothing}");
        }
        assert_eq!(
            resolve("/", "data:image/png;base64,AAAA").as_deref(),
            Some("data:image/png;base64")
        );
    }
}
