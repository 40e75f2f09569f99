//! What rules over pages have in common.

use url::Url;

use crate::enforce::is_loopback;
use crate::inventory::{Element, elements};
use crate::public_suffix;
use crate::response::{Field, Response};

/// A page with its elements.
pub(super) struct Page<'a> {
    /// Index of its field.
    pub(super) field: usize,
    pub(super) elements: Vec<Element>,
    /// Its own address: where it was fetched, or else its canonical one.
    address: Option<Url>,
    html: &'a str,
}

impl<'a> Page<'a> {
    /// The page of a response, if it is known and one.
    pub(super) fn of(response: &Response<'a>) -> Option<Self> {
        let page = |(index, field): (usize, &Field<'a>)| match *field {
            Field::Page { html, url } => Some((index, html, url)),
            _ => None,
        };
        let (field, html, url) = response.fields.iter().enumerate().find_map(page)?;
        if !response.may_be_html() {
            return None;
        }
        let elements = elements(html, &["*"]);
        let canonical = || {
            let is_it = |it: &&Element| it.name == "link" && has_word(it, "rel", "canonical");
            elements.iter().find(is_it)?.get("href")
        };
        let address = url.or_else(canonical).and_then(|url| Url::parse(url).ok());
        Some(Self { field, elements, address, html })
    }

    /// Whether it names its encoding.
    pub(super) fn names_encoding(&self) -> bool {
        self.html.starts_with('\u{FEFF}')
            || self.elements.iter().any(|it| {
                let is_meta = it.name == "meta";
                is_meta
                    && (it.get("charset").is_some() || it.get("content").is_some_and(has_charset))
            })
    }

    /// Whether an address in the page is one of another site.
    pub(super) fn is_foreign(&self, address: &str) -> bool {
        let Some(url) = absolute(address) else { return false };
        let own = self.address.as_ref().and_then(|own| Some(site(own.host_str()?)));
        url.host_str().is_some_and(|host| own.is_none_or(|own| own != site(host)))
    }
}

fn has_charset(content: &str) -> bool {
    content.to_ascii_lowercase().contains("charset=")
}

/// The domain that was registered for a host; the host itself if it has none.
fn site(host: &str) -> &str {
    public_suffix::ALL.registrable_domain(host).unwrap_or(host)
}

/// A URL in full, or one without its scheme.
pub(super) fn absolute(address: &str) -> Option<Url> {
    let address = address.trim_ascii();
    let url = match address.starts_with("//") {
        true => Url::parse(&format!("https:{address}")),
        false => Url::parse(address),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Whether the address is one over plain HTTP, of a host that is not the visitor's own machine.
pub(super) fn is_plain(address: &str) -> bool {
    absolute(address).is_some_and(|url| url.scheme() == "http" && !is_loopback(&url))
}

/// Whether a list of words in an attribute has this one.
pub(super) fn has_word(element: &Element, attribute: &str, word: &str) -> bool {
    let mut words = element.get(attribute).unwrap_or_default().split_ascii_whitespace();
    words.any(|own| own.eq_ignore_ascii_case(word))
}

/// Whether an attribute has this value, whatever its case.
pub(super) fn is(element: &Element, attribute: &str, value: &str) -> bool {
    element.get(attribute).is_some_and(|own| own.trim_ascii().eq_ignore_ascii_case(value))
}

/// Whether an element can be allowed by a nonce.
pub(super) fn has_nonce(element: &Element) -> bool {
    element.get("nonce").is_some_and(|nonce| !nonce.is_empty())
}

/// What an element fetches as a script or as a style sheet.
pub(super) fn code(element: &Element) -> Option<&str> {
    match element.name.as_str() {
        "script" => element.get("src"),
        "link" if has_word(element, "rel", "stylesheet") => element.get("href"),
        "link" if has_word(element, "rel", "modulepreload") => element.get("href"),
        _ => None,
    }
}

/// What an element fetches by itself.
pub(super) fn fetched(element: &Element) -> Option<&str> {
    let fetches = ["stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"];
    match element.name.as_str() {
        "script" | "img" | "iframe" | "frame" | "embed" | "audio" | "video" | "source"
        | "track" | "input" => element.get("src"),
        "object" => element.get("data"),
        "link" if fetches.iter().any(|rel| has_word(element, "rel", rel)) => element.get("href"),
        _ => None,
    }
}
