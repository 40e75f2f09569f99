//! What is known of the page, style sheet or script being read.

use std::collections::{HashMap, HashSet};

use super::address::{Base, unread_code};
use super::css;
use super::digest::sha256;
use super::element::{self, Start};
use super::encoding::Decoded;
use super::features::Grantee;
use super::html;
use super::javascript::{self, Goal, Use, What};
use super::model::{Asset, Content, File, Kind, MetaPolicy, Page, ScriptAttributes, Unread};
use super::reader::Reader;
use super::script_data::{self, Named};
use crate::text::{Position, Positions};

/// Where a text stands in the page: markup in a `<noscript>` has places of its own, markup in an attribute has not.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// It begins at this offset.
    Offset(usize),
    /// All of it counts as standing at this offset.
    Fixed(usize),
}

impl Place {
    /// The page's offset for one of the text.
    pub(super) const fn of(self, offset: usize) -> usize {
        match self {
            Self::Offset(start) => start + offset,
            Self::Fixed(at) => at,
        }
    }

    /// The place of a text that begins at `offset` of this one.
    pub(super) const fn within(self, offset: usize) -> Self {
        match self {
            Self::Offset(start) => Self::Offset(start + offset),
            Self::Fixed(_) => self,
        }
    }
}

/// An asset, its place still an offset.
struct Found {
    offset: usize,
    asset: Asset,
    unread: Option<javascript::Unread>,
}

/// The page or file so far.
pub(super) struct Document<'r> {
    reader: &'r Reader,
    base: Base,
    has_base: bool,
    has_icon: bool,
    own: Content,
    found: Vec<Found>,
    /// The policies in the page's head, each with the place of its `<meta>`.
    meta_policies: Vec<(usize, String)>,
    /// Whether nothing but what a head holds was read so far.
    in_head: bool,
    /// Where modules are that are imported by a name, as import maps say.
    imports: HashMap<String, Content>,
    /// How many texts of markup are around the one being read.
    depth: usize,
    /// Whether scripts in the markup being read do not run.
    inert: bool,
}

/// What holds around a nested text.
pub(super) struct Outer {
    base: Base,
    has_base: bool,
    inert: bool,
}

impl<'r> Document<'r> {
    pub(super) fn new(base: Base, reader: &'r Reader) -> Self {
        Self {
            reader,
            own: base.own(),
            base,
            has_base: false,
            has_icon: false,
            found: Vec::new(),
            meta_policies: Vec::new(),
            in_head: true,
            imports: HashMap::new(),
            depth: 0,
            inert: false,
        }
    }

    /// Markup at this depth is read from now on; tells at which it was before.
    pub(super) const fn enter(&mut self, depth: usize) -> usize {
        std::mem::replace(&mut self.depth, depth)
    }

    /// Whether scripts in the markup being read do not run.
    pub(super) const fn is_inert(&self) -> bool {
        self.inert
    }

    /// Begins a text of markup that has a `<base>` of its own, and in which scripts run or not; gives what held before.
    pub(super) fn begin_nested(&mut self, runs_scripts: bool) -> Outer {
        let has_base = std::mem::replace(&mut self.has_base, false);
        Outer { base: self.base.clone(), has_base, inert: self.set_inert(!runs_scripts) }
    }

    /// Goes back to what held before a nested text.
    pub(super) fn end_nested(&mut self, outer: Outer) {
        self.base = outer.base;
        self.has_base = outer.has_base;
        self.inert = outer.inert;
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
    pub(super) fn add_script(
        &mut self,
        reference: &str,
        attributes: ScriptAttributes,
        offset: usize,
    ) {
        if let Some(content) = self.base.resolve(reference) {
            self.add(Kind::Script, content, offset).asset.script = Some(Box::new(attributes));
        }
    }

    /// A form's target; the page itself if there is none.
    pub(super) fn add_form_target(&mut self, action: &str, offset: usize) {
        if action.trim_matches(|c: char| c.is_ascii_whitespace()).is_empty() {
            self.add(Kind::FormAction, self.own.clone(), offset);
        } else if !self.add_javascript_url(action, offset) {
            self.add_url(Kind::FormAction, action, offset);
        }
    }

    /// A feature that the page itself uses.
    pub(super) fn add_feature(&mut self, feature: &str, offset: usize) {
        self.add_feature_for(feature, None, offset);
    }

    /// A feature that a frame with this `src` may use, as its `allow` attribute says. What a frame of the site itself uses,
    /// the site uses.
    pub(super) fn add_delegation(
        &mut self,
        feature: &str,
        grantee: Grantee<'_>,
        source: &str,
        offset: usize,
    ) {
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
    pub(super) fn add_style_sheet(&mut self, reference: &str, start: Start) {
        if let Some(content) = self.base.resolve(reference) {
            self.add(Kind::Style, content, start.offset).asset.script = start.attributes;
        }
    }

    /// Inline text, and nothing of what it does; none if it is not known, but only the code that makes it.
    pub(super) fn add_inline(&mut self, kind: Kind, content: &str, start: impl Into<Start>) {
        let start = start.into();
        let content = match unread_code(content) {
            Some(code) => Content::Code { code: code.to_owned() },
            None => Content::Inline { hash: sha256(content), bytes: content.len() },
        };
        self.add(kind, content, start.offset).asset.script = start.attributes;
    }

    /// Inline code, which begins at `place`, and what it does.
    pub(super) fn add_code(
        &mut self,
        kind: Kind,
        goal: Goal,
        content: &str,
        start: impl Into<Start>,
        place: Place,
    ) {
        self.add_inline(kind, content, start);
        if unread_code(content).is_some() {
            return;
        }
        match &*self.reader.inline(content, goal) {
            Ok(uses) => {
                let base = self.base.clone();
                self.add_uses_at(uses, &base, place);
            }
            Err(unread) => self.set_unread(unread, place),
        }
    }

    /// A data block, which begins at `place`, and what it names.
    pub(super) fn add_data(&mut self, kind: Kind, content: &str, start: Start, place: Place) {
        let offset = start.offset;
        self.add_inline(kind, content, start);
        match script_data::read(kind, content) {
            Ok(named) => named.into_iter().for_each(|named| self.add_named(named, offset)),
            Err(unread) => self.set_unread(&unread, place),
        }
    }

    fn add_named(&mut self, named: Named, offset: usize) {
        let Some(content) = self.base.resolve(&named.url) else { return };
        if let Some(specifier) = named.specifier {
            self.imports.insert(specifier, content.clone());
        }
        let found = self.add(named.kind, content, offset);
        if named.kind == Kind::Script {
            let integrity = named.integrity;
            let attributes =
                ScriptAttributes { integrity, module: true, ..ScriptAttributes::default() };
            found.asset.script = Some(Box::new(attributes));
        }
    }

    /// Says of the code that was added last that it cannot be read.
    fn set_unread(&mut self, unread: &javascript::Unread, place: Place) {
        if let Some(found) = self.found.last_mut() {
            let javascript::Unread { offset, message } = unread.clone();
            found.unread = Some(javascript::Unread { offset: place.of(offset), message });
        }
    }

    /// A `javascript:` URL; tells whether it is one.
    pub(super) fn add_javascript_url(&mut self, reference: &str, offset: usize) -> bool {
        let url = self.base.javascript(reference);
        if let Some(url) = &url {
            // Its scheme reads as a label before the code.
            self.add_code(Kind::JavascriptUrl, Goal::Classic, url, offset, Place::Fixed(offset));
        }
        url.is_some()
    }

    /// The text of a `<style>`, and what it loads.
    pub(super) fn add_style(&mut self, content: &str, start: Start, place: Place) {
        self.add_inline(Kind::InlineStyle, content, start);
        for reference in css::references(content) {
            self.add_url(reference.kind, &reference.url, place.of(reference.offset));
        }
    }

    /// A `style` attribute, and what it loads.
    pub(super) fn add_style_attribute(&mut self, content: &str, offset: usize) {
        self.add_inline(Kind::StyleAttribute, content, offset);
        self.add_css_value(content, offset);
    }

    /// What an attribute that holds CSS loads, such as SVG's `filter`.
    pub(super) fn add_css_value(&mut self, content: &str, offset: usize) {
        if unread_code(content).is_none() {
            for reference in css::references(content) {
                self.add_url(reference.kind, &reference.url, offset);
            }
        }
    }

    /// What a script file of this address does.
    pub(super) fn add_uses(&mut self, uses: &[Use], script: &Base) {
        self.add_uses_at(uses, script, Place::Offset(0));
    }

    /// What a script that stands at `place` does, each thing once.
    fn add_uses_at(&mut self, uses: &[Use], script: &Base, place: Place) {
        let first = self.found.len();
        for Use { offset, what } in uses {
            self.add_use(what, script, place.of(*offset));
        }
        let mut seen = HashSet::new();
        let added = self.found.split_off(first);
        let is_new = |found: &Found| seen.insert((found.asset.kind, found.asset.content.clone()));
        self.found.extend(added.into_iter().filter(is_new));
    }

    fn add_use(&mut self, what: &What, script: &Base, offset: usize) {
        match what {
            What::Url(kind, reference, base) => {
                let base = if *base == javascript::Base::Script { script } else { &self.base };
                if let Some(content) = base.resolve(reference) {
                    self.add(*kind, sayable(content), offset);
                }
            }
            What::Import(specifier) => self.add_import(specifier, script, offset),
            What::Element { name, attributes, text } => {
                element::read_made(name, attributes, text.as_deref(), self, offset);
            }
            What::Markup { text, runs_scripts } => {
                let outer = self.set_inert(!runs_scripts);
                html::scan(self, text, Place::Fixed(offset), self.depth + 1);
                self.set_inert(outer);
            }
            What::Css(css) => self.add_css_value(css, offset),
            What::Feature(feature) => self.add_feature(feature, offset),
            What::Policy(name) => self.add_trusted_types_policy(name, offset),
            What::Code(kind, code) => {
                self.add(*kind, Content::Code { code: code.clone() }, offset);
            }
        }
    }

    fn add_trusted_types_policy(&mut self, name: &str, offset: usize) {
        let content = match unread_code(name) {
            Some(code) => Content::Code { code: code.to_owned() },
            None => Content::Policy { policy: Box::from(name) },
        };
        self.add(Kind::TrustedTypesPolicy, content, offset);
    }

    /// A module that a script imports: by its URL, or else by a name that an import map has to know.
    fn add_import(&mut self, specifier: &str, script: &Base, offset: usize) {
        let content = if Base::is_url_like(specifier) || unread_code(specifier).is_some() {
            script.resolve(specifier)
        } else {
            let mapped = self.imports.get(specifier).cloned();
            Some(mapped.unwrap_or_else(|| Content::Code { code: specifier.to_owned() }))
        };
        if let Some(content) = content {
            let attributes = ScriptAttributes { module: true, ..ScriptAttributes::default() };
            self.add(Kind::Script, content, offset).asset.script = Some(Box::new(attributes));
        }
    }

    /// `<base href>`: of several, the first counts.
    pub(super) fn set_base(&mut self, href: &str, offset: usize) {
        if !self.has_base {
            self.has_base = true;
            self.add_url(Kind::Base, href, offset);
            self.base.rebase(href);
        }
    }

    /// The page names its icon.
    pub(super) const fn set_icon(&mut self) {
        self.has_icon = true;
    }

    /// An element of this name begins, of whatever kind it is.
    pub(super) fn begin_element(&mut self, name: &str) {
        self.in_head = self.in_head && element::may_stand_in_head(name);
    }

    /// What was read does not stand in the head, and nothing after it does.
    pub(super) const fn end_head(&mut self) {
        self.in_head = false;
    }

    /// A policy in a `<meta>`: browsers take it in the head only (HTML, "Content security policy state"), and that of a nested
    /// text is not the page's.
    pub(super) fn add_meta_policy(&mut self, policy: &str, offset: usize) {
        if self.in_head && self.depth == 0 {
            self.meta_policies.push((offset, policy.to_owned()));
        }
    }

    /// The icon that browsers ask for where the page names none.
    pub(super) fn add_favicon(&mut self) {
        if !self.has_icon {
            let icon = Content::Url(Box::from("/favicon.ico"));
            self.add(Kind::Image, icon, 0).asset.implicit = true;
        }
    }

    /// The page.
    pub(super) fn into_page(self, path: &str, decoded: &Decoded<'_>) -> Page {
        let mut positions = Positions::new(decoded.text.as_bytes());
        let meta_policies = self.meta_policies.into_iter().map(|(offset, policy)| {
            let Position { line, column } = positions.at(offset);
            MetaPolicy { policy, line, column }
        });
        let meta_policies = meta_policies.collect();
        Page {
            path: path.to_owned(),
            assets: placed(self.found, &decoded.text),
            meta_policies,
            encoding_guessed: decoded.guessed,
        }
    }

    /// The file, with the reason why it could not be read.
    pub(super) fn into_file(
        self,
        path: &str,
        text: &str,
        unread: Option<javascript::Unread>,
    ) -> File {
        let mut positions = Positions::new(text.as_bytes());
        let unread = unread.map(|unread| located(unread, &mut positions));
        File { path: path.to_owned(), assets: placed(self.found, text), unread, hash: None }
    }
}

/// An address in a script as it is, if its host can stand in a source expression (CSP Level 3, section 2.3.1: letters,
/// digits, hyphens and dots); others, such as IPv6 addresses of test set-ups, are kept as code.
fn sayable(content: Content) -> Content {
    let Content::Url(address) = &content else { return content };
    let parsed = url::Url::parse(address);
    let host = parsed.as_ref().ok().and_then(url::Url::host_str).unwrap_or_default();
    if host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) {
        return content;
    }
    Content::Code { code: address.to_string() }
}

/// The assets in the order of the text.
fn placed(mut found: Vec<Found>, text: &str) -> Vec<Asset> {
    found.sort_by_key(|found| found.offset);
    let mut positions = Positions::new(text.as_bytes());
    let place = |Found { offset, asset, unread }: Found| {
        let Position { line, column } = positions.at(offset);
        let unread = unread.map(|unread| Box::new(located(unread, &mut positions)));
        Asset { line, column, unread, ..asset }
    };
    found.into_iter().map(place).collect()
}

fn located(unread: javascript::Unread, positions: &mut Positions<'_>) -> Unread {
    let Position { line, column } = positions.at(unread.offset);
    Unread { line, column, message: unread.message }
}
