//! What the checks ask of a policy, and a policy that answers from its text.
//!
//! The checks are written once, for whatever answers: a policy as it is written, which is read anew for each question, or a
//! [compiled](super::compiled) one.

use std::cell::OnceCell;

use super::engine::Engine;
use super::hashes::Hashes;
use super::policy::EnforcedPolicy;
use super::url_match::{Context, Target, is_star, matches_expression};
use super::verdict::{Clause, Disposition};
use crate::csp::{Directive, Keyword, ParsedDirective, SourceExpression};
use crate::text::Span;

/// A policy. Directives that do not count the way it came are not there.
pub(super) trait AskedPolicy {
    type List: SourceList;
    type Words: Words;

    fn disposition(&self) -> Disposition;

    /// The source list of this very directive.
    fn list(&self, directive: Directive) -> Option<Self::List>;

    /// The values of a directive that holds no source list.
    fn words(&self, directive: Directive) -> Option<Self::Words>;

    /// The list of the directive, or of the first one present that it falls back to (section 6.8.3).
    fn effective(&self, directive: Directive) -> Option<Self::List> {
        directive.fallback_list().find_map(|next| self.list(next))
    }
}

/// A source list, as an engine reads it on a page of some origin. What is found is the first of its kind.
pub(super) trait SourceList {
    fn clause(&self) -> Clause;

    /// Where the keyword stands.
    fn keyword(&self, keyword: Keyword) -> Option<Span>;

    /// "Does nonce match source list?" (section 6.7.2.3): compared as a string, never decoded.
    fn nonce(&self, nonce: &str) -> Option<Span>;

    /// Where a nonce or a hash stands, whichever.
    fn nonce_or_hash(&self) -> Option<Span>;

    fn hashes(&self) -> &Hashes<'_>;

    /// What matches a URL (section 6.7.2.7).
    fn matching(&self, target: Target<'_>) -> Option<Span>;

    /// Whether it holds nothing, or `'none'` alone.
    fn allows_nothing(&self) -> bool;
}

/// The values of a directive that holds no source list.
pub(super) trait Words {
    fn clause(&self) -> Clause;

    /// Where this value stands.
    fn exactly(&self, text: &str) -> Option<Span>;

    /// Where this value stands, in whatever case.
    fn in_any_case(&self, text: &str) -> Option<Span>;

    fn first(&self) -> Option<Span>;

    fn is_single(&self) -> bool;
}

/// A policy as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct WrittenPolicy<'a> {
    pub(super) policy: EnforcedPolicy<'a>,
    pub(super) context: Context<'a>,
}

impl<'a> AskedPolicy for WrittenPolicy<'a> {
    type List = WrittenList<'a>;
    type Words = WrittenWords<'a>;

    fn disposition(&self) -> Disposition {
        self.policy.disposition()
    }

    fn list(&self, directive: Directive) -> Option<WrittenList<'a>> {
        WrittenList::new(self.policy.get(directive)?, self.context)
    }

    fn words(&self, directive: Directive) -> Option<WrittenWords<'a>> {
        let directive = self.policy.get(directive)?;
        Some(WrittenWords { clause: Clause::of(directive)?, directive })
    }
}

/// A source list, read.
pub(super) struct WrittenList<'a> {
    clause: Clause,
    context: Context<'a>,
    expressions: Vec<(Span, SourceExpression<'a>)>,
    /// Made when they are asked for.
    hashes: OnceCell<Hashes<'a>>,
}

impl<'a> WrittenList<'a> {
    pub(super) fn new(directive: &'a ParsedDirective<'a>, context: Context<'a>) -> Option<Self> {
        Some(Self {
            clause: Clause::of(directive)?,
            context,
            expressions: expressions(directive, context.engine).collect(),
            hashes: OnceCell::new(),
        })
    }

    fn find(&self, test: impl Fn(&SourceExpression<'a>) -> bool) -> Option<Span> {
        self.expressions.iter().find(|(_, expression)| test(expression)).map(|(span, _)| *span)
    }
}

/// The values of a source list and where they stand.
pub(super) fn expressions<'a>(
    directive: &ParsedDirective<'a>,
    engine: Engine,
) -> impl Iterator<Item = (Span, SourceExpression<'a>)> {
    directive.values().map(move |value| (value.span, engine.source_expression(value.text)))
}

impl SourceList for WrittenList<'_> {
    fn clause(&self) -> Clause {
        self.clause
    }

    fn keyword(&self, keyword: Keyword) -> Option<Span> {
        self.find(|expression| *expression == SourceExpression::Keyword(keyword))
    }

    fn nonce(&self, nonce: &str) -> Option<Span> {
        self.find(|expression| *expression == SourceExpression::Nonce(nonce))
    }

    fn nonce_or_hash(&self) -> Option<Span> {
        self.find(|expression| {
            matches!(expression, SourceExpression::Nonce(_) | SourceExpression::Hash(..))
        })
    }

    fn hashes(&self) -> &Hashes<'_> {
        self.hashes.get_or_init(|| Hashes::of(&self.expressions, self.context.engine))
    }

    fn matching(&self, target: Target<'_>) -> Option<Span> {
        let engine = self.context.engine;
        let any = engine.star_in_directive_covers(self.clause.directive, target.scheme());
        self.find(|expression| {
            matches_expression(target, expression, self.context) || any && is_star(expression)
        })
    }

    fn allows_nothing(&self) -> bool {
        self.expressions.iter().all(|(_, expression)| *expression == SourceExpression::None)
    }
}

/// Values, split as they are asked for.
pub(super) struct WrittenWords<'a> {
    clause: Clause,
    directive: &'a ParsedDirective<'a>,
}

impl WrittenWords<'_> {
    fn find(&self, test: impl Fn(&str) -> bool) -> Option<Span> {
        self.directive.values().find(|value| test(value.text)).map(|value| value.span)
    }
}

impl Words for WrittenWords<'_> {
    fn clause(&self) -> Clause {
        self.clause
    }

    fn exactly(&self, text: &str) -> Option<Span> {
        self.find(|value| value == text)
    }

    fn in_any_case(&self, text: &str) -> Option<Span> {
        self.find(|value| value.eq_ignore_ascii_case(text))
    }

    fn first(&self) -> Option<Span> {
        self.find(|_| true)
    }

    fn is_single(&self) -> bool {
        self.directive.values().take(2).count() == 1
    }
}
