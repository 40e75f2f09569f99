//! Reads the files of a site.

use super::address::SiteOrigin;
use super::css;
use super::digest::sha256;
use super::document::Document;
use super::encoding::{self, Decode};
use super::javascript::{self, Goal};
use super::manifest::{self, Image};
use super::memo::Memo;
use super::model::{File, Kind, Page, Source};
use super::role::Role;

/// Reads the pages, style sheets and scripts of one site, from as many threads as there are.
///
/// Reading never fails: what a browser would make of a broken page or style sheet is what counts, and a script that no
/// browser could run is reported as unread.
///
/// ```
/// use cspc_core::inventory::{Kind, Reader, SiteOrigin};
/// let page = Reader::new(SiteOrigin::unknown()).page("/index.html", b"<script>let a;</script>");
/// let kinds: Vec<Kind> = page.assets.iter().map(|asset| asset.kind).collect();
/// assert_eq!(kinds, [Kind::InlineScript, Kind::Image]); // the image is /favicon.ico, which browsers ask for unasked
/// ```
#[derive(Debug)]
pub struct Reader {
    origin: SiteOrigin,
    memo: Memo,
    decode: Decode,
}

impl Reader {
    /// Reads for a site of this origin.
    pub fn new(origin: SiteOrigin) -> Self {
        Self { memo: Memo::new(&origin), origin, decode: encoding::DEFAULT }
    }

    /// Decodes what has a label with another decoder: a browser's, where this crate was built without its own.
    ///
    /// ```
    /// use cspc_core::inventory::{Decode, Reader, SiteOrigin};
    /// let decode: Decode = |label, _bytes| (label == "rot13").then(|| "<img src=a>".into());
    /// let reader = Reader::new(SiteOrigin::unknown()).decoding(decode);
    /// assert_eq!(reader.page("/", "<meta charset=rot13>é".as_bytes()).assets.len(), 2); // the image, and the icon
    /// ```
    #[must_use]
    pub fn decoding(self, decode: Decode) -> Self {
        Self { decode, ..self }
    }

    /// A reader like this one for another origin.
    pub(super) fn for_origin(&self, origin: SiteOrigin) -> Self {
        Self::new(origin).decoding(self.decode)
    }

    /// The origin.
    pub const fn origin(&self) -> &SiteOrigin {
        &self.origin
    }

    /// Reads what the site serves at `path`, by its name; none if nothing in such a file loads anything.
    pub fn read(&self, path: &str, bytes: &[u8]) -> Option<Source> {
        Some(match Role::of(path)? {
            Role::Page => Source::Page(self.page(path, bytes)),
            Role::StyleSheet => Source::StyleSheet(self.style_sheet(path, bytes)),
            Role::Script => Source::Script(self.script(path, bytes)),
            Role::Manifest => Source::Manifest(self.manifest(path, bytes)),
        })
    }

    /// Reads the page at `path`, the absolute and decoded path under which the site serves `bytes`.
    pub fn page(&self, path: &str, bytes: &[u8]) -> Page {
        let document = Document::new(self.origin.page_url(path), &self.memo);
        document.read(path, bytes, self.decode)
    }

    /// Reads the style sheet that the site serves at `path`.
    pub fn style_sheet(&self, path: &str, bytes: &[u8]) -> File {
        let text = encoding::decode_style_sheet(bytes, self.decode);
        let mut document = Document::new(self.origin.page_url(path), &self.memo);
        for reference in css::references(&text) {
            document.add_url(reference.kind, &reference.url, reference.offset);
        }
        document.into_file(path, &text, None)
    }

    /// Reads the script that the site serves at `path`.
    pub fn script(&self, path: &str, bytes: &[u8]) -> File {
        let text = encoding::decode_script(bytes);
        let mut document = Document::new(self.origin.any_page(), &self.memo);
        let read = javascript::read(&text, Goal::File, &self.origin.as_scripts_see_it());
        let unread = match read {
            Ok(uses) => {
                document.add_uses(&uses, &self.origin.page_url(path));
                None
            }
            Err(unread) => Some(unread),
        };
        File { hash: Some(sha256(bytes)), ..document.into_file(path, &text, unread) }
    }

    /// Reads the web app manifest that the site serves at `path`.
    pub fn manifest(&self, path: &str, bytes: &[u8]) -> File {
        let text = encoding::decode_script(bytes);
        let mut document = Document::new(self.origin.page_url(path), &self.memo);
        let unread = match manifest::images(&text) {
            Ok(images) => {
                for Image { url, offset } in images {
                    document.add_url(Kind::Image, &url, offset);
                }
                None
            }
            Err(unread) => Some(unread),
        };
        document.into_file(path, &text, unread)
    }
}
