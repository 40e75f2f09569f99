//! Foreign content: which elements are of SVG and MathML, as far as it follows from the names of tags.
//!
//! The standard looks at the stack of open elements (HTML, section 13.2.6.5). Only those of it are kept here in which the
//! namespace changes.

use super::tag::Attribute;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    Html,
    Svg,
    MathMl,
}

/// The open elements in which the namespace changes, or may.
#[derive(Default)]
pub(super) struct ForeignContent {
    open: Vec<Change>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Change {
    name: &'static str,
    /// The namespace of what is in the element.
    inside: Namespace,
}

const SVG: Change = Change { name: "svg", inside: Namespace::Svg };
const MATH: Change = Change { name: "math", inside: Namespace::MathMl };
/// Inside it, an `<svg>` is one.
const ANNOTATION: Change = Change { name: "annotation-xml", inside: Namespace::MathMl };

impl ForeignContent {
    /// The namespace of what is read.
    pub(super) fn namespace(&self) -> Namespace {
        self.open.last().map_or(Namespace::Html, |change| change.inside)
    }

    /// An element begins, whose name is in lower case; gives its namespace.
    pub(super) fn start(
        &mut self,
        name: &str,
        is_self_closing: bool,
        attributes: &[Attribute<'_>],
    ) -> Namespace {
        let around = self.namespace();
        let (own, change) = match (around, name.as_bytes()) {
            (Namespace::Html | Namespace::Svg, b"svg") => (Namespace::Svg, Some(SVG)),
            (Namespace::Html | Namespace::MathMl, b"math") => (Namespace::MathMl, Some(MATH)),
            (Namespace::Html, _) => return Namespace::Html,
            (Namespace::MathMl, b"svg") if self.open.last() == Some(&ANNOTATION) => {
                (Namespace::Svg, Some(SVG))
            }
            _ if breaks_out(name, attributes) => {
                self.leave();
                return Namespace::Html;
            }
            _ => (around, change(around, name, attributes)),
        };
        self.open.extend(change.filter(|_| !is_self_closing));
        own
    }

    /// An element of this name, in whichever case, ends.
    pub(super) fn end(&mut self, name: &str) {
        let Some(innermost) = self.open.last() else { return };
        if innermost.name.eq_ignore_ascii_case(name) {
            self.open.pop();
        } else if ["br", "p"].iter().any(|own| own.eq_ignore_ascii_case(name)) {
            self.leave();
        }
    }

    /// All foreign content ends up to the next integration point around it.
    fn leave(&mut self) {
        while self.namespace() != Namespace::Html {
            self.open.pop();
        }
    }
}

/// What an element of foreign content changes: in integration points, HTML is read (HTML, section 13.2.6).
fn change(around: Namespace, name: &str, attributes: &[Attribute<'_>]) -> Option<Change> {
    let names: &[&'static str] = match around {
        Namespace::Html => &[],
        Namespace::Svg => &["desc", "foreignobject", "title"],
        Namespace::MathMl if name == ANNOTATION.name && !attributes.iter().any(is_html) => {
            return Some(ANNOTATION);
        }
        Namespace::MathMl => &["annotation-xml", "mi", "mn", "mo", "ms", "mtext"],
    };
    let name = names.iter().copied().find(|point| *point == name)?;
    Some(Change { name, inside: Namespace::Html })
}

/// Whether this says that an annotation is HTML.
fn is_html(attribute: &Attribute<'_>) -> bool {
    let is_value = |known: &&str| attribute.value().eq_ignore_ascii_case(known);
    attribute.is("encoding") && ["text/html", "application/xhtml+xml"].iter().any(is_value)
}

/// Whether an element of this name ends the foreign content around it (HTML, section 13.2.6.5).
fn breaks_out(name: &str, attributes: &[Attribute<'_>]) -> bool {
    match name.as_bytes() {
        b"b" | b"big" | b"blockquote" | b"body" | b"br" | b"center" | b"code" | b"dd" | b"div"
        | b"dl" | b"dt" | b"em" | b"embed" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6"
        | b"head" | b"hr" | b"i" | b"img" | b"li" | b"listing" | b"menu" | b"meta" | b"nobr"
        | b"ol" | b"p" | b"pre" | b"ruby" | b"s" | b"small" | b"span" | b"strike" | b"strong"
        | b"sub" | b"sup" | b"table" | b"tt" | b"u" | b"ul" | b"var" => true,
        b"font" => {
            let is_known =
                |own: &Attribute<'_>| ["color", "face", "size"].iter().any(|name| own.is(name));
            attributes.iter().any(is_known)
        }
        _ => false,
    }
}
