//! The path under which a site is served.

/// The path of the folder of built pages on its origin: `/docs`, or nothing where it is the whole site.
///
/// ```
/// use cspc_core::site::Base;
/// assert_eq!(Base::parse("/docs/").unwrap().path("/index.html"), "/docs/index.html");
/// assert_eq!(Base::parse("/").unwrap(), Base::default());
/// assert!(Base::parse("docs").is_err() && Base::parse("/a/../b").is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// Reads it, with or without a slash at its end.
    ///
    /// # Errors
    /// If it is not a path from the origin on, as it is without percent escapes.
    pub fn parse(text: &str) -> Result<Self, String> {
        let path = text.strip_suffix('/').unwrap_or(text);
        let is_named = |segment: &str| {
            !matches!(segment, "" | "." | "..")
                && !segment.contains(['?', '#', '%', '\\'])
                && !segment.contains(char::is_control)
        };
        let segments = path.strip_prefix('/').map(|names| names.split('/').all(is_named));
        if path.is_empty() && text == "/" || segments == Some(true) {
            return Ok(Self(path.to_owned()));
        }
        Err(format!("`{text}` is no path to a folder on the origin: expected one such as `/docs`"))
    }

    /// The path on the origin of a path of the site.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}
