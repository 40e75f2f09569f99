//! What the names in a script stand for, as far as reading tells: globals, values of variables, and arguments of calls.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use oxc_ast::AstKind;
use oxc_ast::ast::{AssignmentTarget, CallExpression, Expression, IdentifierReference};
use oxc_semantic::{NodeId, Semantic, SymbolId};
use oxc_span::GetSpan;

use super::member::OwnMembers;

/// How many uses of a variable are looked at.
const MAX_REFERENCES: usize = 200;

/// Answers questions about the expressions of one script.
pub(super) struct Values<'s, 'a> {
    pub(super) semantic: &'s Semantic<'a>,
    /// The origin of the page that will run the script, such as `https://shop.example`.
    pub(super) origin: &'s str,
    /// How many expressions were looked at for the present question.
    pub(super) steps: Cell<usize>,
    /// Whether variables change after their declaration; some are used tens of thousands of times.
    changing: RefCell<HashMap<SymbolId, bool>>,
    /// The variables whose values are being looked at.
    pub(super) followed: RefCell<Vec<SymbolId>>,
    pub(super) own_members: OnceCell<OwnMembers<'a>>,
}

impl<'s, 'a> Values<'s, 'a> {
    pub(super) fn new(semantic: &'s Semantic<'a>, origin: &'s str) -> Self {
        Self {
            semantic,
            origin,
            steps: Cell::new(0),
            changing: RefCell::default(),
            followed: RefCell::default(),
            own_members: OnceCell::new(),
        }
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
    pub(super) fn only_value(&self, symbol: SymbolId) -> Option<&'a Expression<'a>> {
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
        let (mut values, mut all) = self.declared_values(symbol);
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

    /// Those that it has from the start: the one of its declaration, or the arguments for it.
    pub(super) fn declared_values(&self, symbol: SymbolId) -> (Vec<&'a Expression<'a>>, bool) {
        let declaration = self.semantic.symbol_declaration(symbol);
        match declaration.kind() {
            AstKind::VariableDeclarator(declarator) => (
                self.initial_value(symbol).into_iter().collect(),
                declarator.id.is_binding_identifier(),
            ),
            AstKind::FormalParameter(parameter) if parameter.pattern.is_binding_identifier() => {
                let (mut values, all) = self.arguments_for(declaration.id());
                values.extend(parameter.initializer.as_deref());
                let is_known = !values.is_empty();
                (values, all && is_known)
            }
            _ => (Vec::new(), false),
        }
    }

    /// What is passed for a parameter wherever its function is called by its name, and whether nothing else may be.
    fn arguments_for(&self, parameter: NodeId) -> (Vec<&'a Expression<'a>>, bool) {
        let nodes = self.semantic.nodes();
        let list = nodes.parent_id(parameter);
        let AstKind::FormalParameters(parameters) = nodes.kind(list) else {
            return (Vec::new(), false);
        };
        let span = nodes.kind(parameter).span();
        let Some(index) = parameters.items.iter().position(|item| item.span == span) else {
            return (Vec::new(), false);
        };
        let function = nodes.parent_id(list);
        let as_member = self.calls_of_member(function);
        // What is a member of something, other scripts may call as well.
        let all = as_member.is_empty();
        let calls = self.calls(function).into_iter().chain(as_member);
        (calls.filter_map(|call| call.arguments.get(index)?.as_expression()).collect(), all)
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
    pub(super) fn call_of(&self, id: NodeId) -> Option<&'a CallExpression<'a>> {
        match self.parent(id) {
            AstKind::CallExpression(call) if call.callee.span() == self.kind(id).span() => {
                Some(call)
            }
            _ => None,
        }
    }

    /// The variable that is assigned to.
    pub(super) fn assigned(&self, target: &'a AssignmentTarget<'a>) -> Option<SymbolId> {
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(identifier) => self.symbol(identifier),
            _ => None,
        }
    }
}
