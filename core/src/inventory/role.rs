//! What the files of a site are, told by their names.

/// What a file of a site is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A page: HTML, or an XML document, which an SVG image is, too.
    Page,
    /// A style sheet.
    StyleSheet,
    /// A script.
    Script,
    /// A web app manifest.
    Manifest,
}

impl Role {
    /// The role of the file at this path; none if nothing in it loads anything.
    ///
    /// ```
    /// use cspc_core::inventory::Role;
    /// assert_eq!(Role::of("/index.HTML"), Some(Role::Page));
    /// assert_eq!(Role::of("/app/manifest.json"), Some(Role::Manifest));
    /// assert_eq!(Role::of("/logo.png"), None);
    /// ```
    pub fn of(path: &str) -> Option<Self> {
        let is = |extensions: &[&str]| has_extension(path, extensions);
        if is(&["html", "htm"]) || is_xml(path) {
            Some(Self::Page)
        } else if is(&["css"]) {
            Some(Self::StyleSheet)
        } else if is(&["js", "mjs"]) {
            Some(Self::Script)
        } else if is(&["webmanifest"]) || path.ends_with("manifest.json") {
            Some(Self::Manifest)
        } else {
            None
        }
    }
}

/// Whether a page of this name is read as XML.
pub(super) fn is_xml(path: &str) -> bool {
    has_extension(path, &["svg", "xhtml", "xht", "xml"])
}

/// Whether a file of this name is an image that is no document.
pub(super) fn is_image(path: &str) -> bool {
    has_extension(path, &["avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "webp"])
}

pub(super) fn has_extension(path: &str, extensions: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, found)| extensions.iter().any(|known| known.eq_ignore_ascii_case(found)))
}
