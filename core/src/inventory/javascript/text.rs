//! The texts that the expressions of a script may be, as far as reading tells: whole, or their beginning.

use oxc_ast::ast::{
    BinaryOperator, CallExpression, Expression, IdentifierReference, NewExpression,
    StaticMemberExpression, TemplateLiteral,
};

use super::Base;
use super::member::Callable;
use super::value::Values;

/// How many texts one expression is followed to; more than a few are a table that reading cannot take apart anyway.
const MAX_TEXTS: usize = 8;
/// How far an expression is followed through variables, parameters and calls.
const MAX_DEPTH: usize = 16;
/// How many expressions are looked at for one question, so that each takes the same time at most.
const MAX_STEPS: usize = 500;

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

    /// The address that it gives, if enough of it is known to tell where it leads.
    pub(super) fn address(self) -> Option<String> {
        let Text { known, whole, .. } = self;
        if whole {
            return Some(known);
        }
        let is_placed = match known.split_once("://") {
            Some((scheme, rest)) => {
                scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) && rest.contains('/')
            }
            None if known.starts_with("//") => known.matches('/').count() > 2,
            None => known.starts_with("blob:") || known.starts_with("data:") || is_relative(&known),
        };
        // A part of a file's name means nothing: the folder is what is known.
        let folder = known.rfind('/').map_or(known.len(), |slash| slash + 1);
        let is_bare =
            known.starts_with("blob:") || known.starts_with("data:") || known.contains('?');
        let end = if is_bare { known.len() } else { folder };
        is_placed.then(|| known.get(..end).unwrap_or_default().to_owned())
    }
}

impl<'a> Values<'_, 'a> {
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
        let texts = match expression.get_inner_expression() {
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
            // What comes before `&&` is the value only if it is false, which is no text.
            Expression::LogicalExpression(logical) if logical.operator.is_and() => {
                self.texts_within(&logical.right, depth)
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
            Expression::ComputedMemberExpression(member) => {
                self.texts_of(self.all_members(&member.object), depth)
            }
            Expression::CallExpression(call) => self.call(call, depth),
            Expression::NewExpression(new) => self.construction(new, depth),
            _ => Vec::new(),
        };
        if texts.is_empty() { vec![Text::beginning("")] } else { at_most(texts) }
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
        // A value that is made of the variable's own, as in `url = url + "?"`, is made of what it was from the start.
        let (values, all) =
            match self.followed.borrow().iter().filter(|own| **own == symbol).count() {
                0 => self.values(symbol),
                1 => self.declared_values(symbol),
                _ => return Vec::new(),
            };
        self.followed.borrow_mut().push(symbol);
        let mut texts = self.texts_of(values, depth);
        self.followed.borrow_mut().pop();
        if !all {
            texts.push(Text::beginning(""));
        }
        texts.dedup();
        texts
    }

    fn texts_of(&self, values: Vec<&'a Expression<'a>>, depth: usize) -> Vec<Text> {
        values.into_iter().flat_map(|value| self.texts_within(value, depth)).collect()
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
        self.texts_of(self.members(&member.object, property), depth)
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

    /// What the functions of the script return that a callee may be, if they end so.
    fn returned(&self, callee: &'a Expression<'a>, depth: usize) -> Vec<Text> {
        let functions = self.functions(callee).into_iter();
        self.texts_of(functions.filter_map(Callable::result).collect(), depth)
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
    at_most(joined)
}

/// As many texts as one expression is followed to; of the others nothing is known.
fn at_most(mut texts: Vec<Text>) -> Vec<Text> {
    if texts.len() > MAX_TEXTS {
        texts.truncate(MAX_TEXTS - 1);
        texts.push(Text::beginning(""));
    }
    texts
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

/// Whether a text begins as a path: whatever follows, it stays on its host.
fn is_relative(known: &str) -> bool {
    let first = known.split(['/', '?', '#']).next().unwrap_or_default();
    first.len() < known.len() && !first.contains(':')
}
