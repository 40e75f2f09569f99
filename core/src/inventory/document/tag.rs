//! Start tags.

use std::borrow::Cow;

use super::tokenizer::normalize;
use crate::inventory::model::ScriptAttributes;

/// What an element is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    Html,
    Svg,
    MathMl,
}

/// A start tag.
pub(super) struct Tag<'a> {
    /// The name in lower case.
    pub(super) name: &'a str,
    pub(super) namespace: Namespace,
    pub(super) attributes: &'a [Attribute<'a>],
    /// Where it stands in the page.
    pub(super) offset: usize,
    /// Whether a script made it, rather than the parser.
    pub(super) made: bool,
}

/// An attribute.
pub(super) struct Attribute<'a> {
    /// The name as written.
    pub(super) name: &'a str,
    value: &'a str,
    is_decoded: bool,
    /// Where it stands in the page.
    pub(super) offset: usize,
}

impl<'a> Attribute<'a> {
    /// One as it is written in HTML.
    pub(super) const fn written(name: &'a str, value: &'a str, offset: usize) -> Self {
        Self { name, value, is_decoded: false, offset }
    }

    /// One whose value holds no character references any more.
    pub(super) const fn decoded(name: &'a str, value: &'a str, offset: usize) -> Self {
        Self { name, value, is_decoded: true, offset }
    }

    /// Whether it has this name.
    pub(super) const fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether it is code by its name, perhaps: `style` or `on…`.
    pub(super) fn may_be_code(&self) -> bool {
        matches!(
            self.name.as_bytes(),
            [b's' | b'S', b't' | b'T', ..] | [b'o' | b'O', b'n' | b'N', ..]
        )
    }

    /// The value, decoded.
    pub(super) fn value(&self) -> Cow<'a, str> {
        if self.is_decoded {
            return Cow::Borrowed(self.value);
        }
        match normalize(self.value) {
            Cow::Borrowed(value) => htmlize::unescape_attribute(value),
            Cow::Owned(value) => htmlize::unescape_attribute(value),
        }
    }
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
    pub(super) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attributes.iter().find(|attribute| attribute.is(name)).map(Attribute::value)
    }

    /// What an element of SVG or MathML refers to.
    pub(super) fn foreign_href(&self) -> Option<Cow<'_, str>> {
        self.get("href").or_else(|| self.get("xlink:href"))
    }

    fn is_html(&self, name: &str) -> bool {
        self.namespace == Namespace::Html && self.name == name
    }

    /// Whether the attribute of this name says this, which an enumerated one does without white space (HTML, section 2.3.3).
    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|found| found.eq_ignore_ascii_case(value))
    }

    /// Whether it declares a policy of the page's own. One that a script makes holds from then on, which reading does not
    /// tell.
    pub(super) fn declares_policy(&self) -> bool {
        self.is_html("meta") && self.is("http-equiv", "content-security-policy") && !self.made
    }

    /// The document inside an `<iframe srcdoc>`.
    pub(super) fn srcdoc(&self) -> Option<Cow<'_, str>> {
        self.is_html("iframe").then(|| self.get("srcdoc")).flatten()
    }

    /// What it says of itself as a script.
    pub(super) fn script_attributes(&self, module: bool) -> ScriptAttributes {
        let owned = |name| self.get(name).map(Cow::into_owned);
        ScriptAttributes {
            integrity: owned("integrity"),
            crossorigin: owned("crossorigin"),
            nonce: owned("nonce"),
            module,
            parser_inserted: !self.made,
            ..ScriptAttributes::default()
        }
    }

    /// Whether the type of a style sheet is absent or CSS; any other one is not applied. A parameter does not matter.
    pub(super) fn is_css(&self) -> bool {
        self.get("type").is_none_or(|declared| {
            let essence = declared.split(';').next().unwrap_or_default().trim_ascii();
            declared.is_empty() || essence.eq_ignore_ascii_case("text/css")
        })
    }
}
