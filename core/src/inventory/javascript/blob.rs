//! Scripts that stand in scripts as texts: those of workers, made of a `Blob`.

use oxc_ast::ast::{Argument, Expression};
use oxc_span::Span;

use super::sinks::Reader;
use super::{Goal, What, parse};
use crate::inventory::address::unread_code;

impl<'a> Reader<'_, 'a> {
    /// `new Blob([text, …], { type: "text/javascript" })`: what its code asks for in full, as a relative address leads
    /// nowhere from a `blob:` one.
    pub(super) fn blob(&mut self, span: Span, arguments: &'a [Argument<'a>]) {
        let argument = |index: usize| arguments.get(index).and_then(Argument::as_expression);
        let Some(Expression::ArrayExpression(parts)) = argument(0) else { return };
        let declared = argument(1).map(|options| self.values.members(options, "type"));
        let is_script = declared.unwrap_or_default().into_iter().all(|declared| {
            self.values.texts(declared).iter().any(|text| text.known.contains("javascript"))
        });
        let texts = parts.elements.iter().map(|part| {
            let text = self.values.texts(part.as_expression()?).into_iter().next()?;
            text.whole.then_some(text.known)
        });
        let code: Option<String> = texts.filter(|_| is_script).collect();
        let read = code.and_then(|code| parse::read(&code, Goal::File, self.values.origin).ok());
        for found in read.into_iter().flatten().filter(|found| is_of_worker(&found.what)) {
            self.push(span.start, found.what);
        }
    }
}

fn is_of_worker(what: &What) -> bool {
    match what {
        What::Url(_, url, _) | What::Import(_, url) => {
            unread_code(url).is_some() || url::Url::parse(url).is_ok()
        }
        What::Code(..) => true,
        _ => false,
    }
}
