//! URLs of assets: resolved against their page, told apart into the site's own and others.

use url::{Origin, Url};

/// Stands for an origin that nobody named. The host is reserved (RFC 2606), so that no page can name it by accident.
const PLACEHOLDER: &str = "https://site.invalid/";

/// Where the site will be served, if that is known.
#[derive(Clone, Debug)]
pub struct SiteOrigin {
    root: Url,
    known: bool,
}

/// A text that is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin: expected a scheme and a host, such as `https://shop.example`")]
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
    /// [`OriginError`] if it is not `http` or `https`, or has a path, query, fragment or user.
    pub fn parse(origin: &str) -> Result<Self, OriginError> {
        let error = || OriginError(origin.to_owned());
        let root = Url::parse(origin).map_err(|_| error())?;
        let bare = root.path() == "/" && root.query().is_none() && root.fragment().is_none();
        let nobody = root.username().is_empty() && root.password().is_none();
        if matches!(root.scheme(), "http" | "https") && bare && nobody {
            Ok(Self { root, known: true })
        } else {
            Err(error())
        }
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
        Base { site: self.root.origin(), url }
    }
}

/// What relative URLs are resolved against.
#[derive(Clone, Debug)]
pub(super) struct Base {
    site: Origin,
    url: Url,
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
    pub(super) fn resolve(&self, reference: &str) -> Option<Box<str>> {
        let trimmed = reference.trim_matches(|c: char| c.is_ascii_whitespace());
        if trimmed.is_empty() {
            return None;
        }
        let mut url = self.url.join(trimmed).ok()?;
        url.set_fragment(None);
        match url.scheme() {
            "about" | "javascript" => None,
            "data" => url.as_str().split(',').next().map(Box::from),
            _ if url.origin() == self.site => Some(Box::from(path_and_query(&url))),
            _ => Some(Box::from(url.as_str())),
        }
    }

    /// The address of the page itself.
    pub(super) fn own(&self) -> Box<str> {
        Box::from(path_and_query(&self.url))
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
        origin.page_url(page).resolve(reference).map(String::from)
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

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for bad in ["shop.example", "ftp://a", "https://a/b", "https://u@a", "https://a/?q", ""] {
            assert!(SiteOrigin::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            SiteOrigin::parse("https://A.example:443/").unwrap().serialize().as_deref(),
            Some("https://a.example")
        );
    }
}
