//! Elements as they are written, for readers that ask for other things than what loads.

use std::cell::RefCell;
use std::ops::Range;

use lol_html::{HtmlRewriter, Settings, element, text};

use super::Place;
use super::html::attributes;
use super::script_type::ScriptType;
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

/// The elements of these names, in order, those in a `<noscript>` too; `*` is any name.
///
/// ```
/// use cspc_core::inventory::elements;
/// let found = elements("<p><SCRIPT src=a.js></script><!-- <script> -->", &["script"]);
/// assert_eq!((found.len(), found[0].get("src")), (1, Some("a.js")));
/// ```
pub fn elements(html: &str, names: &[&str]) -> Vec<Element> {
    let (mut found, nested) = read(html, 0, names);
    for range in nested {
        let text = html.get(range.clone()).unwrap_or_default();
        found.extend(read(text, range.start, names).0);
    }
    found.sort_by_key(|element| element.span.start);
    found
}

/// The elements of a text that stands at `offset` in the page, and where in the text a `<noscript>` holds markup.
fn read(text: &str, offset: usize, names: &[&str]) -> (Vec<Element>, Vec<Range<usize>>) {
    let found = RefCell::new(Vec::new());
    let mut nested: Vec<Range<usize>> = Vec::new();
    let settings = Settings::new()
        .with_strict(false)
        .append_element_content_handler(element!(names.join(","), |element| {
            let read = attributes(text, Place::Offset(0), element).into_iter();
            let attributes =
                read.map(|attribute| (attribute.name.to_owned(), attribute.value.into_owned()));
            let (name, attributes) = (element.tag_name(), attributes.collect());
            let tag = element.source_location().bytes();
            let span = Span::new(offset + tag.start, offset + tag.end);
            found.borrow_mut().push(Element { name, span, attributes });
            Ok(())
        }))
        .append_element_content_handler(text!("noscript", |chunk| {
            let range = chunk.source_location().bytes();
            match nested.last_mut().filter(|last| last.end == range.start) {
                Some(last) => last.end = range.end,
                None => nested.push(range),
            }
            Ok(())
        }));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    // The handlers do not fail, and without strictness and a memory limit nothing else does.
    let _ = rewriter.write(text.as_bytes()).and_then(|()| rewriter.end());
    (found.into_inner(), nested)
}

/// Whether a `<script>` is run, and is no data.
pub fn is_code(script: &Element) -> bool {
    ScriptType::of(script.get("type"), script.get("language")).is_run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_noscript_is_found_where_it_stands() {
        let html =
            "<img src=a><noscript>&amp;<img src=b><script>'<img>'</script></noscript><img src=c>";
        let found = elements(html, &["img"]);
        let sources: Vec<_> = found.iter().filter_map(|element| element.get("src")).collect();
        assert_eq!(sources, ["a", "b", "c"]);
        let tags = found.iter().map(|element| html.get(element.span.start..element.span.end));
        assert!(tags.eq(["<img src=a>", "<img src=b>", "<img src=c>"].map(Some)));
    }
}
