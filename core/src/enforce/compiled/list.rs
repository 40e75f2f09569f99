//! Source lists and other values that are found by hash.

use super::super::hashes::Hashes;
use super::super::index::{Index, Seed};
use super::super::source_list::{SourceList, Words, expressions};
use super::super::url_match::{Context, Target};
use super::super::verdict::Clause;
use super::sources::Sources;
use crate::csp::{Keyword, ParsedDirective, SourceExpression};
use crate::text::Span;

/// Strings and where they stand first.
#[derive(Debug)]
struct Places<'a> {
    index: Index<(&'a str, Span)>,
    case: Case,
}

/// Whether case matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Matters,
    Ignored,
}

impl<'a> Places<'a> {
    fn of(found: impl Iterator<Item = (&'a str, Span)> + Clone, case: Case) -> Self {
        let mut index: Index<(&str, Span)> =
            Index::new(Seed::of(found.clone().map(|(text, _)| text)));
        for (text, span) in found {
            let hash = index.hash(case.key(text));
            index.entry(hash, |(known, _)| case.is_same(known, text), || (text, span));
        }
        Self { index, case }
    }

    fn get(&self, text: &str) -> Option<Span> {
        if self.index.is_empty() {
            return None;
        }
        let hash = self.index.hash(self.case.key(text));
        let found = self.index.get(hash, |(known, _)| self.case.is_same(known, text));
        found.map(|(_, span)| *span)
    }
}

impl Case {
    fn key(self, text: &str) -> impl Iterator<Item = u8> {
        let fold = move |byte: u8| match self {
            Self::Matters => byte,
            Self::Ignored => byte.to_ascii_lowercase(),
        };
        text.bytes().map(fold)
    }

    fn is_same(self, a: &str, b: &str) -> bool {
        match self {
            Self::Matters => a == b,
            Self::Ignored => a.eq_ignore_ascii_case(b),
        }
    }
}

/// A source list whose expressions are found by hash.
#[derive(Debug)]
pub(super) struct CompiledList<'a> {
    clause: Clause,
    context: Context<'a>,
    keywords: Vec<Option<Span>>,
    nonces: Places<'a>,
    hashes: Hashes<'a>,
    nonce_or_hash: Option<Span>,
    sources: Sources<'a>,
    allows_nothing: bool,
}

impl<'a> CompiledList<'a> {
    pub(super) fn new(directive: &ParsedDirective<'a>, context: Context<'a>) -> Option<Self> {
        let clause = Clause::of(directive)?;
        let expressions: Vec<_> = expressions(directive, context.engine).collect();
        let first = |test: &dyn Fn(&SourceExpression<'_>) -> bool| {
            expressions.iter().find(|(_, expression)| test(expression)).map(|(span, _)| *span)
        };
        let keyword = |keyword| first(&|found| *found == SourceExpression::Keyword(keyword));
        let nonces = expressions.iter().filter_map(|(span, expression)| match *expression {
            SourceExpression::Nonce(nonce) => Some((nonce, *span)),
            _ => None,
        });
        Some(Self {
            clause,
            context,
            keywords: Keyword::all().map(keyword).collect(),
            nonces: Places::of(nonces, Case::Matters),
            hashes: Hashes::of(&expressions, context.engine),
            nonce_or_hash: first(&|found| {
                matches!(found, SourceExpression::Nonce(_) | SourceExpression::Hash(..))
            }),
            sources: Sources::of(&expressions, context),
            allows_nothing: first(&|found| *found != SourceExpression::None).is_none(),
        })
    }
}

impl SourceList for &CompiledList<'_> {
    fn clause(&self) -> Clause {
        self.clause
    }

    fn keyword(&self, keyword: Keyword) -> Option<Span> {
        self.keywords.get(keyword as usize).copied().flatten()
    }

    fn nonce(&self, nonce: &str) -> Option<Span> {
        self.nonces.get(nonce)
    }

    fn nonce_or_hash(&self) -> Option<Span> {
        self.nonce_or_hash
    }

    fn hashes(&self) -> &Hashes<'_> {
        &self.hashes
    }

    fn matching(&self, target: Target<'_>) -> Option<Span> {
        self.sources.matching(target, self.clause.directive, self.context)
    }

    fn allows_nothing(&self) -> bool {
        self.allows_nothing
    }
}

/// Values that are found by hash.
#[derive(Debug)]
pub(super) struct CompiledWords<'a> {
    clause: Clause,
    exactly: Places<'a>,
    in_any_case: Places<'a>,
    first: Option<Span>,
    is_single: bool,
}

impl<'a> CompiledWords<'a> {
    pub(super) fn new(directive: &ParsedDirective<'a>) -> Option<Self> {
        let values = directive.values().map(|value| (value.text, value.span));
        Some(Self {
            clause: Clause::of(directive)?,
            exactly: Places::of(values.clone(), Case::Matters),
            in_any_case: Places::of(values.clone(), Case::Ignored),
            first: values.clone().next().map(|(_, span)| span),
            is_single: values.take(2).count() == 1,
        })
    }
}

impl Words for &CompiledWords<'_> {
    fn clause(&self) -> Clause {
        self.clause
    }

    fn exactly(&self, text: &str) -> Option<Span> {
        self.exactly.get(text)
    }

    fn in_any_case(&self, text: &str) -> Option<Span> {
        self.in_any_case.get(text)
    }

    fn first(&self) -> Option<Span> {
        self.first
    }

    fn is_single(&self) -> bool {
        self.is_single
    }
}
