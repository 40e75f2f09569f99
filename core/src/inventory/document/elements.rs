//! Elements as they are written, for readers that ask for other things than what loads.

use super::Place;
use super::script_type::ScriptType;
use super::tokenizer::Tokenizer;
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
    let mut found = Vec::new();
    read(html, 0, names, true, &mut found);
    found
}

/// Adds the elements of a text that stands at `offset` in the page; if `enters`, those in each `<noscript>` after it.
fn read(text: &str, offset: usize, names: &[&str], enters: bool, found: &mut Vec<Element>) {
    let mut tokens = Tokenizer::new(text, Place::Offset(offset));
    while let Some(tag) = tokens.next_tag() {
        if names.iter().any(|name| *name == tag.name || *name == "*") {
            let attributes = tokens.attributes().iter();
            let attributes = attributes
                .map(|attribute| (attribute.name.to_owned(), attribute.value().into_owned()));
            let span = Span::from((tag.span.start, tag.span.end)).shifted(offset);
            let attributes = attributes.collect();
            found.push(Element { name: tag.name.to_string(), span, attributes });
        }
        if let Some(content) = tag.content.filter(|_| enters && tag.name == "noscript") {
            let start = offset + content.end - content.text.len();
            read(&content.text, start, names, false, found);
        }
    }
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
