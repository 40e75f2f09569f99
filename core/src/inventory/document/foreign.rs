//! Foreign content: which elements are of SVG and MathML, as far as it follows from the names of tags.
//!
//! The standard looks at the stack of open elements (HTML, section 13.2.6.5). Only those of it are kept here in which the
//! namespace changes.

use super::names::{breaks_out, integration_point};
use super::tag::Attribute;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    Html,
    Svg,
    MathMl,
}

/// The open elements in which the namespace changes.
#[derive(Default)]
pub(super) struct ForeignContent {
    open: Vec<Change>,
}

struct Change {
    name: &'static str,
    /// The namespace of what is in the element.
    inside: Namespace,
}

impl ForeignContent {
    /// The namespace of what is read.
    pub(super) fn namespace(&self) -> Namespace {
        self.open.last().map_or(Namespace::Html, |change| change.inside)
    }

    /// An element begins; gives its namespace.
    pub(super) fn start(
        &mut self,
        name: &str,
        is_self_closing: bool,
        attributes: &[Attribute<'_>],
    ) -> Namespace {
        let around = self.namespace();
        let (own, change) = match name.as_bytes() {
            b"svg" => (Namespace::Svg, Some(("svg", Namespace::Svg))),
            b"math" => (Namespace::MathMl, Some(("math", Namespace::MathMl))),
            _ if around == Namespace::Html => return Namespace::Html,
            _ if breaks_out(name, attributes) => {
                self.leave();
                return Namespace::Html;
            }
            _ => {
                let point = integration_point(around, name, attributes);
                (around, point.map(|name| (name, Namespace::Html)))
            }
        };
        if let Some((name, inside)) = change.filter(|_| !is_self_closing) {
            self.open.push(Change { name, inside });
        }
        own
    }

    /// An element ends.
    pub(super) fn end(&mut self, name: &str) {
        let Some(innermost) = self.open.last() else { return };
        if innermost.name == name {
            self.open.pop();
        } else if matches!(name, "br" | "p") {
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
