//! XML documents: SVG images, XHTML pages, and data with a style sheet.
//!
//! `quick_xml` tokenizes. As in browsers, what stands before a mistake counts, and nothing after it; the mistake is told.

use std::borrow::Cow;
use std::cell::Cell;
use std::error::Error as _;

use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::attributes::{AttrError, Attribute as RawAttribute};
use quick_xml::events::{BytesPI, BytesRef, BytesStart, Event};
use quick_xml::name::{self, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

use super::element::{self, TextUse};
use super::tag::{Attribute, Namespace, Tag};
use super::{Document, Place, html};
use crate::inventory::model::{Kind, Mistake};

const XHTML: &str = "http://www.w3.org/1999/xhtml";
const SVG: &str = "http://www.w3.org/2000/svg";
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
const XLINK: &str = "http://www.w3.org/1999/xlink";
/// How deep entities are resolved in entities.
const MAX_ENTITY_DEPTH: usize = 4;
/// How much text the entities of a document may stand for in all: one that stands for more was written to do harm.
const MAX_ENTITY_TEXT: usize = 1 << 20;

/// The document types of which browsers know the entities, those of HTML (HTML, section 14.2, "Parsing XML documents").
const TYPES_WITH_ENTITIES: [&str; 9] = [
    "-//W3C//DTD XHTML 1.0 Transitional//EN",
    "-//W3C//DTD XHTML 1.1//EN",
    "-//W3C//DTD XHTML 1.0 Strict//EN",
    "-//W3C//DTD XHTML 1.0 Frameset//EN",
    "-//W3C//DTD XHTML Basic 1.0//EN",
    "-//W3C//DTD XHTML 1.1 plus MathML 2.0//EN",
    "-//W3C//DTD XHTML 1.1 plus MathML 2.0 plus SVG 1.1//EN",
    "-//W3C//DTD MathML 2.0//EN",
    "-//WAPFORUM//DTD XHTML Mobile 1.0//EN",
];

/// Reads what stands before the first mistake, and tells that.
pub(super) fn scan(document: &mut Document<'_>, text: &str) -> Option<Mistake> {
    let mut scan = Scan {
        document,
        text,
        entities: Entities::default(),
        has_root: false,
        parents: Vec::new(),
        open: None,
        srcdocs: Vec::new(),
    };
    let mistake = scan.document().err();
    let Scan { document, srcdocs, .. } = scan;
    for (offset, srcdoc) in srcdocs {
        let outer = document.begin_nested(true);
        html::scan(document, &srcdoc, Place::Fixed(offset), 1);
        document.end_nested(outer);
    }
    mistake
}

/// A document being read.
struct Scan<'d, 'r, 't> {
    document: &'d mut Document<'r>,
    text: &'t str,
    entities: Entities,
    has_root: bool,
    /// Where the elements begin that are open.
    parents: Vec<usize>,
    /// The element whose text is being read.
    open: Option<Open>,
    /// Pages in attributes, which are read at the end, as the document's `<base>` holds in them.
    srcdocs: Vec<(usize, String)>,
}

struct Open {
    usage: TextUse,
    content: String,
    /// How many elements are open in it; their text is none of its own.
    depth: usize,
}

impl Scan<'_, '_, '_> {
    /// Reads up to the end, or to the first mistake.
    fn document(&mut self) -> Result<(), Mistake> {
        let mut reader = NsReader::from_str(self.text);
        let mut start = 0;
        loop {
            let event = reader.read_event();
            let event = event.map_err(|error| {
                // Of mistakes in names the reader does not keep the place.
                let offset = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                Mistake { offset: offset.max(start), message: cause(&error) }
            })?;
            let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            match event {
                Event::Start(tag) => {
                    self.element(&reader, &tag, start)?;
                    self.parents.push(start);
                }
                Event::Empty(tag) => {
                    self.element(&reader, &tag, start)?;
                    self.end(end);
                }
                Event::End(_) => {
                    self.end(start);
                    self.parents.pop();
                }
                Event::Text(text) => self.outer_text(&text, start)?,
                Event::CData(text) => self.inner_text(&text, start)?,
                Event::GeneralRef(reference) => self.reference(&reference, start)?,
                Event::PI(instruction) => self.instruction(&instruction, start),
                Event::DocType(declaration) => self.entities.declare(&declaration),
                Event::Comment(_) | Event::Decl(_) => {}
                Event::Eof => return self.end_of_document(),
            }
            start = end;
        }
    }

    /// All elements have to be closed where the document ends.
    fn end_of_document(&self) -> Result<(), Mistake> {
        let Some(open) = self.parents.last() else { return Ok(()) };
        let tag = self.text.get(open + 1..).unwrap_or_default();
        let name = tag.split(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).next();
        let message = format!("it ends before `</{}>`", name.unwrap_or_default());
        Err(Mistake { offset: self.text.len(), message })
    }

    fn element(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        offset: usize,
    ) -> Result<(), Mistake> {
        if self.parents.is_empty() && self.has_root {
            return mistake(offset, "it has a second element at the top");
        }
        self.has_root = true;
        let raw: Result<Vec<_>, AttrError> = tag.attributes().collect();
        let raw = raw.map_err(|error| in_attributes(&error, offset))?;
        let values = raw.iter().map(|raw| self.entities.resolve(raw));
        let values: Result<Vec<_>, String> = values.collect();
        let values = values.map_err(|message| Mistake { offset, message })?;
        if let Some(open) = &mut self.open {
            open.depth += 1;
        }
        let (namespace, name) = reader.resolver().resolve_element(tag.name());
        let namespace = match namespace {
            ResolveResult::Bound(name::Namespace(XHTML)) => Namespace::Html,
            ResolveResult::Bound(name::Namespace(SVG)) => Namespace::Svg,
            ResolveResult::Bound(name::Namespace(MATHML)) => Namespace::MathMl,
            _ => return Ok(()),
        };
        // Names of SVG are compared as the HTML parser leaves them; those of HTML are in lower case, or others.
        let name = match namespace {
            Namespace::Svg => Cow::Owned(name.into_inner().to_ascii_lowercase()),
            Namespace::Html | Namespace::MathMl => Cow::Borrowed(name.into_inner()),
        };
        self.document.begin_element(&name);
        let named = |(raw, value)| Some((attribute_name(reader, raw)?, value));
        let named: Vec<_> = raw.iter().zip(values).filter_map(named).collect();
        let attributes: Vec<_> =
            named.iter().map(|(name, value)| Attribute::decoded(name, value, offset)).collect();
        let tag = Tag { name: &name, namespace, attributes: &attributes, offset, made: false };
        self.srcdocs.extend(tag.srcdoc().map(|srcdoc| (offset, srcdoc.into_owned())));
        let usage = element::read(&tag, self.document);
        if self.open.is_none() {
            self.open = usage.map(|usage| Open { usage, content: String::new(), depth: 0 });
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut().filter(|open| open.depth == 0) {
            open.content.push_str(text);
        }
    }

    /// Text that may stand outside of all elements if it is nothing but white space.
    fn outer_text(&mut self, text: &str, offset: usize) -> Result<(), Mistake> {
        let rest = text.trim_ascii_start();
        if rest.is_empty() {
            self.text(text);
            return Ok(());
        }
        self.inner_text(text, offset + text.len() - rest.len())
    }

    /// Text, which the element at the top has to be around.
    fn inner_text(&mut self, text: &str, offset: usize) -> Result<(), Mistake> {
        if self.parents.is_empty() {
            return mistake(offset, "it has text outside of its element");
        }
        self.text(text);
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, offset: usize) -> Result<(), Mistake> {
        if let Ok(Some(character)) = reference.resolve_char_ref() {
            return self.inner_text(character.encode_utf8(&mut [0; 4]), offset);
        }
        match self.entities.text(reference) {
            Some(text) => self.inner_text(&text, offset),
            None => Err(Mistake { offset, message: undeclared(reference) }),
        }
    }

    /// An element ends, the text in which ends at this offset.
    fn end(&mut self, offset: usize) {
        match &mut self.open {
            Some(open) if open.depth > 0 => open.depth -= 1,
            _ => {
                if let Some(Open { usage, content, .. }) = self.open.take() {
                    let place = Place::Offset(offset.saturating_sub(content.len()));
                    usage.read(&content, place, self.document);
                }
            }
        }
    }

    /// `<?xml-stylesheet href="…" type="…"?>` (Associating Style Sheets with XML documents 1.0).
    fn instruction(&mut self, instruction: &BytesPI<'_>, offset: usize) {
        if instruction.target() != "xml-stylesheet" {
            return;
        }
        let attributes: Vec<_> = instruction.attributes().flatten().collect();
        let get = |name: &str| {
            let found = attributes.iter().find(|attribute| attribute.key.0 == name);
            found.and_then(|found| self.entities.resolve(found).ok()).unwrap_or_default()
        };
        let kind = match &*get("type").to_ascii_lowercase() {
            "" | "text/css" => Kind::Style,
            // XSLT is code to a policy (CSP Level 3, section 6.8.1).
            "text/xsl" | "text/xml" | "application/xml" | "application/xslt+xml" => Kind::Script,
            _ => return,
        };
        self.document.add_url(kind, &get("href"), offset);
    }
}

fn mistake(offset: usize, message: &str) -> Result<(), Mistake> {
    Err(Mistake { offset, message: message.to_owned() })
}

fn undeclared(entity: &str) -> String {
    format!("nothing declares `&{entity};`")
}

/// What the mistake is, without the class of mistakes that it is of.
fn cause(error: &quick_xml::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// A mistake in the attributes of the tag at `start`, by offsets from its name.
fn in_attributes(error: &AttrError, start: usize) -> Mistake {
    let (at, message) = match error {
        AttrError::ExpectedEq(at) | AttrError::ExpectedValue(at) => {
            (at, "an attribute has no value")
        }
        AttrError::UnquotedValue(at) | AttrError::ExpectedQuote(at, _) => {
            (at, "the value of an attribute is not quoted")
        }
        AttrError::Duplicated(at, _) => (at, "the tag has this attribute already"),
    };
    Mistake { offset: start + 1 + at, message: message.to_owned() }
}

/// The name by which the readers of elements know an attribute.
fn attribute_name<'a>(reader: &NsReader<&[u8]>, attribute: &RawAttribute<'a>) -> Option<&'a str> {
    let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
    match (namespace, name.into_inner()) {
        (ResolveResult::Unbound, name) => Some(name),
        (ResolveResult::Bound(name::Namespace(XLINK)), "href") => Some("xlink:href"),
        _ => None,
    }
}

/// Entities that the document declares, with what they stand for.
#[derive(Default)]
struct Entities {
    declared: Vec<(String, String)>,
    elsewhere: Elsewhere,
    /// How much text they stood for already.
    used: Cell<usize>,
}

/// What a document type that stands elsewhere may declare.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Elsewhere {
    #[default]
    Nothing,
    /// The entities of HTML.
    Html,
    /// What no browser looks up.
    Unread,
}

impl Elsewhere {
    /// `name PUBLIC "identifier" "address"` or `name SYSTEM "address"`.
    fn of(declaration: &str) -> Self {
        let mut quoted = declaration.split(['"', '\'']);
        match declaration.split_ascii_whitespace().nth(1) {
            Some("PUBLIC") if quoted.any(|text| TYPES_WITH_ENTITIES.contains(&text)) => Self::Html,
            Some("PUBLIC" | "SYSTEM") => Self::Unread,
            _ => Self::Nothing,
        }
    }
}

impl Entities {
    /// Takes the entities of a document type declaration: `<!ENTITY name "value">`.
    fn declare(&mut self, declaration: &str) {
        self.elsewhere = Elsewhere::of(declaration);
        for rest in declaration.split("<!ENTITY").skip(1) {
            let mut parts = rest.trim_start().splitn(2, |c: char| c.is_ascii_whitespace());
            let (Some(name), Some(value)) = (parts.next(), parts.next()) else { continue };
            let value = value.trim_start();
            let quoted = |quote| value.strip_prefix(quote)?.split(quote).next();
            if let Some(value) = quoted('"').or_else(|| quoted('\'')) {
                self.declared.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        if let Some(predefined) = resolve_predefined_entity(name) {
            return Some(predefined);
        }
        let (_, value) = self.declared.iter().find(|(declared, _)| declared == name)?;
        self.used.set(self.used.get() + value.len());
        (self.used.get() <= MAX_ENTITY_TEXT).then_some(value)
    }

    /// What an entity in text stands for. Of one that is not HTML's, Firefox says that it is not declared where the document
    /// type is XHTML's, but Chromium reads on.
    fn text(&self, name: &str) -> Option<String> {
        let html = || htmlize::unescape(format!("&{name};")).into_owned();
        let known = self.get(name).map(str::to_owned);
        known.or_else(|| (self.elsewhere == Elsewhere::Html).then(html))
    }

    /// The value of an attribute. Where a document type stands elsewhere, Chromium reads on after an entity that nobody
    /// declares.
    fn resolve<'a>(&self, attribute: &RawAttribute<'a>) -> Result<Cow<'a, str>, String> {
        if attribute.value.contains('<') {
            return Err("the value of an attribute has a `<`".to_owned());
        }
        let resolved =
            attribute.normalized_value_with(XmlVersion::Explicit1_0, MAX_ENTITY_DEPTH, |name| {
                self.get(name)
            });
        let html = || htmlize::unescape_attribute(&*attribute.value).into_owned();
        match resolved {
            Ok(value) => Ok(value),
            Err(_) if self.elsewhere != Elsewhere::Nothing => Ok(html().into()),
            Err(quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, name))) => {
                Err(undeclared(&name))
            }
            Err(error) => Err(cause(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::inventory::{Asset, Content, Reader, SiteOrigin, sha256};

    fn listing(path: &str, xml: &str) -> Vec<String> {
        let page = Reader::new(SiteOrigin::unknown()).page(path, xml.as_bytes());
        let shown = |asset: &Asset| {
            let what = match &asset.content {
                Content::Inline { hash, .. } => hash,
                Content::Url(url) => &**url,
                other => panic!("{other:?}"),
            };
            format!("{}:{} {} {what}", asset.line, asset.column, asset.kind.as_str())
        };
        page.assets.iter().filter(|asset| !asset.implicit).map(shown).collect()
    }

    #[test]
    fn a_drawing_is_read_as_xml() {
        let svg = "<?xml version=\"1.0\"?>\n<?xml-stylesheet href='s.css' type='text/css'?>\n\
            <!DOCTYPE svg [<!ENTITY dir \"/d\">]>\n<svg:svg xmlns:svg='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink'>\n\
            <svg:script x:href='&dir;/a.js'/><svg:image href='b.png'/>\n<svg:style>a<![CDATA[>b]]>&gt;c<!-- no --></svg:style>\n\
            <svg:script>1 &lt; 2<svg:title>no</svg:title></svg:script><svg:g onclick='a\nb' style='&quot;'/></svg:svg>";
        assert_eq!(
            listing("/i/d.svg", svg),
            [
                "2:1 style /i/s.css".to_owned(),
                "5:1 script /d/a.js".to_owned(),
                "5:34 image /i/b.png".to_owned(),
                format!("6:1 inline-style {}", sha256("a>b>c")),
                format!("7:1 inline-script {}", sha256("1 < 2")),
                format!("7:59 event-handler {}", sha256("a b")),
                format!("7:59 style-attribute {}", sha256("\"")),
            ]
        );
    }

    #[test]
    fn in_a_page_that_is_xml_an_empty_script_is_closed() {
        let page = "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.1//EN' ''>\n<html xmlns='http://www.w3.org/1999/xhtml'><head><script src='a.js'/><SCRIPT>no</SCRIPT></head>\
                    <body><img src='b.png' alt='&nbsp;'/><x xmlns='urn:x' style='no'/><iframe srcdoc='&lt;img src=c.png>'/></body></html>";
        assert_eq!(
            listing("/p.xhtml", page),
            ["2:50 script /a.js", "2:102 image /b.png", "2:162 image /c.png"]
        );
    }

    #[test]
    fn data_may_have_a_style_sheet_that_is_code() {
        let feed =
            "<?xml-stylesheet type='text/xsl' href='f.xsl'?><rss><script src='no.js'/></rss>";
        assert_eq!(listing("/feed.xml", feed), ["1:1 script /f.xsl"]);
    }

    #[test]
    fn what_follows_a_mistake_is_not_read() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'>\n<image href='a.png'/>";
        let mistakes = [
            ("</g><image href='b.png'/>", 22, "expected `</svg>`, but `</g>` was found"),
            ("<image href='b.png' id=c/></svg>", 45, "the value of an attribute is not quoted"),
            ("<image href='b.png' id/></svg>", 44, "an attribute has no value"),
            ("<image href='b.png' href=''/></svg>", 42, "the tag has this attribute already"),
            ("<g></g", 25, "tag not closed: `>` not found before end of input"),
            ("<a:g href='x'>", 36, "it ends before `</a:g>`"),
            ("<image href='b.png' id='<'/></svg>", 22, "the value of an attribute has a `<`"),
            ("<image href='b.png' id='&no;'/></svg>", 22, "nothing declares `&no;`"),
            ("&no;<image href='b.png'/></svg>", 22, "nothing declares `&no;`"),
            ("</svg><svg><image href='b.png'/></svg>", 28, "it has a second element at the top"),
            ("</svg>\u{a0}<svg/>", 28, "it has text outside of its element"),
            ("</svg>&lt;<svg/>", 28, "it has text outside of its element"),
        ];
        for (mistake, column, message) in mistakes {
            let text = format!("{svg}{mistake}");
            assert_eq!(listing("/d.svg", &text), ["2:1 image /a.png"], "{mistake}");
            let page = Reader::new(SiteOrigin::unknown()).page("/d.svg", text.as_bytes());
            let unread = page.unread.unwrap();
            assert_eq!((unread.line, unread.column), (2, column), "{mistake}");
            assert_eq!(unread.message, message);
        }
        let whole =
            Reader::new(SiteOrigin::unknown()).page("/d.svg", format!("{svg}</svg>").as_bytes());
        assert_eq!(whole.unread, None);
    }

    /// What real browsers do with each: Chromium 156 and Firefox 153.
    #[test]
    fn an_entity_that_nobody_declares_ends_the_document_where_no_browser_reads_on() {
        let page = |doctype: &str, between: &str| {
            let page = format!(
                "<!DOCTYPE html{doctype}><html xmlns='http://www.w3.org/1999/xhtml'>{between}<img src='a.png'/></html>"
            );
            listing("/p.xhtml", &page).len()
        };
        let xhtml = " PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x.dtd'";
        let other = " PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'";
        let own = " [<!ENTITY no 'a'>]";
        for (doctype, in_text, in_attribute) in
            [("", 0, 0), (xhtml, 1, 1), (other, 0, 1), (" SYSTEM 'x.dtd'", 0, 1), (own, 1, 1)]
        {
            assert_eq!(page(doctype, "&no;"), in_text, "{doctype}");
            assert_eq!(page(doctype, "<p id='&no;'/>"), in_attribute, "{doctype}");
        }
    }

    #[test]
    fn hostile_documents_are_read_to_their_end() {
        let open = "<svg xmlns='http://www.w3.org/2000/svg'>";
        let deep =
            |levels| format!("{open}<image href='a'/>{}<image href='b'/>", "<g>".repeat(levels));
        assert_eq!(listing("/d.svg", &deep(60_000)).len(), 2);
        // Nothing draws what is deeper than 65,535 levels.
        assert_eq!(listing("/d.svg", &deep(100_000)).len(), 1);
        let laughs = format!(
            "<!DOCTYPE svg [<!ENTITY a '{}'><!ENTITY b '{}'>]>{open}<a href='{}'/>",
            "a".repeat(10_000),
            "&a;".repeat(1000),
            "&b;".repeat(1000)
        );
        assert_eq!(listing("/d.svg", &laughs), [""; 0]);
    }
}
