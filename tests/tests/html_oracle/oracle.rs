//! What the tree of a page loads and runs, by html5ever's parser and by rules written down here once more.

use std::collections::BTreeSet;

use cspc_core::inventory::{Content, Kind, SiteOrigin, read_style_sheet, sha256};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Namespace, ParseOpts, ns, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use url::Url;

/// The page's own address, in the origin that stands for one that is not known.
pub const PAGE: &str = "https://site.invalid/folder/page.html";
/// The same as the inventory names it.
pub const PATH: &str = "/folder/page.html";

/// A kind, and an address or the hash of a text.
pub type Item = (Kind, String);

/// All that the page `html` loads and runs, what its scripts do aside.
pub fn items(html: &str) -> BTreeSet<Item> {
    let mut oracle = Oracle { items: BTreeSet::new(), base: None, page: true };
    oracle.document(html);
    oracle.items
}

struct Oracle {
    items: BTreeSet<Item>,
    base: Option<Url>,
    /// Whether the page itself is read, and not what stands in a `<noscript>`.
    page: bool,
}

/// An element.
struct Tag<'a> {
    name: String,
    svg: bool,
    attributes: &'a [(String, String)],
    text: String,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|own| own.trim().eq_ignore_ascii_case(value))
    }

    fn type_is_css(&self) -> bool {
        self.get("type").is_none_or(|own| own.is_empty() || own.eq_ignore_ascii_case("text/css"))
    }
}

impl Oracle {
    fn document(&mut self, html: &str) {
        let options = ParseOpts {
            tree_builder: TreeBuilderOpts { scripting_enabled: true, ..TreeBuilderOpts::default() },
            ..ParseOpts::default()
        };
        let dom: RcDom = parse_document(RcDom::default(), options).one(html);
        let outer = self.base.clone();
        self.find_base(&dom.document);
        let mut pending = vec![dom.document.clone()];
        while let Some(node) = pending.pop() {
            self.node(&node);
            if let NodeData::Element { template_contents, .. } = &node.data {
                pending.extend(template_contents.borrow().clone());
            }
            pending.extend(node.children.borrow().iter().rev().cloned());
        }
        self.base = outer;
    }

    fn find_base(&mut self, document: &Handle) {
        let outer = self.base.clone().unwrap_or_else(|| Url::parse(PAGE).unwrap());
        let mut pending = vec![document.clone()];
        while let Some(node) = pending.pop() {
            let attributes = attributes(&node);
            if name(&node).is_some_and(|(name, namespace)| name == "base" && namespace == ns!(html))
                && let Some((_, href)) = attributes.iter().find(|(name, _)| name == "href")
            {
                let joined = outer.join(href).ok();
                let joined = joined.filter(|url| !matches!(url.scheme(), "data" | "javascript"));
                self.url(Kind::Base, href);
                self.base = Some(joined.unwrap_or(outer));
                return;
            }
            pending.extend(node.children.borrow().iter().rev().cloned());
        }
        self.base = Some(outer);
    }

    fn node(&mut self, node: &Handle) {
        let Some((name, namespace)) = name(node) else { return };
        let svg = namespace == ns!(svg);
        let attributes = attributes(node);
        let tag = Tag { name, svg, attributes: &attributes, text: text(node) };
        for (name, value) in tag.attributes {
            if name == "style" {
                self.inline(Kind::StyleAttribute, value);
                self.css(&format!("a{{{value}}}"));
            } else if HANDLERS.contains(&name.as_str()) {
                self.inline(Kind::EventHandler, value);
            }
        }
        match tag.name.as_str() {
            _ if namespace == ns!(mathml) => {}
            // Whoever reads a `<noscript>` runs no scripts.
            "script" => {
                if self.page {
                    self.script(&tag);
                }
            }
            "style" if tag.type_is_css() => {
                self.inline(Kind::InlineStyle, &tag.text);
                self.css(&tag.text);
            }
            "noscript" if !tag.svg => {
                let outer = std::mem::replace(&mut self.page, false);
                self.document(&tag.text);
                self.page = outer;
            }
            _ if tag.svg => self.svg(&tag),
            _ => self.html(&tag),
        }
    }

    fn script(&mut self, tag: &Tag<'_>) {
        let source = match tag.svg {
            true => tag.get("href").or_else(|| tag.get("xlink:href")),
            false => tag.get("src"),
        };
        let declared = tag.get("type").map(|own| own.trim().to_ascii_lowercase());
        let kind = match declared.as_deref() {
            None | Some("" | "module") => Kind::InlineScript,
            Some("importmap") => Kind::ImportMap,
            Some("speculationrules") => Kind::SpeculationRules,
            Some(own) if own.ends_with("/javascript") => Kind::InlineScript,
            Some(_) => Kind::DataBlock,
        };
        let is_classic = kind == Kind::InlineScript && declared.as_deref() != Some("module");
        if is_classic && tag.get("nomodule").is_some() && !tag.svg {
            return;
        }
        match source {
            Some(source) if kind == Kind::InlineScript => self.url(Kind::Script, source),
            Some(_) if kind == Kind::ImportMap => {}
            _ if !tag.text.is_empty() => self.inline(kind, &tag.text),
            _ => {}
        }
    }

    fn svg(&mut self, tag: &Tag<'_>) {
        let Some(href) = tag.get("href").or_else(|| tag.get("xlink:href")) else { return };
        match tag.name.as_str() {
            "a" => self.javascript(href),
            "image" | "feimage" | "use" if !href.trim_start().starts_with('#') => {
                self.url(Kind::Image, href);
            }
            _ => {}
        }
    }

    fn html(&mut self, tag: &Tag<'_>) {
        for (element, attribute, kind) in LOADING {
            if *element == tag.name && (*attribute != "src" || tag.get("srcdoc").is_none()) {
                tag.get(attribute).into_iter().for_each(|url| self.url(*kind, url));
            }
        }
        match tag.name.as_str() {
            "a" | "area" => tag.get("href").into_iter().for_each(|href| self.javascript(href)),
            "iframe" => {
                tag.get("src")
                    .filter(|_| tag.get("srcdoc").is_none())
                    .into_iter()
                    .for_each(|src| self.javascript(src));
                if let Some(srcdoc) = tag.get("srcdoc") {
                    self.document(srcdoc);
                }
            }
            "form" if tag.get("action").is_none_or(str::is_empty) => {
                self.items.insert((Kind::FormAction, PAGE.to_owned()));
            }
            "input" if tag.is("type", "image") => {
                tag.get("src").into_iter().for_each(|url| self.url(Kind::Image, url));
            }
            "link" => self.link(tag),
            "meta" if tag.is("http-equiv", "refresh") => {
                let content = tag.get("content").unwrap_or_default().replace("URL=", "url=");
                if let Some((_, url)) = content.split_once("url=") {
                    self.url(Kind::Navigation, url);
                }
            }
            _ => {}
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let Some(href) = tag.get("href") else { return };
        for rel in tag.get("rel").unwrap_or_default().split_ascii_whitespace() {
            match rel.to_ascii_lowercase().as_str() {
                "stylesheet" if tag.type_is_css() => self.url(Kind::Style, href),
                "icon" | "apple-touch-icon" | "mask-icon" => self.url(Kind::Image, href),
                "manifest" => self.url(Kind::Manifest, href),
                "modulepreload" => self.url(Kind::Script, href),
                "prefetch" => self.url(Kind::Prefetch, href),
                "preload" if tag.is("as", "font") => self.url(Kind::Font, href),
                "preload" if tag.is("as", "script") => self.url(Kind::Script, href),
                "preload" if tag.is("as", "style") => self.url(Kind::Style, href),
                _ => {}
            }
        }
    }

    fn inline(&mut self, kind: Kind, text: &str) {
        self.items.insert((kind, sha256(text)));
    }

    fn javascript(&mut self, href: &str) {
        if let Ok(url) = Url::parse(href)
            && url.scheme() == "javascript"
        {
            self.inline(Kind::JavascriptUrl, url.as_str());
        }
    }

    fn url(&mut self, kind: Kind, reference: &str) {
        let base = self.base.clone().unwrap_or_else(|| Url::parse(PAGE).unwrap());
        let trimmed = reference.trim_matches(|c: char| c.is_ascii_whitespace());
        let Ok(mut url) = base.join(trimmed) else { return };
        if trimmed.is_empty() || matches!(url.scheme(), "about" | "javascript") {
            return;
        }
        url.set_fragment(None);
        self.items.insert((kind, url.into()));
    }

    /// What a style sheet loads is for other tests to doubt.
    fn css(&mut self, css: &str) {
        for asset in read_style_sheet(PATH, css.as_bytes(), &SiteOrigin::unknown()).assets {
            let Content::Url(url) = asset.content else { continue };
            // Its reader takes the page for the base of a relative address.
            if Url::parse(&url).is_ok() {
                self.url(asset.kind, &url);
            }
        }
    }
}

fn name(node: &Handle) -> Option<(String, Namespace)> {
    let NodeData::Element { name, .. } = &node.data else { return None };
    Some((name.local.to_ascii_lowercase().to_string(), name.ns.clone()))
}

fn attributes(node: &Handle) -> Vec<(String, String)> {
    let NodeData::Element { attrs, .. } = &node.data else { return Vec::new() };
    let name = |name: &html5ever::QualName| match &name.prefix {
        Some(prefix) => format!("{prefix}:{}", name.local),
        None => name.local.to_string(),
    };
    let attrs = attrs.borrow();
    attrs.iter().map(|own| (name(&own.name).to_ascii_lowercase(), own.value.to_string())).collect()
}

/// The text directly in an element, which is what a script runs and a style sheet is.
fn text(node: &Handle) -> String {
    let children = node.children.borrow();
    let texts = children.iter().filter_map(|child| match &child.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    });
    texts.collect()
}

const HANDLERS: [&str; 6] = ["onclick", "onload", "onerror", "onsubmit", "onchange", "onfocus"];

const LOADING: &[(&str, &str, Kind)] = &[
    ("a", "ping", Kind::Connect),
    ("audio", "src", Kind::Media),
    ("body", "background", Kind::Image),
    ("button", "formaction", Kind::FormAction),
    ("embed", "src", Kind::Frame),
    ("embed", "src", Kind::Object),
    ("form", "action", Kind::FormAction),
    ("frame", "src", Kind::Frame),
    ("iframe", "src", Kind::Frame),
    ("img", "src", Kind::Image),
    ("object", "data", Kind::Frame),
    ("object", "data", Kind::Object),
    ("source", "src", Kind::Media),
    ("td", "background", Kind::Image),
    ("track", "src", Kind::Media),
    ("video", "poster", Kind::Image),
    ("video", "src", Kind::Media),
];
