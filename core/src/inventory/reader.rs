//! Reads the files of a site, each script text once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::address::SiteOrigin;
use super::css;
use super::digest::sha256;
use super::document::Document;
use super::encoding;
use super::html;
use super::javascript::{self, Goal, Use};
use super::manifest::{self, Image};
use super::model::{File, Kind, Page};
use super::role::{self, Role};
use super::xml;

/// A file of a site that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A page.
    Page(Page),
    /// A style sheet.
    StyleSheet(File),
    /// A script.
    Script(File),
    /// A web app manifest.
    Manifest(File),
}

/// What a script does, or why it could not be read.
pub(super) type ScriptUses = Result<Vec<Use>, javascript::Unread>;

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
    /// Inline scripts by their hash: the same ones stand in many pages.
    inline: Mutex<HashMap<(String, Goal), Arc<ScriptUses>>>,
}

impl Reader {
    /// Reads for a site of this origin.
    pub fn new(origin: SiteOrigin) -> Self {
        Self { origin, inline: Mutex::default() }
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
        if role::is_xml(path) {
            xml::read(path, bytes, self)
        } else {
            html::read(path, bytes, self)
        }
    }

    /// Reads the style sheet that the site serves at `path`.
    pub fn style_sheet(&self, path: &str, bytes: &[u8]) -> File {
        let text = encoding::decode_style_sheet(bytes);
        let mut document = Document::new(self.origin.page_url(path), self);
        for reference in css::references(&text) {
            document.add_url(reference.kind, &reference.url, reference.offset);
        }
        document.into_file(path, &text, None)
    }

    /// Reads the script that the site serves at `path`.
    pub fn script(&self, path: &str, bytes: &[u8]) -> File {
        let text = encoding::decode_script(bytes);
        let mut document = Document::new(self.origin.any_page(), self);
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
        let mut document = Document::new(self.origin.page_url(path), self);
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

    /// What an inline script does. Two threads may read the same one at the same time, and find the same.
    pub(super) fn inline(&self, content: &str, goal: Goal) -> Arc<ScriptUses> {
        let key = (sha256(content), goal);
        let known = self.inline.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let read = javascript::read(content, goal, &self.origin.as_scripts_see_it());
            let read = Arc::new(read);
            let mut inline = self.inline.lock().unwrap_or_else(PoisonError::into_inner);
            inline.insert(key, Arc::clone(&read));
            read
        })
    }
}
