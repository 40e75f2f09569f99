//! Elements that scripts make: where they are made, and what is done with them afterwards.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, CallExpression, Expression, ObjectExpression, StaticMemberExpression,
};
use oxc_semantic::{NodeId, SymbolId};
use oxc_span::{GetSpan, Span};

use super::What;
use super::parse::unread_code;
use super::sinks::{Reader, attribute_set};
use crate::inventory::address;

/// Elements that load or run something.
const NAMES: [&str; 15] = [
    "audio", "embed", "form", "frame", "iframe", "image", "img", "link", "object", "script",
    "source", "style", "track", "use", "video",
];

/// Properties that set an attribute which matters.
const ATTRIBUTES: [&str; 20] = [
    "action",
    "as",
    "crossorigin",
    "data",
    "formaction",
    "href",
    "imagesrcset",
    "integrity",
    "method",
    "nomodule",
    "nonce",
    "ping",
    "poster",
    "rel",
    "src",
    "srcdoc",
    "srcset",
    "style",
    "type",
    "xlink:href",
];

/// What a script does to an element.
#[derive(Default)]
struct Made<'a> {
    /// Values of attributes; one that is set several times comes as often.
    attributes: Vec<(String, &'a Expression<'a>)>,
    text: Option<&'a Expression<'a>>,
    /// Whether it is put into the page before it has a text.
    empty_at_first: bool,
    /// Whether other code gets hold of it, which may do anything to it.
    escapes: bool,
}

pub(super) fn matters(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Whether a property of this name sets the text of an element.
fn is_text(property: &str) -> bool {
    matches!(property, "textContent" | "innerText" | "innerHTML" | "text")
}

/// The attribute that a property of an element's interface sets.
fn attribute(property: &str) -> Option<String> {
    let name = match property {
        "crossOrigin" => "crossorigin".to_owned(),
        "xlinkHref" => "xlink:href".to_owned(),
        other => other.to_ascii_lowercase(),
    };
    ATTRIBUTES.contains(&name.as_str()).then_some(name)
}

impl<'a> Reader<'_, 'a> {
    /// An element made by the call or construction `id`.
    pub(super) fn made(&mut self, id: NodeId, name: &str, source: Option<&'a Expression<'a>>) {
        let mut made = Made::default();
        made.attributes.extend(source.map(|source| ("src".to_owned(), source)));
        let own = self.values.kind(id).span();
        let parent = self.values.semantic.nodes().parent_id(id);
        match self.values.kind(parent) {
            AstKind::StaticMemberExpression(member) => self.member(parent, member, &mut made),
            AstKind::CallExpression(call) => {
                // Both give the element back.
                if assigned_object(call, own, &mut made) || is_insertion(call) {
                    made.empty_at_first = is_insertion(call);
                    self.follow_value(parent, &mut made);
                } else {
                    made.escapes = true;
                }
            }
            _ => made.escapes |= !self.follow_value(id, &mut made),
        }
        self.element(own, name, &made);
    }

    /// What is done to the element that the node gives; tells whether it is kept in a variable.
    fn follow_value(&self, id: NodeId, made: &mut Made<'a>) -> bool {
        let symbol = match self.values.parent(id) {
            AstKind::VariableDeclarator(declarator) => {
                declarator.id.get_binding_identifier().and_then(|found| found.symbol_id.get())
            }
            AstKind::AssignmentExpression(assignment) => self.values.assigned(&assignment.left),
            _ => return false,
        };
        symbol.into_iter().for_each(|symbol| self.follow(symbol, made));
        true
    }

    /// The address and the text of a script that is made are of trusted types, where these are required.
    fn sinks_of_script(&mut self, name: &str, made: &Made<'a>) {
        let attributes = made.attributes.iter().filter(|(attribute, _)| attribute == "src");
        let values = attributes.map(|(_, value)| *value).chain(made.text);
        for value in values.filter(|_| name == "script") {
            self.sink_of_trusted_types(value.span(), value);
        }
    }

    /// What is done to the element in a variable.
    fn follow(&self, symbol: SymbolId, made: &mut Made<'a>) {
        for id in self.values.references(symbol) {
            match self.values.parent(id) {
                AstKind::StaticMemberExpression(member) => {
                    self.member(self.values.semantic.nodes().parent_id(id), member, made);
                }
                AstKind::CallExpression(call) => {
                    let is_assigned = assigned_object(call, self.values.kind(id).span(), made);
                    made.escapes |= !is_assigned && !is_insertion(call);
                    made.empty_at_first |= is_insertion(call) && made.text.is_none();
                }
                AstKind::ReturnStatement(_) | AstKind::VariableDeclarator(_) => made.escapes = true,
                AstKind::AssignmentExpression(assignment) => {
                    made.escapes |= assignment.right.span() == self.values.kind(id).span();
                }
                _ => {}
            }
        }
    }

    /// `element.property = value` and `element.method(value)`.
    fn member(&self, id: NodeId, member: &StaticMemberExpression<'a>, made: &mut Made<'a>) {
        let property = member.property.name.as_str();
        match self.values.parent(id) {
            AstKind::AssignmentExpression(assignment) if assignment.left.span() == member.span => {
                if is_text(property) {
                    made.text = Some(&assignment.right);
                } else if let Some(name) = attribute(property).filter(|name| name != "style") {
                    made.attributes.push((name, &assignment.right));
                }
            }
            AstKind::CallExpression(call) if call.callee.span() == member.span => {
                self.called(property, call, made);
            }
            _ => {}
        }
    }

    fn called(&self, name: &str, call: &'a CallExpression<'a>, made: &mut Made<'a>) {
        match name {
            "setAttribute" | "setAttributeNS" => {
                // `style` and handlers are read where they are set, as they can be set on any element.
                if let Some((name, value)) = attribute_set(name, call) {
                    let name = attribute(name).filter(|name| name != "style");
                    made.attributes.extend(name.map(|name| (name, value)));
                }
            }
            "appendChild" | "append" | "prepend" => {
                let child = call.arguments.first().and_then(Argument::as_expression);
                if let Some(text) = child.and_then(text_node) {
                    made.text = Some(text);
                }
            }
            _ => {}
        }
    }

    /// An element as compiled JSX and templates describe it: `f("img", { src: … })`, `f("style", null, text)`.
    pub(super) fn described(
        &mut self,
        span: Span,
        name: &str,
        object: Option<&'a ObjectExpression<'a>>,
        child: Option<&'a Expression<'a>>,
    ) {
        let mut made = Made { text: child, ..Made::default() };
        object.into_iter().for_each(|object| properties(object, &mut made, true));
        made.text = made.text.filter(|_| matches!(name, "script" | "style"));
        if !made.attributes.is_empty() || made.text.is_some() {
            self.element(span, name, &made);
        }
    }

    /// Adds an element once for each combination of values in step.
    fn element(&mut self, span: Span, name: &str, made: &Made<'a>) {
        self.sinks_of_script(name, made);
        let mut columns: Vec<(&str, Vec<String>)> = Vec::new();
        for (attribute, value) in &made.attributes {
            let references = self.references(value).into_iter().map(|(reference, _)| reference);
            match columns.iter_mut().find(|(name, _)| name == attribute) {
                Some((_, values)) => values.extend(references),
                None => columns.push((attribute, references.collect())),
            }
        }
        let texts = match made.text {
            Some(text) => self.whole_texts(text),
            None if made.escapes && made.attributes.is_empty() => {
                vec![unread_code(self.code(span))]
            }
            None => Vec::new(),
        };
        let offset = span.start;
        // What is not told may be nothing, as where all rules are inserted later.
        let may_be_empty =
            made.empty_at_first || texts.iter().any(|text| address::unread_code(text).is_some());
        if name == "style" && may_be_empty && !texts.is_empty() {
            let (name, text) = (name.to_owned(), Some(String::new()));
            self.push(offset, What::Element { name, attributes: Vec::new(), text });
        }
        let rows = columns.iter().map(|(_, values)| values.len()).chain([texts.len(), 1]).max();
        for row in 0..rows.unwrap_or(1) {
            let cell = |(name, values): &(&str, Vec<String>)| {
                Some(((*name).to_owned(), values.get(row).or_else(|| values.last())?.clone()))
            };
            self.push(
                offset,
                What::Element {
                    name: name.to_owned(),
                    attributes: columns.iter().filter_map(cell).collect(),
                    text: texts.get(row).or_else(|| texts.last()).cloned(),
                },
            );
        }
    }
}

/// Whether a call does no more with an element than to put it in its place.
fn is_insertion(call: &CallExpression<'_>) -> bool {
    const METHODS: [&str; 8] = [
        "after",
        "append",
        "appendChild",
        "before",
        "insertBefore",
        "prepend",
        "removeChild",
        "replaceChild",
    ];
    match call.callee.get_inner_expression() {
        Expression::StaticMemberExpression(member) => {
            METHODS.contains(&member.property.name.as_str())
        }
        _ => false,
    }
}

/// `Object.assign(element, { … })`; tells whether it is that.
fn assigned_object<'a>(call: &'a CallExpression<'a>, element: Span, made: &mut Made<'a>) -> bool {
    let target = call.arguments.first().map(GetSpan::span);
    if !call.callee.is_specific_member_access("Object", "assign") || target != Some(element) {
        return false;
    }
    for argument in call.arguments.iter().skip(1) {
        if let Some(Expression::ObjectExpression(object)) = argument.as_expression() {
            properties(object, made, false);
        }
    }
    true
}

/// The attributes in an object, and in the objects for them that some frameworks put inside.
fn properties<'a>(object: &'a ObjectExpression<'a>, made: &mut Made<'a>, nested: bool) {
    for property in object.properties.iter().filter_map(|property| property.as_property()) {
        let Some(name) = property.key.static_name() else { continue };
        match &property.value {
            Expression::ObjectExpression(inner)
                if nested && matches!(&*name, "attrs" | "props" | "domProps") =>
            {
                properties(inner, made, false);
            }
            value if is_text(&name) || name == "children" => made.text = Some(value),
            value => {
                let name = attribute(&name).filter(|name| name != "style");
                made.attributes.extend(name.map(|name| (name, value)));
            }
        }
    }
}

/// The text of `document.createTextNode(text)`, or of a string.
fn text_node<'a>(child: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
    match child.get_inner_expression() {
        Expression::CallExpression(call) => match call.callee.get_inner_expression() {
            Expression::StaticMemberExpression(member)
                if member.property.name == "createTextNode" =>
            {
                call.arguments.first()?.as_expression()
            }
            _ => None,
        },
        literal @ (Expression::StringLiteral(_) | Expression::TemplateLiteral(_)) => Some(literal),
        _ => None,
    }
}
