//! Pages: from bytes to elements and their text, as an HTML parser sees them.
//!
//! `lol_html` tokenizes, and knows raw text and foreign content; it leaves character references as they stand, so they
//! are resolved here. What an element means is in `element.rs`.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use lol_html::html_content::{Element, TextChunk, TextType};
use lol_html::{HtmlRewriter, Settings, doc_text, element, text};

use super::document::{Document, Place};
use super::element::{self, Attribute, Tag, TextUse};
use super::encoding;
use super::model::Page;
use super::reader::Reader;

/// A `srcdoc` in a `srcdoc` in …: each level is escaped once more, so real pages stop at two.
const MAX_NESTING: usize = 4;
/// The longest name of an element that matters.
const MAX_NAME: usize = 16;
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// Reads a page.
pub(super) fn read(path: &str, bytes: &[u8], reader: &Reader) -> Page {
    let decoded = encoding::decode_page(bytes, false);
    let mut document = Document::new(reader.origin().page_url(path), reader);
    scan(&mut document, &decoded.text, Place::Offset(0), 0);
    document.add_favicon();
    document.into_page(path, &decoded)
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
        if !foreign && !element::is_of_interest(name) && !may_have_code(source) {
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

/// Whether an element of this name, of those that matter, ends all foreign content around it (HTML, section 13.2.6.5);
/// the tokenizer ends but the innermost.
fn breaks_out(name: &str) -> bool {
    matches!(name, "body" | "embed" | "img" | "meta" | "table")
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

#[cfg(test)]
mod tests {
    use super::super::{Asset, Content, Kind, Reader, SiteOrigin, sha256};

    fn assets(html: &str) -> Vec<Asset> {
        let page = Reader::new(SiteOrigin::unknown()).page("/shop/index.html", html.as_bytes());
        page.assets.into_iter().filter(|asset| !asset.implicit).collect()
    }

    /// Kind and URL or hashed text, a line each.
    fn listing(html: &str) -> String {
        let line = |asset: Asset| match asset.content {
            Content::Url(url) => {
                format!("{}:{} {} {url}\n", asset.line, asset.column, asset.kind.as_str())
            }
            other @ (Content::Relative { .. }
            | Content::Code { .. }
            | Content::Feature { .. }
            | Content::Policy { .. }) => panic!("{other:?}"),
            Content::Inline { bytes, .. } => {
                format!("{}:{} {} ({bytes})\n", asset.line, asset.column, asset.kind.as_str())
            }
        };
        assets(html).into_iter().map(line).collect()
    }

    fn hashes(html: &str) -> Vec<String> {
        let hash = |asset: Asset| match asset.content {
            Content::Inline { hash, .. } => Some(hash),
            _ => None,
        };
        assets(html).into_iter().filter_map(hash).collect()
    }

    #[test]
    fn every_way_to_load_something() {
        insta::assert_snapshot!(listing(
            "<base href=/b/>\n<link rel='shortcut icon' href=i.ico><link rel=STYLESHEET href=s.css>\n\
             <script src=a.js async></script><script type=module src='https://cdn.example/m.js?x=1#y'></script>\n\
             <script nomodule src=old.js></script><script type=text/template src=no.js></script>\n\
             <img src=a.png srcset='b.png 2x'><picture><source srcset=c.png></picture><video poster=p.png src=v.mp4>\n\
             <source src=w.mp4><track src=t.vtt></video><iframe src=f.html></iframe><object data=o.swf></object>\n\
             <embed src=e.swf><form action=//pay.example/x?y></form><form></form><button formaction=z>\n\
             <input type=image src=n.png><body background=bg.png><svg><use href=u.svg#a /><image xlink:href=x.png /></svg>\n\
             <link rel=preload as=font href=f.woff2><link rel=modulepreload href=mp.js><link rel=prefetch href=next.html>\n\
             <link rel=manifest href=m.json><a ping='p1 p2' href=x>x</a><meta http-equiv=refresh content='3; url=r.html'>\n\
             <a href='javascript:void(0)'>j</a><iframe src='data:text/html,x'></iframe>"
        ), @r"
        1:1 base /b/
        2:1 image /b/i.ico
        2:38 style /b/s.css
        3:1 script /b/a.js
        3:33 script https://cdn.example/m.js?x=1
        5:1 image /b/a.png
        5:1 image /b/b.png
        5:43 image /b/c.png
        5:74 media /b/v.mp4
        5:74 image /b/p.png
        6:1 media /b/w.mp4
        6:19 media /b/t.vtt
        6:44 frame /b/f.html
        6:72 object /b/o.swf
        7:1 object /b/e.swf
        7:18 form-action https://pay.example/x?y
        7:56 form-action /shop/index.html
        7:69 form-action /b/z
        8:1 image /b/n.png
        8:29 image /b/bg.png
        8:58 image /b/u.svg
        8:78 image /b/x.png
        9:1 font /b/f.woff2
        9:40 script /b/mp.js
        9:75 prefetch /b/next.html
        10:1 manifest /b/m.json
        10:32 connect /b/p1
        10:32 connect /b/p2
        10:60 navigation /b/r.html
        11:1 javascript-url (18)
        11:35 frame data:text/html
        ");
    }

    #[test]
    fn inline_code_is_hashed_as_a_browser_reads_it() {
        assert_eq!(hashes("<script>a\r\nb\rc\0</script>"), [sha256("a\nb\nc\u{FFFD}")]);
        assert_eq!(hashes("<p onclick='a &amp;&amp; b&#13;&lt'>"), [sha256("a && b\r<")]);
        assert_eq!(hashes("<p style=''>"), [sha256("")]);
        assert_eq!(hashes("<style></style>"), [sha256("")]);
        assert_eq!(hashes("<script></script><script>cut off"), [""; 0]);
        assert_eq!(
            hashes("<script><!--<script></script>--></script>"),
            [sha256("<!--<script></script>-->")]
        );
        assert_eq!(
            hashes("<svg><script>a &amp;&amp; b<![CDATA[ && c]]></script></svg>"),
            [sha256("a && b && c")]
        );
        assert_eq!(hashes("<p onclick=a onclick=b>"), [sha256("a")]);
    }

    #[test]
    fn text_that_is_no_markup_is_not_read_as_such() {
        let html = "<title><script>1</script></title><textarea><img src=a></textarea><!--<img src=b>-->\
                    <style>/*<script>2</script>*/</style><iframe><img src=c></iframe><xmp><img src=d></xmp>";
        assert_eq!(listing(html), "1:84 inline-style (22)\n");
    }

    #[test]
    fn markup_inside_markup_is_read() {
        let html = "<p>\n<iframe srcdoc=\"<script>f(&quot;&amp;amp;&quot;)</script>\"></iframe>\n<noscript>\n <img src=a></noscript>";
        assert_eq!(listing(html), "2:1 inline-script (10)\n4:2 image /shop/a\n");
        assert_eq!(hashes(html), [sha256("f(\"&amp;\")")]);
    }

    #[test]
    fn markup_inside_markup_has_a_base_and_scripts_of_its_own() {
        let html = "<base href=/b/><noscript><base href=/n/><script>1</script><img src=a></noscript>\
                    <iframe srcdoc='<base href=s/><img src=b><script>2</script>'></iframe><iframe srcdoc='<img src=c>'></iframe>";
        assert_eq!(
            listing(html),
            "1:1 base /b/\n1:26 base /n/\n1:59 image /n/a\n1:81 base /b/s/\n1:81 image /b/s/b\n\
             1:81 inline-script (1)\n1:151 image /b/c\n"
        );
    }

    #[test]
    fn data_blocks_are_told_from_code() {
        let html = "<script type='application/ld+json'>{}</script><script type=' TEXT/JavaScript '>1</script>\
                    <script type=importmap>{}</script><script type=speculationrules>{}</script><script language=vbscript>2</script>";
        let kinds: Vec<Kind> = assets(html).into_iter().map(|asset| asset.kind).collect();
        assert_eq!(
            kinds,
            [
                Kind::DataBlock,
                Kind::InlineScript,
                Kind::ImportMap,
                Kind::SpeculationRules,
                Kind::DataBlock
            ]
        );
    }

    #[test]
    fn data_blocks_name_what_modules_import_and_what_is_shown_next() {
        let html = "<script type=importmap>{\"imports\":{\"a\":\"./a.js\",\"b/\":\"https://cdn.example/b/\",\"no\":\"bare\"},\
                    \"scopes\":{\"/s/\":{\"a\":\"/c.js\"}},\"integrity\":{\"./a.js\":\"sha384-x\"}}</script>\n\
                    <script type=module>import \"a\"</script>\n\
                    <script type=speculationrules>{\"prefetch\":[{\"urls\":[\"n.html\"]}],\"prerender\":[{\"where\":{}},{\"urls\":[\"/o\"]}]}</script>";
        assert_eq!(
            listing(html),
            "1:1 import-map (133)\n1:1 script /shop/a.js\n1:1 script https://cdn.example/b/\n1:1 script /c.js\n\
             2:1 inline-script (10)\n2:28 script /shop/a.js\n3:1 speculation-rules (77)\n\
             3:1 navigation /shop/n.html\n3:1 navigation /o\n"
        );
        let integrity = assets(html).remove(1).script.and_then(|script| script.integrity);
        assert_eq!(integrity.as_deref(), Some("sha384-x"));
    }

    #[test]
    fn a_data_block_that_browsers_refuse_is_told_with_the_place() {
        let found = assets("<p>\n<script type=importmap>{\n \"imports\":{a}}</script>");
        let unread = found[0].unread.as_deref().unwrap();
        assert_eq!((unread.line, unread.column), (3, 13));
        assert!(assets("<script type=speculationrules>[]</script>")[0].unread.is_some());
    }

    #[test]
    fn an_icon_is_asked_for_where_no_page_names_one() {
        let page =
            |html: &str| Reader::new(SiteOrigin::unknown()).page("/a.html", html.as_bytes()).assets;
        assert!(page("<p>").iter().any(|asset| asset.implicit));
        assert!(!page("<link rel=icon href=data:,>").iter().any(|asset| asset.implicit));
        let dark = "<link rel=icon href=data:, media='(prefers-color-scheme: dark)'>";
        assert!(page(dark).iter().any(|asset| asset.implicit));
    }

    #[test]
    fn features_are_told_with_whom_they_are_for() {
        let html = "<base href=/b/><video autoplay controls></video><body onunload=f()>\
                    <iframe src=https://maps.example/x allow='geolocation; camera *' allowfullscreen></iframe>\
                    <iframe src=own.html allow=usb></iframe><iframe src='data:,x' allow=midi></iframe>";
        let features: Vec<String> = assets(html)
            .into_iter()
            .filter_map(|asset| match asset.content {
                Content::Feature { feature, delegated_to } => {
                    Some(format!("{feature} {}", delegated_to.as_deref().unwrap_or("-")))
                }
                _ => None,
            })
            .collect();
        let expected = [
            "autoplay -",
            "fullscreen -",
            "picture-in-picture -",
            "unload -",
            "geolocation https://maps.example",
            "camera *",
            "fullscreen *",
            "usb -",
        ];
        assert_eq!(features, expected);
    }

    #[test]
    fn a_policy_after_text_that_ends_the_head_is_none() {
        let policies = |before: &str| {
            let html = format!("{before}<meta http-equiv=Content-Security-Policy content=x>");
            let page = Reader::new(SiteOrigin::unknown()).page("/", html.as_bytes());
            page.meta_policies.len()
        };
        let head = "<!doctype html>\n<head> <!-- x --><title>a &amp; b</title><style>a{}</style><script>1</script>";
        assert_eq!(policies(head), 1);
        assert_eq!(policies(&format!("{head}</head>\n")), 1);
        assert_eq!(policies(&format!("{head}text")), 0);
        assert_eq!(policies(&format!("{head}&nbsp;")), 0);
        let first = "<meta http-equiv=Content-Security-Policy content=x>";
        assert_eq!([policies(first), policies(&format!("{first}text"))], [2, 1]);
    }

    #[test]
    fn hostile_markup_is_read_to_its_end() {
        let deep = format!("{}<img src=a>", "<div>".repeat(100_000));
        assert_eq!(assets(&deep).len(), 1);
        assert_eq!(assets(&format!("<svg>{}", "<g><style>a".repeat(10_000))).len(), 10_000);
    }
}
