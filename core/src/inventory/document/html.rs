//! Pages: their elements and the text in these, as an HTML parser sees them. What an element means is in `element.rs`.

use std::borrow::Cow;

use super::element::{self, TextUse};
use super::names::is_of_interest;
use super::tag::{Attribute, Namespace, Tag};
use super::tokenizer::{Content, StartTag, Tokenizer, normalize};
use super::{Document, Place};

/// A `srcdoc` in a `srcdoc` in …: each level is escaped once more, so real pages stop at two.
const MAX_NESTING: usize = 4;

/// Reads `text`, which stands at `place` in the page, into `document`. Markup in markup is read to a depth that no real
/// page has.
pub(super) fn scan(document: &mut Document<'_>, text: &str, place: Place, depth: usize) {
    if depth > MAX_NESTING {
        return;
    }
    let outer = document.enter(depth);
    let mut scan = Scan { document, place, nested: Vec::new() };
    let mut tokens = Tokenizer::new(text, place);
    while let Some(start) = tokens.next_tag() {
        scan.element(start, &tokens);
    }
    let Scan { document, nested, .. } = scan;
    for Nested { place, text, runs_scripts } in nested {
        let outer = document.begin_nested(runs_scripts);
        self::scan(document, &text, place, depth + 1);
        document.end_nested(outer);
    }
    document.enter(outer);
}

/// One text being read.
struct Scan<'s, 't, 'd> {
    document: &'s mut Document<'d>,
    place: Place,
    /// Markup inside the markup: `<noscript>` and `srcdoc`, which are read after it, as its `<base>` holds in them.
    nested: Vec<Nested<'t>>,
}

struct Nested<'t> {
    place: Place,
    text: Cow<'t, str>,
    /// Scripts in a `<noscript>` run nowhere: whoever reads them runs none.
    runs_scripts: bool,
}

impl<'t> Scan<'_, 't, '_> {
    fn element(&mut self, start: StartTag<'t>, tokens: &Tokenizer<'t>) {
        let StartTag { name, namespace, span, content } = start;
        let attributes = tokens.attributes();
        self.document.begin_element(&name);
        // What a template holds is of another document: it has no base, and declares nothing (HTML, section 4.12.3).
        if matches!(&*name, "base" | "meta") && tokens.is_in_template() {
            return;
        }
        let is_plain = namespace == Namespace::Html && !is_of_interest(&name);
        if is_plain && !attributes.iter().any(Attribute::may_be_code) {
            return;
        }
        let offset = self.place.of(span.start);
        let tag = Tag { name: &name, namespace, attributes, offset, made: false };
        if let Some(srcdoc) = tag.srcdoc() {
            let (place, text) = (Place::Fixed(offset), srcdoc.into_owned().into());
            self.nested.push(Nested { place, text, runs_scripts: true });
        }
        if tag.declares_policy() && tokens.has_text() {
            self.document.end_head();
        }
        if let Some((usage, content)) = element::read(&tag, self.document).zip(content) {
            self.content(usage, content);
        }
    }

    fn content(&mut self, usage: TextUse, content: Content<'t>) {
        // Character references are rare in code: places after one are off by a few columns.
        let place = self.place.within(content.end.saturating_sub(content.text.len()));
        match usage {
            TextUse::Markup => {
                self.nested.push(Nested { place, text: content.text, runs_scripts: false });
            }
            // A script that the end of the file cuts off never runs.
            TextUse::Script(..) | TextUse::Data(..) if !content.is_closed => {}
            usage => usage.read(&normalize(&content.text), place, self.document),
        }
    }
}
