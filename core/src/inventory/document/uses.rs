//! What scripts do, as if it stood in the page that runs them.

use std::collections::HashSet;

use super::{Document, Found, Place, element, html};
use crate::inventory::address::{Base, unread_code, unread_content};
use crate::inventory::import_map::{self, Resolved};
use crate::inventory::javascript::{self, Use, What};
use crate::inventory::model::{Content, Kind, ScriptAttributes};

impl Document<'_> {
    /// What a script file of this address does.
    pub(in crate::inventory) fn add_uses(&mut self, uses: &[Use], script: &Base) {
        self.add_uses_at(uses, script, Place::Offset(0));
    }

    /// What a script that stands at `place` does, each thing once.
    pub(super) fn add_uses_at(&mut self, uses: &[Use], script: &Base, place: Place) {
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
            What::Import(kind, specifier) => self.add_import(*kind, specifier, script, offset),
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
        let known = || Content::Policy { policy: Box::from(name) };
        let content = unread_content(name).unwrap_or_else(known);
        self.add(Kind::TrustedTypesPolicy, content, offset);
    }

    /// A module that a script imports: by its URL, or else by a name that an import map has to know. If a page is being
    /// read, that is its own; the one of the page that runs a file is not known.
    fn add_import(&mut self, kind: Kind, specifier: &str, script: &Base, offset: usize) {
        let content = if Base::is_url_like(specifier) || unread_code(specifier).is_some() {
            script.resolve(specifier)
        } else {
            Some(Content::Module { specifier: Box::from(specifier) })
        };
        if let Some(content) = content.map(|content| self.mapped(content, script)) {
            let attributes = ScriptAttributes {
                module: true,
                imported: true,
                frame: self.frame,
                ..ScriptAttributes::default()
            };
            let attributes = (kind == Kind::Script).then(|| Box::new(attributes));
            self.add(kind, content, offset).asset.script = attributes;
        }
    }

    /// The module that is imported in place of this one, as the import map of the document being read says; a mere name
    /// where it says that there is none.
    fn mapped(&self, content: Content, script: &Base) -> Content {
        let (Content::Url(specifier) | Content::Module { specifier }) = &content else {
            return content;
        };
        match import_map::resolve(&self.imports, self.frame, specifier, &script.itself()) {
            Resolved::Address(address) => Content::Url(address),
            Resolved::Nothing => Content::Module { specifier: specifier.clone() },
            Resolved::Unmapped => content,
        }
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
