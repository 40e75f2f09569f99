//! A page, style sheet or script being read, and what was found in it so far.
//!
//! `encoding.rs` makes a page's bytes text; `html.rs` (on `tokenizer.rs`) and `xml.rs` tell its elements and their text;
//! `element.rs` what an element loads and runs (`link_element.rs` that of `<link>`); `uses.rs` what scripts do, which may be
//! to make elements and markup in turn.

mod element;
mod elements;
mod encoding;
mod ended_formatting;
mod html;
mod link_element;
mod names;
mod open_elements;
mod place;
mod script_type;
mod srcset;
mod tag;
#[cfg(test)]
mod tests;
mod tokenizer;
mod uses;
mod xml;

use super::address::{Base, unread_code, unread_content};
use super::css;
use super::digest::sha256;
use super::encoding::Decode;
use super::features::Grantee;
use super::javascript::Goal;
use super::memo::Memo;
use super::model::{
    Asset, Content, File, Import, Kind, MetaPolicy, Mistake, Page, ScriptAttributes, UNNAMED_ICON,
};
use super::role;
use super::script_data::{self, Name, Named};
use crate::text::{Position, Positions};
use encoding::{Decoded, decode_page};
use place::Place;
use tag::Start;

pub use elements::{Element, elements, is_code};

/// An asset, its place still an offset.
struct Found {
    offset: usize,
    asset: Asset,
    unread: Option<Mistake>,
}

/// The page or file so far.
pub(super) struct Document<'r> {
    memo: &'r Memo,
    base: Base,
    has_base: bool,
    has_icon: bool,
    own: Content,
    found: Vec<Found>,
    /// The policies in the page's head, each with the place of its `<meta>`.
    meta_policies: Vec<(usize, String)>,
    /// Whether nothing but what a head holds was read so far.
    in_head: bool,
    /// Where modules are that are imported, as the import maps of all documents of the page say.
    imports: Vec<Import>,
    /// The number of the document being read: 0 is the page, the others its frames with `srcdoc`.
    frame: usize,
    /// How many documents there were.
    frames: usize,
    /// How many texts of markup are around the one being read.
    depth: usize,
    /// Whether scripts in the markup being read do not run.
    inert: bool,
}

/// What holds around a nested text.
struct Outer {
    base: Base,
    has_base: bool,
    inert: bool,
    frame: usize,
}

impl<'r> Document<'r> {
    pub(super) fn new(base: Base, memo: &'r Memo) -> Self {
        Self {
            memo,
            own: base.own(),
            base,
            has_base: false,
            has_icon: false,
            found: Vec::new(),
            meta_policies: Vec::new(),
            in_head: true,
            imports: Vec::new(),
            frame: 0,
            frames: 1,
            depth: 0,
            inert: false,
        }
    }

    /// Markup at this depth is read from now on; tells at which it was before.
    const fn enter(&mut self, depth: usize) -> usize {
        std::mem::replace(&mut self.depth, depth)
    }

    /// Whether scripts in the markup being read do not run.
    const fn is_inert(&self) -> bool {
        self.inert
    }

    /// Begins a text of markup that has a `<base>` of its own: a document in which scripts run, or what stands in a
    /// `<noscript>`; gives what held before.
    fn begin_nested(&mut self, runs_scripts: bool) -> Outer {
        let has_base = std::mem::replace(&mut self.has_base, false);
        let inert = self.set_inert(!runs_scripts);
        let frame = self.frame;
        if runs_scripts {
            self.frame = self.frames;
            self.frames += 1;
        }
        Outer { base: self.base.clone(), has_base, inert, frame }
    }

    /// Goes back to what held before a nested text.
    fn end_nested(&mut self, outer: Outer) {
        self.base = outer.base;
        self.has_base = outer.has_base;
        self.inert = outer.inert;
        self.frame = outer.frame;
    }

    /// Says whether scripts in the markup read from now on do not run; tells what was said before.
    const fn set_inert(&mut self, inert: bool) -> bool {
        std::mem::replace(&mut self.inert, inert)
    }

    fn add(&mut self, kind: Kind, content: Content, offset: usize) -> &mut Found {
        let asset = Asset::at(kind, content, Position::default());
        self.found.push_mut(Found { offset, asset, unread: None })
    }

    /// Something loaded from `reference`, if a browser would load it.
    pub(super) fn add_url(&mut self, kind: Kind, reference: &str, offset: usize) {
        if let Some(content) = self.base.resolve(reference) {
            self.add(kind, content, offset);
        }
    }

    /// An external script.
    fn add_script(&mut self, reference: &str, attributes: ScriptAttributes, offset: usize) {
        if let Some(content) = self.base.resolve(reference) {
            let attributes = ScriptAttributes { frame: self.frame, ..attributes };
            self.add(Kind::Script, content, offset).asset.script = Some(Box::new(attributes));
        }
    }

    /// A form's target; the page itself if there is none.
    fn add_form_target(&mut self, action: &str, offset: usize) {
        if action.trim_matches(|c: char| c.is_ascii_whitespace()).is_empty() {
            self.add(Kind::FormAction, self.own.clone(), offset);
        } else if !self.add_javascript_url(action, offset) {
            self.add_url(Kind::FormAction, action, offset);
        }
    }

    /// A feature that the page itself uses.
    fn add_feature(&mut self, feature: &str, offset: usize) {
        self.add_feature_for(feature, None, offset);
    }

    /// A feature that a frame with this `src` may use, as its `allow` attribute says. What a frame of the site itself uses,
    /// the site uses.
    fn add_delegation(&mut self, feature: &str, grantee: Grantee<'_>, source: &str, offset: usize) {
        let reference = match grantee {
            Grantee::Everyone => return self.add_feature_for(feature, Some("*".into()), offset),
            Grantee::Own => "",
            Grantee::Source => source,
            Grantee::Origin(origin) => origin,
        };
        match self.base.resolve(reference) {
            None => self.add_feature(feature, offset),
            Some(Content::Url(url)) if url.starts_with('/') => self.add_feature(feature, offset),
            Some(Content::Url(url)) => {
                let origin = url::Url::parse(&url).map(|url| url.origin());
                // Only `*` would match an opaque origin, such as that of `data:`: more than the page asks for.
                if let Ok(origin @ url::Origin::Tuple(..)) = origin {
                    let origin = origin.ascii_serialization().into_boxed_str();
                    self.add_feature_for(feature, Some(origin), offset);
                }
            }
            Some(_) => {}
        }
    }

    fn add_feature_for(&mut self, feature: &str, delegated_to: Option<Box<str>>, offset: usize) {
        let feature = Box::from(feature);
        self.add(Kind::Feature, Content::Feature { feature, delegated_to }, offset);
    }

    /// A style sheet in a file.
    fn add_style_sheet(&mut self, reference: &str, start: Start) {
        if let Some(content) = self.base.resolve(reference) {
            self.add_content(Kind::Style, content, start);
        }
    }

    /// Something that is what its element holds or says.
    fn add_content(&mut self, kind: Kind, content: Content, start: Start) {
        self.add(kind, content, start.offset).asset.script = start.attributes;
    }

    /// Inline code, which begins at `place`, and what it does.
    fn add_code(
        &mut self,
        kind: Kind,
        goal: Goal,
        content: &str,
        start: impl Into<Start>,
        place: Place,
    ) {
        let start = start.into();
        if let Some(unknown) = unread_content(content) {
            return self.add_content(kind, unknown, start);
        }
        let read = self.memo.script(content, goal);
        self.add_content(kind, inline(content, read.hash.clone()), start);
        match &read.found {
            Ok(uses) => {
                let base = self.base.clone();
                self.add_uses_at(uses, &base, place);
            }
            Err(unread) => self.set_unread(unread, place),
        }
    }

    /// A data block, which begins at `place`, and what it names.
    fn add_data(&mut self, kind: Kind, content: &str, start: Start, place: Place) {
        let offset = start.offset;
        if let Some(unknown) = unread_content(content) {
            return self.add_content(kind, unknown, start);
        }
        self.add_content(kind, inline(content, sha256(content)), start);
        match script_data::read(kind, content) {
            Ok(named) => named.into_iter().for_each(|named| self.add_named(named, offset)),
            Err(unread) => self.set_unread(&unread, place),
        }
    }

    fn add_named(&mut self, named: Named, offset: usize) {
        let content = named.url.and_then(|url| self.base.resolve(&url));
        if let Some(name) = named.name {
            self.add_name(name, content.as_ref());
        }
        let Some(content) = content else { return };
        let found = self.add(named.kind, content, offset);
        if named.kind == Kind::Script {
            let integrity = named.integrity;
            let attributes =
                ScriptAttributes { integrity, module: true, ..ScriptAttributes::default() };
            found.asset.script = Some(Box::new(attributes));
        }
    }

    /// A name by which modules may import what this is (HTML, "sort and normalize a module specifier map"). A scope that is
    /// no URL has no modules.
    fn add_name(&mut self, Name { specifier, scope }: Name, content: Option<&Content>) {
        let address = |reference: &str| match self.base.resolve(reference) {
            Some(Content::Url(address)) => Some(address),
            _ => None,
        };
        let scope = match scope.map(|scope| address(&scope)) {
            None => None,
            Some(Some(scope)) => Some(scope),
            Some(None) => return,
        };
        let by_url = Some(&specifier).filter(|specifier| Base::is_url_like(specifier));
        let specifier = by_url.and_then(|url| address(url)).map_or(specifier, String::from);
        let url = match content {
            Some(Content::Url(url)) if url.ends_with('/') || !specifier.ends_with('/') => {
                Some(url.clone())
            }
            _ => None,
        };
        self.imports.push(Import { specifier, scope, url, frame: self.frame });
    }

    /// Says of the code that was added last that it cannot be read.
    fn set_unread(&mut self, unread: &Mistake, place: Place) {
        if let Some(found) = self.found.last_mut() {
            let Mistake { offset, message } = unread.clone();
            found.unread = Some(Mistake { offset: place.of(offset), message });
        }
    }

    /// A `javascript:` URL; tells whether it is one.
    fn add_javascript_url(&mut self, reference: &str, offset: usize) -> bool {
        let url = self.base.javascript(reference);
        if let Some(url) = &url {
            // Its scheme reads as a label before the code.
            self.add_code(Kind::JavascriptUrl, Goal::Classic, url, offset, Place::Fixed(offset));
        }
        url.is_some()
    }

    /// The text of a `<style>`, and what it loads.
    fn add_style(&mut self, content: &str, start: Start, place: Place) {
        if let Some(unknown) = unread_content(content) {
            return self.add_content(Kind::InlineStyle, unknown, start);
        }
        let read = self.memo.style_sheet(content);
        self.add_content(Kind::InlineStyle, inline(content, read.hash.clone()), start);
        for reference in &read.found {
            self.add_url(reference.kind, &reference.url, place.of(reference.offset));
        }
    }

    /// A `style` attribute, and what it loads.
    fn add_style_attribute(&mut self, content: &str, offset: usize) {
        let inline = unread_content(content).unwrap_or_else(|| inline(content, sha256(content)));
        self.add_content(Kind::StyleAttribute, inline, offset.into());
        self.add_css_value(content, offset);
    }

    /// What an attribute that holds CSS loads, such as SVG's `filter`.
    fn add_css_value(&mut self, content: &str, offset: usize) {
        if unread_code(content).is_none() {
            for reference in css::references(content) {
                self.add_url(reference.kind, &reference.url, offset);
            }
        }
    }

    /// `<base href>`: of several, the first counts.
    fn set_base(&mut self, href: &str, offset: usize) {
        if !self.has_base {
            self.has_base = true;
            self.add_url(Kind::Base, href, offset);
            self.base.rebase(href);
        }
    }

    /// The page names its icon.
    const fn set_icon(&mut self) {
        self.has_icon = true;
    }

    /// An element of this name begins, of whatever kind it is.
    fn begin_element(&mut self, name: &str) {
        self.in_head = self.in_head && names::may_stand_in_head(name);
    }

    /// What was read does not stand in the head, and nothing after it does.
    const fn end_head(&mut self) {
        self.in_head = false;
    }

    /// A policy in a `<meta>`: browsers take it in the head only (HTML, "Content security policy state"), and that of a nested
    /// text is not the page's.
    fn add_meta_policy(&mut self, policy: &str, offset: usize) {
        if self.in_head && self.depth == 0 {
            self.meta_policies.push((offset, policy.to_owned()));
        }
    }

    /// The icon that browsers ask for where the page names none.
    fn add_favicon(&mut self) {
        if !self.has_icon {
            let icon = Content::Url(Box::from(UNNAMED_ICON));
            self.add(Kind::Image, icon, 0).asset.implicit = true;
        }
    }

    /// Reads a page: of HTML, or by its name of XML, which may also be a drawing or data that is opened as a page.
    pub(super) fn read(mut self, path: &str, bytes: &[u8], decode: Decode) -> Page {
        let is_xml = role::is_xml(path);
        let decoded = decode_page(bytes, is_xml, decode);
        let mistake = if is_xml {
            xml::scan(&mut self, &decoded.text)
        } else {
            html::scan(&mut self, &decoded.text, Place::Offset(0), 0);
            None
        };
        self.add_favicon();
        self.into_page(path, &decoded, mistake)
    }

    /// The page, with the mistake up to which it was read.
    fn into_page(self, path: &str, decoded: &Decoded<'_>, unread: Option<Mistake>) -> Page {
        let mut positions = Positions::new(decoded.text.as_bytes());
        let meta_policies = self.meta_policies.into_iter().map(|(offset, policy)| {
            let Position { line, column } = positions.at(offset);
            MetaPolicy { policy, line, column }
        });
        let meta_policies = meta_policies.collect();
        Page {
            path: path.to_owned(),
            assets: placed(self.found, &decoded.text),
            imports: self.imports,
            meta_policies,
            encoding_guessed: decoded.guessed,
            unread: unread
                .map(|unread| unread.placed(&mut Positions::new(decoded.text.as_bytes()))),
        }
    }

    /// The file, with the reason why it could not be read.
    pub(super) fn into_file(self, path: &str, text: &str, unread: Option<Mistake>) -> File {
        let mut positions = Positions::new(text.as_bytes());
        let unread = unread.map(|unread| unread.placed(&mut positions));
        File { path: path.to_owned(), assets: placed(self.found, text), unread, hash: None }
    }
}

/// A text that stands in the page.
fn inline(content: &str, hash: String) -> Content {
    Content::Inline { hash, bytes: content.len() }
}

/// The assets in the order of the text.
fn placed(mut found: Vec<Found>, text: &str) -> Vec<Asset> {
    found.sort_by_key(|found| found.offset);
    let mut positions = Positions::new(text.as_bytes());
    let place = |Found { offset, asset, unread }: Found| {
        let Position { line, column } = positions.at(offset);
        let unread = unread.map(|unread| Box::new(unread.placed(&mut positions)));
        Asset { line, column, unread, ..asset }
    };
    found.into_iter().map(place).collect()
}
