//! Which calls, constructions and assignments use a feature that `Permissions-Policy` governs.
//!
//! Tables are in `inventory/features.rs`.

use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, CallExpression, Expression, NewExpression,
};
use oxc_span::Span;

use super::What;
use super::sinks::{Reader, names};
use crate::inventory::features::{CREDENTIALS, GLOBALS, METHODS, USER_MEDIA, of_event};

impl<'a> Reader<'_, 'a> {
    fn features(&mut self, span: Span, features: &[&'static str]) {
        for &feature in features {
            self.push(span.start, What::Feature(feature));
        }
    }

    fn features_of_global(&mut self, span: Span, callee: &'a Expression<'a>) -> bool {
        let name = self.values.global(callee);
        let found = GLOBALS.iter().find(|(known, _)| Some(*known) == name.as_deref());
        found.into_iter().for_each(|(_, features)| self.features(span, features));
        found.is_some()
    }

    pub(super) fn features_of_construction(&mut self, new: &'a NewExpression<'a>) {
        self.features_of_global(new.span, &new.callee);
    }

    pub(super) fn features_of_call(&mut self, call: &'a CallExpression<'a>) {
        if self.features_of_global(call.span, &call.callee) {
            return;
        }
        let member = match call.callee.get_inner_expression() {
            Expression::StaticMemberExpression(member) => member,
            Expression::Identifier(function) if function.name == "addEventListener" => {
                return self.features_of_listener(call);
            }
            _ => return,
        };
        let argument = |index: usize| call.arguments.get(index).and_then(Argument::as_expression);
        let name = member.property.name.as_str();
        for (method, object, features) in METHODS {
            if method == name && object.is_none_or(|object| names(&member.object, object)) {
                self.features(call.span, features);
            }
        }
        match name {
            "addEventListener" => self.features_of_listener(call),
            "getUserMedia" | "webkitGetUserMedia" | "mozGetUserMedia" => {
                self.features_by_property(call, &USER_MEDIA, true)
            }
            "get" | "create" if names(&member.object, "credentials") => {
                let of_method = CREDENTIALS.iter().filter(|(method, _, _)| *method == name);
                let of_method: Vec<_> =
                    of_method.map(|(_, property, feature)| (*property, *feature)).collect();
                self.features_by_property(call, &of_method, false);
            }
            "open" if argument(2).is_some_and(is_false) => self.features(call.span, &["sync-xhr"]),
            "play" if call.arguments.is_empty() => self.features(call.span, &["autoplay"]),
            _ => {}
        }
    }

    fn features_of_listener(&mut self, call: &'a CallExpression<'a>) {
        if let Some(Argument::StringLiteral(name)) = call.arguments.first() {
            self.features(call.span, of_event(&name.value));
        }
    }

    /// Features that the properties of the first argument ask for; `all` of them if reading does not tell which it has.
    fn features_by_property(
        &mut self,
        call: &'a CallExpression<'a>,
        table: &[(&str, &'static str)],
        all: bool,
    ) {
        let argument = call.arguments.first().and_then(Argument::as_expression);
        for &(property, feature) in table {
            let is_asked = match argument {
                Some(Expression::ObjectExpression(object)) => {
                    let mut properties = object.properties.iter().filter_map(|p| p.as_property());
                    let found = properties.find(|p| p.key.is_specific_static_name(property));
                    found.is_some_and(|found| !is_false(&found.value))
                }
                Some(_) => all,
                None => false,
            };
            if is_asked {
                self.features(call.span, &[feature]);
            }
        }
    }

    /// `window.onunload = …` and `video.autoplay = true`.
    pub(super) fn features_of_assignment(&mut self, assignment: &'a AssignmentExpression<'a>) {
        let AssignmentTarget::StaticMemberExpression(member) = &assignment.left else { return };
        match member.property.name.as_str() {
            "autoplay" if !is_false(&assignment.right) => {
                self.features(assignment.span, &["autoplay"]);
            }
            name => {
                let event = name.strip_prefix("on").unwrap_or_default();
                self.features(assignment.span, of_event(event));
            }
        }
    }
}

/// Whether an expression is `false`, or `!1`, as minifiers write it.
fn is_false(expression: &Expression<'_>) -> bool {
    match expression {
        Expression::BooleanLiteral(literal) => !literal.value,
        Expression::UnaryExpression(unary) => {
            let is_one =
                matches!(&unary.argument, Expression::NumericLiteral(one) if one.value == 1.0);
            unary.operator.is_not() && is_one
        }
        _ => false,
    }
}
