//! What the expressions of a script are worth, as far as reading tells: texts, whole or their beginning, and names.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    BinaryOperator, CallExpression, Expression, IdentifierReference, NewExpression,
    StaticMemberExpression, TemplateLiteral,
};
use oxc_semantic::{NodeId, Semantic, SymbolId};
use oxc_span::GetSpan;

use super::Base;

/// How many texts one expression is followed to; more than a few are a table that reading cannot take apart anyway.
const MAX_TEXTS: usize = 8;
/// How far an expression is followed through variables, parameters and calls.
const MAX_DEPTH: usize = 16;
/// How many expressions are looked at for one question, so that each takes the same time at most.
const MAX_STEPS: usize = 500;
/// How many uses of a variable are looked at.
const MAX_REFERENCES: usize = 200;

/// A text, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// What is known of it.
    pub(super) known: String,
    /// Whether that is all.
    pub(super) whole: bool,
    /// What it is relative to, if it is a relative URL.
    pub(super) base: Base,
}

impl Text {
    fn whole(known: impl Into<String>) -> Self {
        Self { known: known.into(), whole: true, base: Base::Page }
    }

    /// A text that begins with `known`.
    fn beginning(known: impl Into<String>) -> Self {
        Self { whole: false, ..Self::whole(known) }
    }
}

/// Answers questions about the expressions of one script.
pub(super) struct Values<'s, 'a> {
    pub(super) semantic: &'s Semantic<'a>,
    /// The origin of the page that will run the script, such as `https://shop.example`.
    origin: &'s str,
    steps: Cell<usize>,
    /// Whether variables change after their declaration; some are used tens of thousands of times.
    changing: RefCell<HashMap<SymbolId, bool>>,
}

impl<'s, 'a> Values<'s, 'a> {
    pub(super) fn new(semantic: &'s Semantic<'a>, origin: &'s str) -> Self {
        Self { semantic, origin, steps: Cell::new(0), changing: RefCell::default() }
    }

    fn changes(&self, symbol: SymbolId) -> bool {
        let mut changing = self.changing.borrow_mut();
        *changing.entry(symbol).or_insert_with(|| self.semantic.scoping().symbol_is_mutated(symbol))
    }

    pub(super) fn kind(&self, id: NodeId) -> AstKind<'a> {
        self.semantic.nodes().kind(id)
    }

    pub(super) fn parent(&self, id: NodeId) -> AstKind<'a> {
        self.semantic.nodes().parent_kind(id)
    }

    /// The variable that an identifier names; none if it is a global.
    pub(super) fn symbol(&self, identifier: &IdentifierReference<'a>) -> Option<SymbolId> {
        let reference = identifier.reference_id.get()?;
        self.semantic.scoping().get_reference(reference).symbol_id()
    }

    /// The nodes that refer to a variable.
    pub(super) fn references(
        &self,
        symbol: SymbolId,
    ) -> impl Iterator<Item = NodeId> + use<'s, 'a> {
        let references = self.semantic.scoping().get_resolved_references(symbol);
        references.take(MAX_REFERENCES).map(|reference| reference.node_id())
    }

    /// The global that an expression names, as `fetch`, `window.fetch` and a variable that holds it do; members of
    /// other globals with a dot, such as `WebAssembly.compile`.
    pub(super) fn global(&self, expression: &'a Expression<'a>) -> Option<String> {
        self.global_within(expression, 4)
    }

    fn global_within(&self, expression: &'a Expression<'a>, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        match expression.get_inner_expression() {
            Expression::Identifier(identifier) => match self.symbol(identifier) {
                None => Some(identifier.name.to_string()),
                Some(symbol) => self.global_within(self.only_value(symbol)?, depth),
            },
            // Whatever holds a member of this name, as applications that are told their window do.
            Expression::StaticMemberExpression(member) if member.property.name == "window" => {
                Some("window".to_owned())
            }
            Expression::StaticMemberExpression(member) => {
                let object = self.global_within(&member.object, depth)?;
                let property = member.property.name.as_str();
                let is_window = matches!(&*object, "window" | "self" | "globalThis" | "top");
                Some(if is_window { property.to_owned() } else { format!("{object}.{property}") })
            }
            Expression::SequenceExpression(sequence) => {
                self.global_within(sequence.expressions.last()?, depth)
            }
            Expression::LogicalExpression(logical) => self.global_within(&logical.left, depth),
            _ => None,
        }
    }

    /// The value of a variable that is set where it is declared and nowhere else.
    fn only_value(&self, symbol: SymbolId) -> Option<&'a Expression<'a>> {
        self.initial_value(symbol).filter(|_| !self.changes(symbol))
    }

    fn initial_value(&self, symbol: SymbolId) -> Option<&'a Expression<'a>> {
        match self.semantic.symbol_declaration(symbol).kind() {
            AstKind::VariableDeclarator(declarator) => {
                declarator.id.get_binding_identifier()?;
                declarator.init.as_ref()
            }
            _ => None,
        }
    }

    /// The expressions that a variable may hold, and whether those are all.
    pub(super) fn values(&self, symbol: SymbolId) -> (Vec<&'a Expression<'a>>, bool) {
        let declaration = self.semantic.symbol_declaration(symbol);
        let mut values: Vec<&Expression<'a>> = self.initial_value(symbol).into_iter().collect();
        let mut all = match declaration.kind() {
            AstKind::VariableDeclarator(declarator) => declarator.id.is_binding_identifier(),
            AstKind::FormalParameter(parameter) if parameter.pattern.is_binding_identifier() => {
                values.extend(self.arguments_for(declaration.id()));
                values.extend(parameter.initializer.as_deref());
                !values.is_empty()
            }
            _ => false,
        };
        if self.changes(symbol) {
            for id in self.references(symbol) {
                match self.parent(id) {
                    AstKind::AssignmentExpression(assignment)
                        if assignment.left.span() == self.kind(id).span() =>
                    {
                        if assignment.operator.is_assign() {
                            values.push(&assignment.right);
                        } else {
                            all = false;
                        }
                    }
                    _ => {}
                }
            }
        }
        (values, all)
    }

    /// What is passed for a parameter wherever its function is called by its name.
    fn arguments_for(&self, parameter: NodeId) -> Vec<&'a Expression<'a>> {
        let nodes = self.semantic.nodes();
        let list = nodes.parent_id(parameter);
        let AstKind::FormalParameters(parameters) = nodes.kind(list) else { return Vec::new() };
        let span = nodes.kind(parameter).span();
        let Some(index) = parameters.items.iter().position(|item| item.span == span) else {
            return Vec::new();
        };
        self.calls(nodes.parent_id(list))
            .into_iter()
            .filter_map(|call| call.arguments.get(index)?.as_expression())
            .collect()
    }

    /// The calls of a function: of its name, or of itself where it stands.
    fn calls(&self, function: NodeId) -> Vec<&'a CallExpression<'a>> {
        let own = self.kind(function).span();
        let named = match self.kind(function) {
            AstKind::Function(function) => {
                function.id.as_ref().and_then(|identifier| identifier.symbol_id.get())
            }
            _ => None,
        };
        let held = match self.parent(function) {
            AstKind::CallExpression(call) if call.callee.span() == own => return vec![call],
            AstKind::VariableDeclarator(declarator) => declarator
                .id
                .get_binding_identifier()
                .and_then(|identifier| identifier.symbol_id.get()),
            AstKind::AssignmentExpression(assignment) => self.assigned(&assignment.left),
            _ => None,
        };
        let symbols = named.into_iter().chain(held);
        symbols
            .flat_map(|symbol| self.references(symbol))
            .filter_map(|id| self.call_of(id))
            .collect()
    }

    /// The call whose callee is the node.
    fn call_of(&self, id: NodeId) -> Option<&'a CallExpression<'a>> {
        match self.parent(id) {
            AstKind::CallExpression(call) if call.callee.span() == self.kind(id).span() => {
                Some(call)
            }
            _ => None,
        }
    }

    /// The variable that is assigned to.
    pub(super) fn assigned(
        &self,
        target: &'a oxc_ast::ast::AssignmentTarget<'a>,
    ) -> Option<SymbolId> {
        match target {
            oxc_ast::ast::AssignmentTarget::AssignmentTargetIdentifier(identifier) => {
                self.symbol(identifier)
            }
            _ => None,
        }
    }

    /// The texts that an expression may be. Never empty: one that begins with nothing known is the least.
    pub(super) fn texts(&self, expression: &'a Expression<'a>) -> Vec<Text> {
        self.steps.set(0);
        let mut texts = self.texts_within(expression, MAX_DEPTH);
        if texts.is_empty() {
            texts.push(Text::beginning(""));
        }
        texts
    }

    /// As [`Self::texts`], without what is nothing but unknown.
    fn texts_within(&self, expression: &'a Expression<'a>, depth: usize) -> Vec<Text> {
        self.steps.set(self.steps.get() + 1);
        let Some(depth) = depth.checked_sub(1).filter(|_| self.steps.get() < MAX_STEPS) else {
            return vec![Text::beginning("")];
        };
        let mut texts = match expression.get_inner_expression() {
            Expression::StringLiteral(literal) => vec![Text::whole(literal.value.as_str())],
            Expression::NumericLiteral(literal) => vec![Text::whole(literal.value.to_string())],
            Expression::TemplateLiteral(template) => self.template(template, depth),
            Expression::BinaryExpression(binary) if binary.operator == BinaryOperator::Addition => {
                self.sum(expression, depth)
            }
            Expression::ConditionalExpression(conditional) => {
                let mut texts = self.texts_within(&conditional.consequent, depth);
                texts.extend(self.texts_within(&conditional.alternate, depth));
                texts
            }
            Expression::LogicalExpression(logical) => {
                let mut texts = self.texts_within(&logical.left, depth);
                texts.extend(self.texts_within(&logical.right, depth));
                texts
            }
            Expression::SequenceExpression(sequence) => match sequence.expressions.last() {
                Some(last) => self.texts_within(last, depth),
                None => Vec::new(),
            },
            Expression::AssignmentExpression(assignment) => {
                self.texts_within(&assignment.right, depth)
            }
            Expression::Identifier(identifier) => self.variable(identifier, depth),
            Expression::StaticMemberExpression(member) => self.member(member, depth),
            Expression::CallExpression(call) => self.call(call, depth),
            Expression::NewExpression(new) => self.construction(new, depth),
            _ => Vec::new(),
        };
        texts.truncate(MAX_TEXTS);
        if texts.is_empty() { vec![Text::beginning("")] } else { texts }
    }

    fn template(&self, template: &'a TemplateLiteral<'a>, depth: usize) -> Vec<Text> {
        let mut expressions = template.expressions.iter();
        let mut texts = vec![Text::whole("")];
        for quasi in &template.quasis {
            let cooked = quasi.value.cooked.as_ref().map_or("", |cooked| cooked.as_str());
            texts = followed_by(texts, &[Text::whole(cooked)]);
            if let Some(expression) = expressions.next() {
                texts = followed_by(texts, &self.texts_within(expression, depth));
            }
        }
        texts
    }

    /// `a + b + c`, which is nested as deep as it is long, without recursion on its left.
    fn sum(&self, expression: &'a Expression<'a>, depth: usize) -> Vec<Text> {
        let mut operands = Vec::new();
        let mut left = expression.get_inner_expression();
        while let Expression::BinaryExpression(binary) = left
            && binary.operator == BinaryOperator::Addition
        {
            operands.push(&binary.right);
            left = binary.left.get_inner_expression();
        }
        let mut texts = self.texts_within(left, depth);
        for operand in operands.into_iter().rev() {
            if texts.iter().all(|text| !text.whole) {
                break;
            }
            texts = followed_by(texts, &self.texts_within(operand, depth));
        }
        texts
    }

    fn variable(&self, identifier: &IdentifierReference<'a>, depth: usize) -> Vec<Text> {
        let Some(symbol) = self.symbol(identifier) else { return self.location(&identifier.name) };
        let (values, all) = self.values(symbol);
        let mut texts: Vec<Text> = Vec::new();
        for value in values {
            texts.extend(self.texts_within(value, depth));
        }
        if !all {
            texts.push(Text::beginning(""));
        }
        texts.dedup();
        texts
    }

    fn member(&self, member: &'a StaticMemberExpression<'a>, depth: usize) -> Vec<Text> {
        let property = member.property.name.as_str();
        if matches!(member.object.get_inner_expression(), Expression::ImportMeta(_)) {
            return vec![Text { base: Base::Script, ..Text::beginning("") }];
        }
        if let Some(object) = self.global(&member.object) {
            let object = object.trim_start_matches("document.");
            return self.location(&format!("{object}.{property}"));
        }
        if matches!(property, "href" | "url") {
            return self.texts_within(&member.object, depth);
        }
        match self.property(&member.object, property) {
            Some(value) => self.texts_within(value, depth),
            None => Vec::new(),
        }
    }

    /// The value of a property of an object that stands in the script as a literal.
    fn property(&self, object: &'a Expression<'a>, name: &str) -> Option<&'a Expression<'a>> {
        let literal = match object.get_inner_expression() {
            Expression::Identifier(identifier) => {
                self.only_value(self.symbol(identifier)?)?.get_inner_expression()
            }
            other => other,
        };
        let Expression::ObjectExpression(literal) = literal else { return None };
        let mut properties =
            literal.properties.iter().filter_map(|property| property.as_property());
        let found = properties.find(|property| property.key.is_specific_static_name(name))?;
        Some(&found.value)
    }

    /// The parts of the page's own address.
    fn location(&self, name: &str) -> Vec<Text> {
        let (scheme, rest) = self.origin.split_once("//").unwrap_or_default();
        vec![match name {
            "location.origin" | "origin" => Text::whole(self.origin),
            "location.protocol" => Text::whole(scheme),
            "location.host" => Text::whole(rest),
            "location.hostname" => Text::whole(rest.split(':').next().unwrap_or_default()),
            "location.pathname" => Text::beginning("/"),
            "location" | "location.href" | "baseURI" | "document.baseURI" | "URL" => {
                Text::beginning(format!("{}/", self.origin))
            }
            _ => return Vec::new(),
        }]
    }

    fn call(&self, call: &'a CallExpression<'a>, depth: usize) -> Vec<Text> {
        let argument = |index: usize| call.arguments.get(index)?.as_expression();
        if let Expression::StaticMemberExpression(member) = call.callee.get_inner_expression() {
            match member.property.name.as_str() {
                "concat" => return self.concatenation(member, call, depth),
                "toString" | "trim" if call.arguments.is_empty() => {
                    return self.texts_within(&member.object, depth);
                }
                "createObjectURL" => return vec![Text::beginning("blob:")],
                "createHTML" | "createScript" | "createScriptURL" => {
                    return argument(0)
                        .map_or_else(Vec::new, |text| self.texts_within(text, depth));
                }
                _ => {}
            }
        }
        match self.global(&call.callee).as_deref() {
            Some("String" | "encodeURI") => {
                argument(0).map_or_else(Vec::new, |text| self.texts_within(text, depth))
            }
            Some(_) => Vec::new(),
            None => self.returned(&call.callee, depth),
        }
    }

    /// `"".concat(a, b)`, which is how older compilers write templates.
    fn concatenation(
        &self,
        member: &'a StaticMemberExpression<'a>,
        call: &'a CallExpression<'a>,
        depth: usize,
    ) -> Vec<Text> {
        let mut texts = self.texts_within(&member.object, depth);
        for argument in &call.arguments {
            let next = argument.as_expression().map(|next| self.texts_within(next, depth));
            texts = followed_by(texts, &next.unwrap_or_default());
        }
        texts
    }

    /// What a function of the script returns, if it is no more than an expression.
    fn returned(&self, callee: &'a Expression<'a>, depth: usize) -> Vec<Text> {
        let Expression::Identifier(identifier) = callee.get_inner_expression() else {
            return Vec::new();
        };
        let Some(symbol) = self.symbol(identifier) else { return Vec::new() };
        let value = match self.semantic.symbol_declaration(symbol).kind() {
            AstKind::Function(function) => {
                function.body.as_deref().and_then(|body| body.statements.last())
            }
            _ => match self.only_value(symbol).map(Expression::get_inner_expression) {
                Some(Expression::ArrowFunctionExpression(arrow)) => match arrow.get_expression() {
                    Some(result) => return self.texts_within(result, depth),
                    None => arrow.body.as_function_body().and_then(|body| body.statements.last()),
                },
                Some(Expression::FunctionExpression(function)) => {
                    function.body.as_deref().and_then(|body| body.statements.last())
                }
                _ => None,
            },
        };
        match value {
            Some(oxc_ast::ast::Statement::ReturnStatement(statement)) => statement
                .argument
                .as_ref()
                .map_or_else(Vec::new, |result| self.texts_within(result, depth)),
            _ => Vec::new(),
        }
    }

    /// `new URL(reference, base)` and `new Request(url)`.
    fn construction(&self, new: &'a NewExpression<'a>, depth: usize) -> Vec<Text> {
        let argument = |index: usize| new.arguments.get(index)?.as_expression();
        let name = self.global(&new.callee);
        let Some(reference) =
            argument(0).filter(|_| matches!(name.as_deref(), Some("URL" | "Request")))
        else {
            return Vec::new();
        };
        let references = self.texts_within(reference, depth);
        let bases = argument(1).filter(|_| name.as_deref() == Some("URL"));
        let bases = bases.map(|base| self.texts_within(base, depth)).unwrap_or_default();
        match bases.as_slice() {
            [] => references,
            [base, ..] => {
                references.into_iter().map(|reference| resolved(reference, base)).collect()
            }
        }
    }
}

/// Each of `texts` that is whole, followed by each of `next`.
fn followed_by(texts: Vec<Text>, next: &[Text]) -> Vec<Text> {
    let mut joined: Vec<Text> = Vec::new();
    for text in texts {
        if !text.whole {
            joined.push(text);
            continue;
        }
        if next.is_empty() {
            joined.push(Text { whole: false, ..text });
            continue;
        }
        for Text { known, whole, base } in next {
            // What comes first decides what a relative URL is relative to.
            let base = if text.known.is_empty() { *base } else { text.base };
            joined.push(Text { known: format!("{}{known}", text.known), whole: *whole, base });
        }
    }
    joined.truncate(MAX_TEXTS);
    joined
}

/// A reference with its base, as far as both are known.
fn resolved(reference: Text, base: &Text) -> Text {
    if reference.known.is_empty() {
        return Text { known: base.known.clone(), whole: false, base: base.base };
    }
    match url::Url::parse(&base.known).and_then(|base| base.join(&reference.known)) {
        Ok(url) => Text { known: url.into(), whole: reference.whole, base: Base::Page },
        Err(_) if base.base == Base::Script => Text { base: Base::Script, ..reference },
        Err(_) if url::Url::parse(&reference.known).is_ok() => reference,
        Err(_) => Text::beginning(""),
    }
}
