//! Pages: from bytes to elements and their text, as an HTML parser sees them.
//!
//! `lol_html` tokenizes, and knows raw text and foreign content; it leaves character references as they stand, so they
//! are resolved here. What an element means is in `element.rs`.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use lol_html::html_content::{Element, TextChunk, TextType};
use lol_html::{HtmlRewriter, Settings, doc_text, element, text};

use super::element::{self, TextUse};
use super::names::{breaks_out, is_of_interest};
use super::tag::{Attribute, Tag};
use super::{Document, Place};
use crate::inventory::encoding;
use crate::inventory::model::Page;

/// A `srcdoc` in a `srcdoc` in …: each level is escaped once more, so real pages stop at two.
const MAX_NESTING: usize = 4;
/// The longest name of an element that matters.
const MAX_NAME: usize = 16;
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// Reads a page.
pub(in crate::inventory) fn read(path: &str, bytes: &[u8], mut document: Document<'_>) -> Page {
    let decoded = encoding::decode_page(bytes, false);
    scan(&mut document, &decoded.text, Place::Offset(0), 0);
    document.add_favicon();
    document.into_page(path, &decoded, None)
}

/// Reads `text`, which stands at `place` in the page, into `document`. Markup in markup is read to a depth that no real
/// page has.
pub(super) fn scan(document: &mut Document<'_>, text: &str, place: Place, depth: usize) {
    if depth > MAX_NESTING {
        return;
    }
    let outer = document.enter(depth);
    let scan =
        RefCell::new(Scan { document, text, place, open: None, nested: Vec::new(), head_read: 0 });
    let settings = Settings::new()
        .with_strict(false)
        .append_element_content_handler(element!("*", |element| {
            scan.borrow_mut().element(element);
            Ok(())
        }))
        .append_element_content_handler(text!("script, style, noscript", |chunk| {
            scan.borrow_mut().text(chunk);
            Ok(())
        }));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    // Neither handler fails, and without strictness and a memory limit nothing else does.
    let _ = rewriter.write(text.as_bytes()).and_then(|()| rewriter.end());
    let Scan { document, nested, .. } = {
        let mut scan = scan.into_inner();
        scan.finish_text();
        scan
    };
    for Nested { place, text, runs_scripts } in nested {
        let outer = document.begin_nested(runs_scripts);
        self::scan(document, &text, place, depth + 1);
        document.end_nested(outer);
    }
    document.enter(outer);
}

/// One text being read.
struct Scan<'s, 'd> {
    document: &'s mut Document<'d>,
    text: &'s str,
    place: Place,
    /// The element whose text is being read.
    open: Option<OpenElement>,
    /// Markup inside the markup: `<noscript>` and `srcdoc`, which are read after it, as its `<base>` holds in them.
    nested: Vec<Nested>,
    /// As far as this, the text is known to end no head.
    head_read: usize,
}

struct Nested {
    place: Place,
    text: String,
    /// Scripts in a `<noscript>` run nowhere: whoever reads them runs none.
    runs_scripts: bool,
}

struct OpenElement {
    usage: TextUse,
    foreign: bool,
    content: String,
    /// Where the content ends, as far as it has been read.
    end: usize,
}

/// The attributes of an element in `text`, which stands at `place` in the page.
pub(super) fn attributes<'s>(
    text: &'s str,
    place: Place,
    element: &Element<'_, '_>,
) -> Vec<Attribute<'s>> {
    let slice = |range| text.get(range).unwrap_or_default();
    let read = |attribute: &lol_html::html_content::Attribute<'_>| {
        let name = attribute.name_source_location()?.bytes();
        let value = attribute
            .value_source_location()
            .map(|location| slice(location.bytes()))
            .unwrap_or_default();
        let value = match normalize(value) {
            Cow::Borrowed(plain) if !plain.contains('&') => Cow::Borrowed(plain),
            text => Cow::Owned(htmlize::unescape_attribute(text).into_owned()),
        };
        Some(Attribute { offset: place.of(name.start), name: slice(name), value })
    };
    element.attributes().iter().filter_map(read).collect()
}

impl<'s> Scan<'s, '_> {
    fn element(&mut self, element: &Element<'_, '_>) {
        self.finish_text();
        let span = element.source_location().bytes();
        let source = self.text.get(span.clone()).unwrap_or_default();
        let mut buffer = [0; MAX_NAME];
        let name = lower_name(source, &mut buffer);
        self.document.begin_element(name);
        let foreign = element.namespace_uri() == SVG_NAMESPACE && !breaks_out(name);
        if !foreign && !is_of_interest(name) && !may_have_code(source) {
            return;
        }
        let attributes = attributes(self.text, self.place, element);
        let offset = self.place.of(span.start);
        let tag = Tag { name, svg: foreign, attributes, offset, made: false };
        if let Some(srcdoc) = tag.srcdoc() {
            self.nested.push(Nested {
                place: Place::Fixed(tag.offset),
                text: srcdoc.to_owned(),
                runs_scripts: true,
            });
        }
        if tag.declares_policy() {
            let before = self.text.get(self.head_read..span.start).unwrap_or_default();
            if ends_head(before) {
                self.document.end_head();
            }
            self.head_read = span.end;
        }
        let usage = element::read(&tag, self.document);
        self.open = usage.map(|usage| OpenElement {
            usage,
            foreign,
            content: String::new(),
            end: span.end,
        });
    }

    fn text(&mut self, chunk: &TextChunk<'_>) {
        let Some(open) = &mut self.open else { return };
        let end = chunk.source_location().bytes().end;
        open.end = open.end.max(end);
        // In SVG, script and style are ordinary text, in which references count; a CDATA section has none.
        if open.foreign && chunk.text_type() == TextType::Data {
            open.content.push_str(&htmlize::unescape(chunk.as_str()));
        } else {
            open.content.push_str(chunk.as_str());
        }
    }

    /// The text of the open element is complete.
    fn finish_text(&mut self) {
        let Some(open) = self.open.take() else { return };
        let rest = self.text.get(open.end..).unwrap_or_default();
        let content = normalize(&open.content);
        match open.usage {
            TextUse::Markup => {
                let start = open.end.saturating_sub(open.content.len());
                let place = self.place.within(start);
                self.nested.push(Nested { place, text: open.content, runs_scripts: false });
            }
            // A script that the end of the file cuts off never runs.
            TextUse::Script(..) | TextUse::Data(..) if rest.is_empty() => {}
            usage => {
                // Character references and NUL are rare in code: places after one are off by a few columns.
                let place = self.place.within(open.end.saturating_sub(open.content.len()));
                usage.read(&content, place, self.document);
            }
        }
    }
}

/// Whether text stands in this markup that belongs to no `<title>` or the like: it begins the body (HTML, section
/// 13.2.6.4.4, "anything else").
fn ends_head(markup: &str) -> bool {
    let found = Cell::new(false);
    let settings =
        Settings::new().with_strict(false).append_document_content_handler(doc_text!(|chunk| {
            let is_blank = chunk.as_str().bytes().all(|byte| byte.is_ascii_whitespace());
            found.set(found.get() || chunk.text_type() == TextType::Data && !is_blank);
            Ok(())
        }));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    // As in `scan`, nothing fails.
    let _ = rewriter.write(markup.as_bytes()).and_then(|()| rewriter.end());
    found.get()
}

/// The name of the start tag `source`, in lower case; empty if it is longer than any that matters.
fn lower_name<'b>(source: &str, buffer: &'b mut [u8; MAX_NAME]) -> &'b str {
    let name = source.as_bytes().get(1..).unwrap_or_default();
    let length =
        name.iter().position(|byte| matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace());
    let name = name.get(..length.unwrap_or(name.len())).unwrap_or_default();
    let Some(room) = buffer.get_mut(..name.len()) else { return "" };
    room.copy_from_slice(name);
    room.make_ascii_lowercase();
    std::str::from_utf8(room).unwrap_or_default()
}

/// Whether a start tag may have a `style` or `on…` attribute: one that does has these letters after a separator.
fn may_have_code(source: &str) -> bool {
    source.as_bytes().windows(3).any(|window| match window {
        [before, first, second] if !before.is_ascii_alphanumeric() => {
            matches!((first | 0x20, second | 0x20), (b'o', b'n') | (b's', b't'))
        }
        _ => false,
    })
}

/// Line ends and NUL as the tokenizer's output has them (HTML, sections 13.2.3.5 and 13.2.5). A decoded page has no CR left,
/// but other texts that are read for their elements may.
fn normalize(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\r', 0, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}"))
}
