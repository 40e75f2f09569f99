//! Requests that well-known libraries make for a script.

use oxc_ast::ast::{Argument, CallExpression, Expression, ObjectExpression};

use super::sinks::Reader;
use crate::inventory::model::Kind;

impl<'a> Reader<'_, 'a> {
    /// Redux Toolkit's `builder.query({ query: () => url })`, whose function may give `{ url }`, too.
    pub(super) fn endpoint(&mut self, call: &'a CallExpression<'a>) {
        let argument = call.arguments.first().and_then(Argument::as_expression);
        if let Some(Expression::ObjectExpression(endpoint)) = argument
            && let Some(Expression::ArrowFunctionExpression(query)) = property(endpoint, "query")
        {
            self.request(query.get_expression().map(Expression::get_inner_expression));
        }
    }

    /// A request for a URL, or for that in a description of the request: jQuery's `ajax({ url })`, Swagger UI's
    /// `SwaggerUIBundle({ url })`.
    pub(super) fn request(&mut self, request: Option<&'a Expression<'a>>) {
        let url = match request {
            Some(Expression::ObjectExpression(description)) => property(description, "url"),
            url => url,
        };
        url.into_iter().for_each(|url| self.url(Kind::Connect, url));
    }
}

fn property<'a>(object: &'a ObjectExpression<'a>, name: &str) -> Option<&'a Expression<'a>> {
    let mut properties = object.properties.iter().filter_map(|property| property.as_property());
    let found = properties.find(|property| property.key.is_specific_static_name(name))?;
    Some(&found.value)
}
