//! The stack of open elements (HTML, section 13.2.4.2), as far as it follows from the names of tags: it tells which
//! elements are of SVG and MathML, and what stands in a template.
//!
//! An element that others end by beginning stays on it until one around it ends.

use std::borrow::Cow;

use super::ended_formatting::EndedFormatting;
use super::names::{
    bounds_scope, has_marker, is_empty, is_formatting, is_special, is_table_part,
    reconstructs_formatting,
};
use super::tag::{Attribute, Namespace};

/// An end tag looks for its element among so many: browsers nest no deeper.
const MAX_DEPTH: usize = 512;

#[derive(Default)]
pub(super) struct OpenElements<'t> {
    stack: Vec<Open<'t>>,
    formatting: EndedFormatting<'t>,
}

struct Open<'t> {
    /// In lower case.
    name: Cow<'t, str>,
    namespace: Namespace,
    /// The namespace of what is in the element: integration points hold HTML (HTML, section 13.2.6).
    inside: Namespace,
}

impl<'t> OpenElements<'t> {
    /// Whether what is read stands directly in an element of SVG or MathML.
    pub(super) fn is_foreign(&self) -> bool {
        self.stack.last().is_some_and(Open::is_foreign)
    }

    /// Whether what is read is part of a template, and not of the page.
    pub(super) fn is_in_template(&self) -> bool {
        self.innermost().any(|(_, open)| !open.is_foreign() && open.name == "template")
    }

    /// An element begins, whose name is in lower case; gives its namespace.
    pub(super) fn start(
        &mut self,
        name: Cow<'t, str>,
        is_self_closing: bool,
        attributes: &[Attribute<'_>],
    ) -> Namespace {
        let namespace = self.namespace_of(&name, attributes);
        let is_open = match namespace {
            Namespace::Html => !is_empty(&name),
            Namespace::Svg | Namespace::MathMl => !is_self_closing,
        };
        if is_open {
            let inside = inside(namespace, &name, attributes);
            self.push(Open { name, namespace, inside });
        }
        namespace
    }

    /// The namespace of an element that begins (HTML, section 13.2.6, "tree construction dispatcher"). One that cannot be
    /// foreign ends the foreign content around it.
    fn namespace_of(&mut self, name: &str, attributes: &[Attribute<'_>]) -> Namespace {
        let current = self.stack.last();
        match (self.namespace(), name.as_bytes()) {
            (Namespace::Html, b"svg") => Namespace::Svg,
            (Namespace::Html, b"math") => Namespace::MathMl,
            (Namespace::Html, b"mglyph" | b"malignmark")
                if current.is_some_and(Open::is_math_text) =>
            {
                Namespace::MathMl
            }
            (Namespace::Html, _) => Namespace::Html,
            (Namespace::MathMl, b"svg") if current.is_some_and(Open::is_annotation) => {
                Namespace::Svg
            }
            _ if breaks_out(name, attributes) => {
                self.leave();
                Namespace::Html
            }
            (around, _) => around,
        }
    }

    /// An end tag of this name, which is in lower case.
    pub(super) fn end(&mut self, name: &str) {
        let is_last = || self.stack.last().is_some_and(|open| open.name == name);
        // As most do, it may end what began last.
        if self.formatting.is_empty() && is_last() {
            self.stack.pop();
        } else if self.is_foreign() && matches!(name, "br" | "p") {
            self.leave();
            self.end_html(name);
        } else if let Some(own) = self.foreign(name) {
            self.stack.truncate(own);
        } else {
            self.end_html(name);
        }
    }

    /// The namespace of what is read.
    fn namespace(&self) -> Namespace {
        self.stack.last().map_or(Namespace::Html, |open| open.inside)
    }

    /// All foreign content ends up to the next integration point around it.
    fn leave(&mut self) {
        while self.namespace() != Namespace::Html {
            self.stack.pop();
        }
    }

    fn innermost(&self) -> impl Iterator<Item = (usize, &Open<'t>)> {
        self.stack.iter().enumerate().rev().take(MAX_DEPTH)
    }

    /// Which element an end tag in foreign content ends, if that is foreign, too (HTML, section 13.2.6.5, "any other end
    /// tag").
    fn foreign(&self, name: &str) -> Option<usize> {
        let mut foreign = self.innermost().take_while(|(_, open)| open.is_foreign());
        foreign.find(|(_, open)| open.name == name).map(|(index, _)| index)
    }

    /// An end tag of HTML ends the element of its name if that is in scope (HTML, section 13.2.6.4).
    fn end_html(&mut self, name: &str) {
        if self.formatting.remove(name) {
            return;
        }
        let ends = |open: &Open<'_>| !open.is_foreign() && open.name == name;
        let found = self.innermost().find(|(_, open)| ends(open) || open.bounds(name));
        if let Some(index) = found.filter(|(_, open)| ends(open)).map(|(index, _)| index) {
            self.close(index, name);
        }
    }

    /// The element at this index of the stack ends.
    fn close(&mut self, index: usize, name: &str) {
        if name == "form" && !self.is_in_template() {
            self.stack.remove(index);
        } else if is_formatting(name) {
            // The "adoption agency algorithm": what is special outlives what is formatting.
            let inner = self.stack.iter().skip(index).rposition(Open::is_special);
            self.pop_to(index + inner.unwrap_or_default() + 1);
            let around_special = self.stack.split_off(index).into_iter().skip(1);
            self.stack
                .extend(around_special.filter(|open| open.is_special() || open.is_formatting()));
        } else {
            self.pop_to(index);
        }
    }

    fn push(&mut self, open: Open<'t>) {
        let follows_html = !self.formatting.is_empty() && self.namespace() == Namespace::Html;
        if follows_html && open.reconstructs_formatting() {
            let anew = self.formatting.reconstruct().map(Open::html);
            self.stack.extend(anew);
        }
        if open.has_marker() {
            self.formatting.insert_marker();
        }
        self.stack.push(open);
    }

    /// Elements end until so many are left.
    fn pop_to(&mut self, length: usize) {
        while self.stack.len() > length {
            match self.stack.pop() {
                Some(open) if open.has_marker() => self.formatting.clear_to_last_marker(),
                Some(open) if open.is_formatting() => self.formatting.add(open.name),
                _ => {}
            }
        }
    }
}

impl<'t> Open<'t> {
    const fn html(name: Cow<'t, str>) -> Self {
        Self { name, namespace: Namespace::Html, inside: Namespace::Html }
    }
}

impl Open<'_> {
    fn is_foreign(&self) -> bool {
        self.namespace != Namespace::Html
    }

    fn is_annotation(&self) -> bool {
        self.namespace == Namespace::MathMl && self.name == "annotation-xml"
    }

    /// Whether it is a MathML text integration point.
    fn is_math_text(&self) -> bool {
        self.namespace == Namespace::MathMl
            && self.inside == Namespace::Html
            && !self.is_annotation()
    }

    fn is_formatting(&self) -> bool {
        !self.is_foreign() && is_formatting(&self.name)
    }

    /// Whether formatting elements are made anew before it (HTML, section 13.2.6.4.7).
    fn reconstructs_formatting(&self) -> bool {
        match self.namespace {
            Namespace::Html => reconstructs_formatting(&self.name),
            Namespace::Svg => self.name == "svg",
            Namespace::MathMl => self.name == "math",
        }
    }

    /// Whether a marker stands for it in the list of active formatting elements (HTML, section 13.2.4.3).
    fn has_marker(&self) -> bool {
        !self.is_foreign() && has_marker(&self.name)
    }

    /// Whether it is special (HTML, section 13.2.4.2).
    fn is_special(&self) -> bool {
        match self.namespace {
            Namespace::Html => is_special(&self.name),
            Namespace::Svg | Namespace::MathMl => {
                self.inside == Namespace::Html || self.is_annotation()
            }
        }
    }

    /// Whether the end tag of this name ends nothing around it (HTML, section 13.2.6.4).
    fn bounds(&self, name: &str) -> bool {
        match name {
            "template" => false,
            "dialog" => self.bounds_scope(),
            // What is special ends a paragraph, so that none is open around it.
            "p" => self.is_special(),
            _ if is_table_part(name) => self.bounds_table_scope(),
            _ if is_special(name) || is_formatting(name) => self.bounds_scope(),
            _ => self.is_special(),
        }
    }

    /// Whether nothing around it is in scope (HTML, section 13.2.4.2, "has an element in scope").
    fn bounds_scope(&self) -> bool {
        match self.namespace {
            Namespace::Html => bounds_scope(&self.name),
            Namespace::Svg | Namespace::MathMl => self.is_special(),
        }
    }

    /// The same, "has an element in table scope".
    fn bounds_table_scope(&self) -> bool {
        !self.is_foreign() && matches!(&*self.name, "table" | "template")
    }
}

/// The namespace of what is in an element (HTML, section 13.2.6).
fn inside(own: Namespace, name: &str, attributes: &[Attribute<'_>]) -> Namespace {
    let holds_html = match own {
        Namespace::Html => true,
        Namespace::Svg => matches!(name, "desc" | "foreignobject" | "title"),
        Namespace::MathMl if name == "annotation-xml" => attributes.iter().any(is_html),
        Namespace::MathMl => matches!(name, "mi" | "mn" | "mo" | "ms" | "mtext"),
    };
    if holds_html { Namespace::Html } else { own }
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
