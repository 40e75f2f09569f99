//! Functions and values that scripts keep as members: of an object in a variable, of a class, of an object literal.

use std::collections::HashMap;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentTarget, CallExpression, Expression, Function, Statement,
};
use oxc_semantic::{NodeId, SymbolId};
use oxc_span::{GetSpan, Span};

use super::value::Values;

/// A function, as it stands in a script.
#[derive(Clone, Copy)]
pub(super) enum Callable<'a> {
    Function(&'a Function<'a>),
    Arrow(&'a ArrowFunctionExpression<'a>),
}

impl<'a> Callable<'a> {
    pub(super) fn of(expression: &'a Expression<'a>) -> Option<Self> {
        match expression.get_inner_expression() {
            Expression::FunctionExpression(function) => Some(Self::Function(function)),
            Expression::ArrowFunctionExpression(arrow) => Some(Self::Arrow(arrow)),
            _ => None,
        }
    }

    /// What it returns where it ends.
    pub(super) fn result(self) -> Option<&'a Expression<'a>> {
        let body = match self {
            Self::Function(function) => function.body.as_deref(),
            Self::Arrow(arrow) => match arrow.get_expression() {
                Some(result) => return Some(result),
                None => arrow.body.as_function_body(),
            },
        };
        match body?.statements.last()? {
            Statement::ReturnStatement(statement) => statement.argument.as_ref(),
            _ => None,
        }
    }
}

/// What classes and object literals have by the name of `this.name`.
#[derive(Default)]
pub(super) struct OwnMembers<'a> {
    /// Calls of `this.name(…)`.
    calls: HashMap<&'a str, Vec<&'a CallExpression<'a>>>,
    /// Functions, each with the text in which `this` may be what has it.
    functions: HashMap<String, Vec<(Span, Callable<'a>)>>,
}

impl<'a> Values<'_, 'a> {
    fn own_members(&self) -> &OwnMembers<'a> {
        self.own_members.get_or_init(|| {
            let mut own = OwnMembers::default();
            for node in self.semantic.nodes().iter() {
                match node.kind() {
                    AstKind::CallExpression(call) => {
                        if let Some(name) = name_of_own(&call.callee) {
                            own.calls.entry(name).or_default().push(call);
                        }
                    }
                    AstKind::Function(function) => {
                        self.add_own(&mut own, node.id(), Callable::Function(function));
                    }
                    AstKind::ArrowFunctionExpression(arrow) => {
                        self.add_own(&mut own, node.id(), Callable::Arrow(arrow));
                    }
                    _ => {}
                }
            }
            own
        })
    }

    fn add_own(&self, own: &mut OwnMembers<'a>, id: NodeId, function: Callable<'a>) {
        if let Some((name, text)) = self.owner(id) {
            own.functions.entry(name).or_default().push((text, function));
        }
    }

    /// The name of a function that a class, a prototype or an object literal has, and the text in which `this` may be that.
    fn owner(&self, function: NodeId) -> Option<(String, Span)> {
        let nodes = self.semantic.nodes();
        let holder = nodes.parent_id(function);
        let key = match nodes.kind(holder) {
            AstKind::MethodDefinition(method) => &method.key,
            AstKind::PropertyDefinition(property) => &property.key,
            AstKind::ObjectProperty(property) => &property.key,
            AstKind::AssignmentExpression(assignment) => {
                let AssignmentTarget::StaticMemberExpression(member) = &assignment.left else {
                    return None;
                };
                let is_prototype = super::sinks::names(&member.object, "prototype");
                let text = nodes.kind(NodeId::ROOT).span();
                return is_prototype.then(|| (member.property.name.to_string(), text));
            }
            _ => return None,
        };
        Some((key.name()?.into_owned(), nodes.parent_kind(holder).span()))
    }

    /// The functions that a callee may be.
    pub(super) fn functions(&self, callee: &'a Expression<'a>) -> Vec<Callable<'a>> {
        let callee = callee.get_inner_expression();
        if let Some(name) = name_of_own(callee) {
            let functions = self.own_members().functions.get(name).into_iter().flatten();
            let here = functions.filter(|(text, _)| text.contains_inclusive(callee.span()));
            return here.map(|(_, function)| *function).collect();
        }
        match callee {
            Expression::Identifier(identifier) => self
                .symbol(identifier)
                .and_then(|symbol| self.function(symbol))
                .into_iter()
                .collect(),
            Expression::StaticMemberExpression(member) => {
                let values = self.members(&member.object, &member.property.name);
                values.into_iter().filter_map(Callable::of).collect()
            }
            _ => Vec::new(),
        }
    }

    fn function(&self, symbol: SymbolId) -> Option<Callable<'a>> {
        match self.semantic.symbol_declaration(symbol).kind() {
            AstKind::Function(function) => Some(Callable::Function(function)),
            _ => Callable::of(self.only_value(symbol)?),
        }
    }

    /// Calls of a function by the name under which something has it.
    pub(super) fn calls_of_member(&self, function: NodeId) -> Vec<&'a CallExpression<'a>> {
        if let Some((name, text)) = self.owner(function) {
            let calls = self.own_members().calls.get(name.as_str()).into_iter().flatten();
            return calls.copied().filter(|call| text.contains_inclusive(call.span)).collect();
        }
        let AstKind::AssignmentExpression(assignment) = self.parent(function) else {
            return Vec::new();
        };
        let AssignmentTarget::StaticMemberExpression(member) = &assignment.left else {
            return Vec::new();
        };
        let uses = self.uses_of_member(&member.object, &member.property.name);
        uses.into_iter().filter_map(|id| self.call_of(id)).collect()
    }

    /// The values of a member of an object that stands in the script as a literal, or to whose variable they are assigned.
    pub(super) fn members(
        &self,
        object: &'a Expression<'a>,
        name: &str,
    ) -> Vec<&'a Expression<'a>> {
        if let Some(Expression::ObjectExpression(literal)) = self.literal(object) {
            let mut properties = literal.properties.iter().filter_map(|found| found.as_property());
            let found = properties.find(|found| found.key.is_specific_static_name(name));
            if let Some(found) = found {
                return vec![&found.value];
            }
        }
        let assigned = |id| match self.parent(id) {
            AstKind::AssignmentExpression(assignment)
                if assignment.left.span() == self.kind(id).span() =>
            {
                Some(&assignment.right)
            }
            _ => None,
        };
        self.uses_of_member(object, name).into_iter().filter_map(assigned).collect()
    }

    /// The values of all members of an object or list that stands in the script as a literal.
    pub(super) fn all_members(&self, object: &'a Expression<'a>) -> Vec<&'a Expression<'a>> {
        match self.literal(object) {
            Some(Expression::ObjectExpression(literal)) => {
                let properties = literal.properties.iter().filter_map(|found| found.as_property());
                properties.map(|property| &property.value).collect()
            }
            Some(Expression::ArrayExpression(list)) => {
                list.elements.iter().filter_map(|element| element.as_expression()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What stands in the script for an expression, or for the only value of the variable that it names.
    fn literal(&self, expression: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
        let expression = match expression.get_inner_expression() {
            Expression::Identifier(identifier) => match *self.values(self.symbol(identifier)?).0 {
                [only] => only.get_inner_expression(),
                _ => return None,
            },
            other => other,
        };
        match expression {
            Expression::CallExpression(call)
                if call.callee.is_specific_member_access("Object", "freeze") =>
            {
                call.arguments.first()?.as_expression()
            }
            other => Some(other),
        }
    }

    /// Where a member of the object in a variable is used: the nodes of `variable.name`.
    fn uses_of_member(&self, object: &'a Expression<'a>, name: &str) -> Vec<NodeId> {
        let Expression::Identifier(identifier) = object.get_inner_expression() else {
            return Vec::new();
        };
        let Some(symbol) = self.symbol(identifier) else { return Vec::new() };
        let nodes = self.semantic.nodes();
        let members = self.references(symbol).map(|id| nodes.parent_id(id));
        let is_it = |id: &NodeId| match nodes.kind(*id) {
            AstKind::StaticMemberExpression(member) => member.property.name == name,
            _ => false,
        };
        members.filter(is_it).collect()
    }
}

/// The name in `this.name` and `this.#name`.
fn name_of_own<'a>(expression: &'a Expression<'a>) -> Option<&'a str> {
    let (object, name) = match expression.get_inner_expression() {
        Expression::StaticMemberExpression(member) => (&member.object, &member.property.name),
        Expression::PrivateFieldExpression(member) => (&member.object, &member.field.name),
        _ => return None,
    };
    matches!(object, Expression::ThisExpression(_)).then(|| name.as_str())
}
