//! Which calls, constructions and assignments of a script load or run something.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, CallExpression, Expression, NewExpression,
    StaticMemberExpression,
};
use oxc_semantic::{NodeId, Semantic};
use oxc_span::{GetSpan, Span};

use super::parse::{excerpt, unread_code};
use super::text::Text;
use super::value::Values;
use super::{Base, Use, What, made_element};
use crate::inventory::model::Kind;

/// What a function does with its arguments.
#[derive(Clone, Copy)]
enum Sink {
    /// It asks for the URL that is its argument of this number.
    Url(Kind, usize),
    /// It asks for the URL that its first argument is, or that this has as `url`.
    Request,
    /// It runs scripts, whose URLs are its arguments.
    Scripts,
    /// It turns its argument of this number into markup.
    Markup(usize),
    /// It writes its first argument into the page.
    Write,
    /// It makes fonts from the CSS that is its second argument.
    Font,
    /// It makes an element of this name, whose address is its first argument, if it has one.
    Element(&'static str),
    /// It runs its first argument as code, if that is a text.
    Timer,
    /// It keeps texts, which may be the code of a worker.
    Blob,
    /// It creates a Trusted Types policy, whose name is its first argument.
    Policy,
    /// It is of a kind that a policy can forbid, whatever its arguments are.
    Code(Kind),
}

/// Global functions and constructors.
const GLOBALS: [(&str, Sink); 33] = [
    ("fetch", Sink::Url(Kind::Connect, 0)),
    ("EventSource", Sink::Url(Kind::Connect, 0)),
    ("WebSocket", Sink::Url(Kind::Connect, 0)),
    ("WebTransport", Sink::Url(Kind::Connect, 0)),
    ("Worker", Sink::Url(Kind::Worker, 0)),
    ("SharedWorker", Sink::Url(Kind::Worker, 0)),
    ("importScripts", Sink::Scripts),
    ("Image", Sink::Element("img")),
    ("Audio", Sink::Element("audio")),
    ("FontFace", Sink::Font),
    ("eval", Sink::Code(Kind::Eval)),
    ("Function", Sink::Code(Kind::Eval)),
    ("setTimeout", Sink::Timer),
    ("setInterval", Sink::Timer),
    ("Blob", Sink::Blob),
    ("execScript", Sink::Code(Kind::Eval)),
    ("WebAssembly.compile", Sink::Code(Kind::Wasm)),
    ("WebAssembly.compileStreaming", Sink::Code(Kind::Wasm)),
    ("WebAssembly.instantiate", Sink::Code(Kind::Wasm)),
    ("WebAssembly.instantiateStreaming", Sink::Code(Kind::Wasm)),
    ("WebAssembly.Module", Sink::Code(Kind::Wasm)),
    ("trustedTypes.createPolicy", Sink::Policy),
    ("document.write", Sink::Write),
    ("document.writeln", Sink::Write),
    ("jQuery.get", Sink::Url(Kind::Connect, 0)),
    ("jQuery.post", Sink::Url(Kind::Connect, 0)),
    ("jQuery.getJSON", Sink::Url(Kind::Connect, 0)),
    ("jQuery.getScript", Sink::Url(Kind::Script, 0)),
    ("$.get", Sink::Url(Kind::Connect, 0)),
    ("$.post", Sink::Url(Kind::Connect, 0)),
    ("$.getJSON", Sink::Url(Kind::Connect, 0)),
    ("$.getScript", Sink::Url(Kind::Script, 0)),
    ("SwaggerUIBundle", Sink::Request),
];

/// Methods, by name, of objects that reading cannot always tell.
const METHODS: [(&str, Sink); 9] = [
    ("ajax", Sink::Request),
    ("sendBeacon", Sink::Url(Kind::Connect, 0)),
    ("addModule", Sink::Url(Kind::Script, 0)),
    ("insertAdjacentHTML", Sink::Markup(1)),
    ("createContextualFragment", Sink::Markup(0)),
    ("setHTMLUnsafe", Sink::Markup(0)),
    ("parseHTMLUnsafe", Sink::Code(Kind::TrustedTypesSink)),
    ("parseFromString", Sink::Code(Kind::TrustedTypesSink)),
    ("createPolicy", Sink::Policy),
];

const HTTP_METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Reads one script.
pub(super) struct Reader<'s, 'a> {
    pub(super) values: Values<'s, 'a>,
    source: &'a str,
    found: Vec<Use>,
}

/// What a script does, in the order of its text.
pub(super) fn read<'a>(semantic: &Semantic<'a>, origin: &str) -> Vec<Use> {
    let values = Values::new(semantic, origin);
    let mut reader = Reader { values, source: semantic.source_text(), found: Vec::new() };
    for node in semantic.nodes().iter() {
        reader.node(node.id(), node.kind());
    }
    reader.found.sort_by_key(|found| found.offset);
    reader.found
}

impl<'a> Reader<'_, 'a> {
    fn node(&mut self, id: NodeId, kind: AstKind<'a>) {
        match kind {
            AstKind::CallExpression(call) => self.call(id, call),
            AstKind::NewExpression(new) => self.construction(id, new),
            AstKind::AssignmentExpression(assignment) => self.assignment(assignment),
            AstKind::StringLiteral(literal) => self.literal(literal.span.start, &literal.value),
            AstKind::TemplateLiteral(template) => {
                if let Some(text) = template.single_quasi() {
                    self.literal(template.span.start, &text);
                }
            }
            _ => self.imports(kind),
        }
    }

    pub(super) fn push(&mut self, offset: u32, what: What) {
        self.found.push(Use { offset: offset as usize, what });
    }

    pub(super) fn code(&self, span: Span) -> &'a str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// What an expression that is used as an address gives: what can be told of it, or its code.
    pub(super) fn references(&self, expression: &'a Expression<'a>) -> Vec<(String, Base)> {
        let mut references = Vec::new();
        for text in self.values.texts(expression) {
            let base = text.base;
            let reference =
                text.address().unwrap_or_else(|| unread_code(self.code(expression.span())));
            if !references.contains(&(reference.clone(), base)) {
                references.push((reference, base));
            }
        }
        references
    }

    /// The texts that an expression may be, as far as they are known to their end; or its code.
    pub(super) fn whole_texts(&self, expression: &'a Expression<'a>) -> Vec<String> {
        let text = |text: Text| {
            if text.whole { text.known } else { unread_code(self.code(expression.span())) }
        };
        let mut texts: Vec<String> = self.values.texts(expression).into_iter().map(text).collect();
        texts.dedup();
        texts
    }

    fn call(&mut self, id: NodeId, call: &'a CallExpression<'a>) {
        let callee = call.callee.get_inner_expression();
        self.features_of_call(call);
        if let Some(sink) = self.values.global(callee).and_then(|name| sink(&GLOBALS, &name)) {
            return self.sink(id, call.span, &call.arguments, sink);
        }
        if let Expression::StaticMemberExpression(member) = callee {
            self.method(id, call, member);
        }
        let argument = |index: usize| call.arguments.get(index).and_then(Argument::as_expression);
        if let Some(Expression::StringLiteral(name)) = argument(0)
            && made_element::matters(&name.value)
        {
            match argument(1) {
                Some(Expression::ObjectExpression(object)) => {
                    self.described(call.span, &name.value, Some(object), argument(2));
                }
                Some(Expression::NullLiteral(_)) => {
                    self.described(call.span, &name.value, None, argument(2));
                }
                _ => {}
            }
        }
    }

    fn construction(&mut self, id: NodeId, new: &'a NewExpression<'a>) {
        self.features_of_construction(new);
        if let Some(sink) = self.values.global(&new.callee).and_then(|name| sink(&GLOBALS, &name)) {
            self.sink(id, new.span, &new.arguments, sink);
        }
    }

    fn sink(&mut self, id: NodeId, span: Span, arguments: &'a [Argument<'a>], sink: Sink) {
        let argument = |index: usize| arguments.get(index).and_then(Argument::as_expression);
        match sink {
            Sink::Url(kind, index) => match argument(index) {
                Some(url) => self.url(kind, url),
                None if arguments.len() > index => self.unread_url(kind, span),
                None => {}
            },
            Sink::Request => self.request(argument(0)),
            Sink::Scripts => {
                for url in arguments.iter().filter_map(Argument::as_expression) {
                    self.sink_of_trusted_types(url.span(), url);
                    self.url(Kind::Script, url);
                }
            }
            Sink::Markup(index) => {
                argument(index).into_iter().for_each(|text| self.markup(span, text, false));
            }
            Sink::Write => argument(0).into_iter().for_each(|text| self.markup(span, text, true)),
            Sink::Font => {
                if let Some(source) = argument(1) {
                    for css in self.whole_texts(source) {
                        self.push(span.start, What::Css(format!("@font-face{{src:{css}}}")));
                    }
                }
            }
            Sink::Element(name) => self.made(id, name, argument(0).filter(|_| name == "audio")),
            Sink::Timer => self.timer(span, argument(0)),
            Sink::Blob => self.blob(span, arguments),
            Sink::Policy => {
                let names = argument(0).map(|name| self.whole_texts(name)).unwrap_or_default();
                names.into_iter().for_each(|name| self.push(span.start, What::Policy(name)));
            }
            Sink::Code(kind) => self.forbidden(kind, span, argument(0)),
        }
    }

    /// A request for the URL that `expression` gives.
    pub(super) fn url(&mut self, kind: Kind, expression: &'a Expression<'a>) {
        if kind == Kind::Worker {
            self.sink_of_trusted_types(expression.span(), expression);
        }
        for (reference, base) in self.references(expression) {
            self.push(expression.span().start, What::Url(kind, reference, base));
        }
    }

    fn unread_url(&mut self, kind: Kind, span: Span) {
        let code = unread_code(self.code(span));
        self.push(span.start, What::Url(kind, code, Base::Page));
    }

    fn markup(&mut self, span: Span, expression: &'a Expression<'a>, runs_scripts: bool) {
        self.sink_of_trusted_types(span, expression);
        for text in self.values.texts(expression) {
            if text.whole && text.known.contains('<') {
                let markup = What::Markup { text: text.known, runs_scripts };
                self.push(expression.span().start, markup);
            }
        }
    }

    /// A place that takes a string where Trusted Types, if they are required, want what a policy made of it.
    pub(super) fn sink_of_trusted_types(&mut self, span: Span, value: &'a Expression<'a>) {
        if !is_made_by_policy(value) {
            self.push(span.start, What::Code(Kind::TrustedTypesSink, excerpt(self.code(span))));
        }
    }

    /// `setTimeout("code")`, which is `eval` by another name.
    fn timer(&mut self, span: Span, handler: Option<&'a Expression<'a>>) {
        let Some(handler) = handler.map(Expression::get_inner_expression) else { return };
        let is_text = match handler {
            Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => true,
            Expression::BinaryExpression(_) | Expression::Identifier(_) => {
                self.values.texts(handler).iter().any(|text| !text.known.is_empty())
            }
            _ => false,
        };
        if is_text {
            self.push(span.start, What::Code(Kind::Eval, excerpt(self.code(span))));
        }
    }

    fn forbidden(&mut self, kind: Kind, span: Span, argument: Option<&'a Expression<'a>>) {
        // The way to the global object of before `globalThis`: whoever goes it is ready for it to be closed.
        let is_global_object = |text: &Text| text.whole && text.known.trim() == "return this";
        let texts = argument.map(|argument| self.values.texts(argument)).unwrap_or_default();
        if kind != Kind::Eval || !texts.iter().any(is_global_object) {
            self.push(span.start, What::Code(kind, excerpt(self.code(span))));
        }
    }

    fn method(
        &mut self,
        id: NodeId,
        call: &'a CallExpression<'a>,
        member: &'a StaticMemberExpression<'a>,
    ) {
        let argument = |index: usize| call.arguments.get(index).and_then(Argument::as_expression);
        let name = member.property.name.as_str();
        match name {
            "createElement" | "createElementNS" => {
                let name = argument(usize::from(name == "createElementNS"));
                if !is_description(argument(1)) {
                    name.into_iter().for_each(|name| self.create(id, name));
                }
            }
            "open" if call.arguments.len() > 1 => self.open(call, member),
            "register" if names(&member.object, "serviceWorker") => {
                argument(0).into_iter().for_each(|url| self.url(Kind::Worker, url));
            }
            "setAttribute" | "setAttributeNS" => {
                if let Some((name, value)) = attribute_set(name, call) {
                    self.set_attribute(name, value);
                }
            }
            "call" => {
                let sink =
                    self.values.global(&member.object).and_then(|name| sink(&GLOBALS, &name));
                let rest = call.arguments.as_slice().split_first().map(|(_, rest)| rest);
                if let (Some(sink), Some(rest)) = (sink, rest) {
                    self.sink(id, call.span, rest, sink);
                }
            }
            "query" | "mutation" => self.endpoint(call),
            _ => {
                if let Some(sink) = sink(&METHODS, name) {
                    self.sink(id, call.span, &call.arguments, sink);
                }
            }
        }
    }

    /// `document.createElement(name)`.
    fn create(&mut self, id: NodeId, name: &'a Expression<'a>) {
        for text in self.values.texts(name) {
            let name = text.known.to_ascii_lowercase();
            if text.whole && made_element::matters(&name) {
                self.made(id, &name, None);
            }
        }
    }

    /// `request.open("GET", url)`; other objects have a method of this name, too.
    fn open(&mut self, call: &'a CallExpression<'a>, member: &'a StaticMemberExpression<'a>) {
        let argument = |index: usize| call.arguments.get(index).and_then(Argument::as_expression);
        let (Some(method), Some(url)) = (argument(0), argument(1)) else { return };
        let is_method = |text: &Text| {
            text.whole && HTTP_METHODS.iter().any(|known| known.eq_ignore_ascii_case(&text.known))
        };
        if self.values.texts(method).iter().any(is_method) || self.is_request(&member.object) {
            self.url(Kind::Connect, url);
        }
    }

    /// Whether an expression is a variable that holds `new XMLHttpRequest`.
    fn is_request(&self, object: &'a Expression<'a>) -> bool {
        let Expression::Identifier(identifier) = object.get_inner_expression() else {
            return false;
        };
        let Some(symbol) = self.values.symbol(identifier) else { return false };
        self.values.values(symbol).0.into_iter().any(|value| match value.get_inner_expression() {
            Expression::NewExpression(new) => {
                self.values.global(&new.callee).as_deref() == Some("XMLHttpRequest")
            }
            _ => false,
        })
    }

    /// Attributes that a policy governs on every element.
    fn set_attribute(&mut self, name: &str, value: &'a Expression<'a>) {
        let is_handler = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
        if is_handler || name.eq_ignore_ascii_case("srcdoc") {
            self.sink_of_trusted_types(value.span(), value);
        }
        if is_handler || name.eq_ignore_ascii_case("style") {
            for text in self.whole_texts(value) {
                let attributes = vec![(name.to_ascii_lowercase(), text)];
                let element = What::Element { name: "div".to_owned(), attributes, text: None };
                self.push(value.span().start, element);
            }
        }
    }

    fn assignment(&mut self, assignment: &'a AssignmentExpression<'a>) {
        self.features_of_assignment(assignment);
        if let AssignmentTarget::StaticMemberExpression(member) = &assignment.left
            && matches!(member.property.name.as_str(), "innerHTML" | "outerHTML" | "srcdoc")
        {
            self.markup(assignment.span, &assignment.right, false);
        }
    }

    /// Data that is written into scripts to be shown or styled with.
    fn literal(&mut self, offset: u32, text: &str) {
        let media = |kind| What::Url(kind, text.to_owned(), Base::Page);
        if let Some(data) = text.strip_prefix("data:") {
            let kind = match data.split('/').next() {
                Some("image") => Kind::Image,
                Some("font") => Kind::Font,
                Some("audio" | "video") => Kind::Media,
                _ => return,
            };
            // A prefix to which a script adds data is as good as a whole URL, but the mere name of a type is none.
            if data.contains([',', ';']) {
                self.push(offset, media(kind));
            }
        } else if text.contains("url(") && !is_font(text) {
            self.push(offset, What::Css(text.to_owned()));
        }
    }
}

/// Whether a value is what a Trusted Types policy made (Trusted Types, section 2.2.2).
fn is_made_by_policy(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::CallExpression(call) => ["createHTML", "createScript", "createScriptURL"]
            .into_iter()
            .any(|method| names(&call.callee, method)),
        _ => false,
    }
}

/// Whether a text is a value of `src` in `@font-face`, which is read where it is used.
fn is_font(css: &str) -> bool {
    !css.contains('{') && [".woff", ".ttf", ".otf"].iter().any(|extension| css.contains(extension))
}

fn sink(table: &[(&str, Sink)], name: &str) -> Option<Sink> {
    table.iter().find(|(known, _)| *known == name).map(|(_, sink)| *sink)
}

/// Whether the second argument of `createElement` is of a framework's function of that name.
const fn is_description(argument: Option<&Expression<'_>>) -> bool {
    matches!(argument, Some(Expression::ObjectExpression(_) | Expression::NullLiteral(_)))
}

/// Whether an expression is a member of this name.
pub(super) fn names(expression: &Expression<'_>, property: &str) -> bool {
    match expression.get_inner_expression() {
        Expression::StaticMemberExpression(member) => member.property.name == property,
        _ => false,
    }
}

/// The name and the value in `setAttribute(name, value)` and `setAttributeNS(namespace, name, value)`.
pub(super) fn attribute_set<'a>(
    method: &str,
    call: &'a CallExpression<'a>,
) -> Option<(&'a str, &'a Expression<'a>)> {
    let arguments = call.arguments.as_slice();
    let own = if method == "setAttributeNS" { arguments.get(1..)? } else { arguments };
    let [Argument::StringLiteral(name), value, ..] = own else { return None };
    Some((name.value.as_str(), value.as_expression()?))
}
