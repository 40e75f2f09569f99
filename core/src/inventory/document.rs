//! What is known of the page being read.

use super::address::Base;
use super::css;
use super::digest::sha256;
use super::encoding::Decoded;
use super::model::{Asset, Content, Kind, Page, ScriptAttributes};
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

/// The page so far.
pub(super) struct Document {
    base: Base,
    has_base: bool,
    has_icon: bool,
    own: Box<str>,
    found: Vec<(usize, Asset)>,
    meta_policies: Vec<String>,
}

impl Document {
    pub(super) fn new(base: Base) -> Self {
        let own = base.own();
        Self {
            base,
            own,
            has_base: false,
            has_icon: false,
            found: Vec::new(),
            meta_policies: Vec::new(),
        }
    }

    fn add(&mut self, kind: Kind, content: Content, offset: usize) -> &mut Asset {
        &mut self.found.push_mut((offset, Asset::at(kind, content, Position::default()))).1
    }

    /// Something loaded from `reference`, if a browser would load it.
    pub(super) fn add_url(&mut self, kind: Kind, reference: &str, offset: usize) {
        if let Some(address) = self.base.resolve(reference) {
            self.add(kind, Content::Url(address), offset);
        }
    }

    /// An external script.
    pub(super) fn add_script(
        &mut self,
        reference: &str,
        attributes: ScriptAttributes,
        offset: usize,
    ) {
        if let Some(address) = self.base.resolve(reference) {
            self.add(Kind::Script, Content::Url(address), offset).script =
                Some(Box::new(attributes));
        }
    }

    /// A form's target; the page itself if there is none.
    pub(super) fn add_form_target(&mut self, action: &str, offset: usize) {
        if action.trim_matches(|c: char| c.is_ascii_whitespace()).is_empty() {
            self.add(Kind::FormAction, Content::Url(self.own.clone()), offset);
        } else if !self.add_javascript_url(action, offset) {
            self.add_url(Kind::FormAction, action, offset);
        }
    }

    /// Inline code.
    pub(super) fn add_inline(&mut self, kind: Kind, content: &str, offset: usize) {
        let inline = Content::Inline { hash: sha256(content), bytes: content.len() };
        self.add(kind, inline, offset);
    }

    /// A `javascript:` URL; tells whether it is one.
    pub(super) fn add_javascript_url(&mut self, reference: &str, offset: usize) -> bool {
        let url = self.base.javascript(reference);
        if let Some(url) = &url {
            self.add_inline(Kind::JavascriptUrl, url, offset);
        }
        url.is_some()
    }

    /// The text of a `<style>`, and what it loads.
    pub(super) fn add_style(&mut self, content: &str, offset: usize, end: usize) {
        self.add_inline(Kind::InlineStyle, content, offset);
        let start = end.saturating_sub(content.len()).max(offset);
        for reference in css::references(content) {
            self.add_url(reference.kind, &reference.url, start + reference.offset);
        }
    }

    /// A `style` attribute, and what it loads.
    pub(super) fn add_style_attribute(&mut self, content: &str, offset: usize) {
        self.add_inline(Kind::StyleAttribute, content, offset);
        self.add_css_value(content, offset);
    }

    /// What an attribute that holds CSS loads, such as SVG's `filter`.
    pub(super) fn add_css_value(&mut self, content: &str, offset: usize) {
        for reference in css::references(content) {
            self.add_url(reference.kind, &reference.url, offset);
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

    /// A policy in a `<meta>`.
    pub(super) fn add_meta_policy(&mut self, policy: &str) {
        self.meta_policies.push(policy.to_owned());
    }

    /// The icon that browsers ask for where the page names none.
    pub(super) fn add_favicon(&mut self) {
        if !self.has_icon {
            self.add(Kind::Image, Content::Url(Box::from("/favicon.ico")), 0).implicit = true;
        }
    }

    /// The page, its assets in the order of the text.
    pub(super) fn into_page(mut self, path: &str, decoded: &Decoded<'_>) -> Page {
        self.found.sort_by_key(|(offset, _)| *offset);
        let mut positions = Positions::new(decoded.text.as_bytes());
        let placed = |(offset, asset): (usize, Asset)| {
            let Position { line, column } = positions.at(offset);
            Asset { line, column, ..asset }
        };
        let assets = self.found.into_iter().map(placed).collect();
        Page {
            path: path.to_owned(),
            assets,
            meta_policies: self.meta_policies,
            encoding_guessed: decoded.guessed,
        }
    }
}
