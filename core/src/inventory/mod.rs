//! Front ends: what the pages of a site load and run.
//!
//! [`read_page`] reads one page and [`read_style_sheet`] one CSS file, each on its own, so that the caller may read
//! many at once; [`Inventory::new`] puts them together in an order that does not depend on that.

mod address;
mod css;
mod digest;
mod document;
mod element;
mod elements;
mod encoding;
mod event_handlers;
mod html;
mod model;
mod srcset;

pub use address::{OriginError, SiteOrigin};
pub use digest::sha256;
pub use elements::{Element, elements};
pub use model::{Asset, Content, Inventory, Kind, Page, SCHEMA, ScriptAttributes, StyleSheet};

/// Whether a file of this name is read as a page: HTML, or an SVG image, which is a document of its own.
pub fn is_page(path: &str) -> bool {
    has_extension(path, &["html", "htm", "svg"])
}

/// Whether a file of this name is read as a style sheet.
pub fn is_style_sheet(path: &str) -> bool {
    has_extension(path, &["css"])
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, found)| extensions.iter().any(|known| known.eq_ignore_ascii_case(found)))
}

/// Reads the page at `path`, the absolute and decoded path under which the site serves `bytes`.
///
/// Reading never fails: what a browser would make of broken markup is what counts.
///
/// ```
/// use cspc_core::inventory::{Kind, SiteOrigin, read_page};
/// let page = read_page("/index.html", b"<script>let a;</script>", &SiteOrigin::unknown());
/// let kinds: Vec<Kind> = page.assets.iter().map(|asset| asset.kind).collect();
/// assert_eq!(kinds, [Kind::InlineScript, Kind::Image]); // the image is /favicon.ico, which browsers ask for unasked
/// ```
pub fn read_page(path: &str, bytes: &[u8], origin: &SiteOrigin) -> Page {
    html::read(path, bytes, origin)
}

/// Reads the style sheet that the site serves at `path`.
pub fn read_style_sheet(path: &str, bytes: &[u8], origin: &SiteOrigin) -> StyleSheet {
    let text = encoding::decode_style_sheet(bytes);
    let base = origin.page_url(path);
    let mut positions = crate::text::Positions::new(text.as_bytes());
    let assets = css::references(&text)
        .into_iter()
        .filter_map(|reference| {
            let address = base.resolve(&reference.url)?;
            Some(Asset::at(reference.kind, Content::Url(address), positions.at(reference.offset)))
        })
        .collect();
    StyleSheet { path: path.to_owned(), assets }
}

/// The address by which pages refer to the site's file at the decoded `path`: percent-encoded where a URL has to be.
///
/// ```
/// assert_eq!(&*cspc_core::inventory::address_of("/a b.css"), "/a%20b.css");
/// ```
pub fn address_of(path: &str) -> Box<str> {
    SiteOrigin::unknown().page_url(path).own()
}
