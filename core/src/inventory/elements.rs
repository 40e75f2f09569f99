//! Elements as they are written, for readers that ask for other things than what loads.

use std::cell::RefCell;

use lol_html::{HtmlRewriter, Settings, element};

use super::document::Place;
use super::element::is_run;
use super::html::attributes;
use crate::text::Span;

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name, in lower case.
    pub name: String,
    /// Where the tag stands in the text.
    pub span: Span,
    /// Its attributes as written, values decoded.
    attributes: Vec<(String, String)>,
}

impl Element {
    /// The names of its attributes, as written, and their values.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of the first attribute of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The elements of these names, in order; `*` is any name.
///
/// ```
/// use cspc_core::inventory::elements;
/// let found = elements("<p><SCRIPT src=a.js></script><!-- <script> -->", &["script"]);
/// assert_eq!((found.len(), found[0].get("src")), (1, Some("a.js")));
/// ```
pub fn elements(html: &str, names: &[&str]) -> Vec<Element> {
    let found = RefCell::new(Vec::new());
    let settings = Settings::new().with_strict(false).append_element_content_handler(element!(
        names.join(","),
        |element| {
            let read = attributes(html, Place::Offset(0), element).into_iter();
            let attributes =
                read.map(|attribute| (attribute.name.to_owned(), attribute.value.into_owned()));
            let (name, attributes) = (element.tag_name(), attributes.collect());
            let tag = element.source_location().bytes();
            let span = Span::new(tag.start, tag.end);
            found.borrow_mut().push(Element { name, span, attributes });
            Ok(())
        }
    ));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    // The handler does not fail, and without strictness and a memory limit nothing else does.
    let _ = rewriter.write(html.as_bytes()).and_then(|()| rewriter.end());
    found.into_inner()
}

/// Whether a `<script>` is run, and is no data.
pub fn is_code(script: &Element) -> bool {
    is_run(script.get("type"), script.get("language"))
}
