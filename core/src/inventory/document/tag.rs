//! Start tags.

use std::borrow::Cow;

use crate::inventory::model::ScriptAttributes;

/// A start tag.
pub(super) struct Tag<'a> {
    /// The name in lower case.
    pub(super) name: &'a str,
    /// Whether it is an SVG element.
    pub(super) svg: bool,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Where it stands in the page.
    pub(super) offset: usize,
    /// Whether a script made it, rather than the parser.
    pub(super) made: bool,
}

/// An attribute.
pub(super) struct Attribute<'a> {
    /// The name as written.
    pub(super) name: &'a str,
    /// The value, decoded.
    pub(super) value: Cow<'a, str>,
    /// Where it stands in the page.
    pub(super) offset: usize,
}

/// Where an element stands, and what it says of itself if it has a nonce.
pub(super) struct Start {
    pub(super) offset: usize,
    pub(super) attributes: Option<Box<ScriptAttributes>>,
}

impl From<usize> for Start {
    fn from(offset: usize) -> Self {
        Self { offset, attributes: None }
    }
}

impl Tag<'_> {
    /// Where it stands, with its nonce.
    pub(super) fn start(&self) -> Start {
        let attributes = self.get("nonce").map(|_| Box::new(self.script_attributes(false)));
        Start { offset: self.offset, attributes }
    }

    /// The value of the first attribute of this name (HTML drops repeated ones).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found =
            self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        found.map(|attribute| &*attribute.value)
    }

    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
    }

    /// Whether it declares a policy of the page's own. One that a script makes holds from then on, which reading does not
    /// tell.
    pub(super) fn declares_policy(&self) -> bool {
        self.name == "meta" && self.is("http-equiv", "content-security-policy") && !self.made
    }

    /// The document inside an `<iframe srcdoc>`.
    pub(super) fn srcdoc(&self) -> Option<&str> {
        (self.name == "iframe").then(|| self.get("srcdoc")).flatten()
    }

    /// What it says of itself as a script.
    pub(super) fn script_attributes(&self, module: bool) -> ScriptAttributes {
        let owned = |name| self.get(name).map(str::to_owned);
        ScriptAttributes {
            integrity: owned("integrity"),
            crossorigin: owned("crossorigin"),
            nonce: owned("nonce"),
            module,
            parser_inserted: !self.made,
        }
    }

    /// Whether the type of a style sheet is absent or CSS; any other one is not applied.
    pub(super) fn is_css(&self) -> bool {
        self.get("type")
            .is_none_or(|declared| declared.is_empty() || declared.eq_ignore_ascii_case("text/css"))
    }
}
