//! The kinds of source expressions that rules tell apart.

use crate::csp::{Keyword, SourceExpression};

/// A set of kinds of source expressions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u32);

impl Kinds {
    /// `'none'`.
    pub(super) const NONE: Self = Self(1);
    /// A nonce.
    pub(super) const NONCE: Self = Self(1 << 1);
    /// A hash.
    pub(super) const HASH: Self = Self(1 << 2);
    /// A scheme.
    pub(super) const SCHEME: Self = Self(1 << 3);
    /// A host, `*` included.
    pub(super) const HOST: Self = Self(1 << 4);
    /// No source expression.
    pub(super) const INVALID: Self = Self(1 << 5);
    /// The number of bits before those of the keywords.
    const BEFORE_KEYWORDS: u32 = 6;
    /// Any keyword.
    pub(super) const KEYWORD: Self = Self(u32::MAX << Self::BEFORE_KEYWORDS);
    /// How many kinds there can be.
    pub(super) const COUNT: usize = 32;

    /// The kind of one keyword.
    pub(super) const fn keyword(keyword: Keyword) -> Self {
        Self(1 << (Self::BEFORE_KEYWORDS + keyword as u32))
    }

    /// The kind of an expression.
    pub(super) const fn of(expression: SourceExpression<'_>) -> Self {
        match expression {
            SourceExpression::None => Self::NONE,
            SourceExpression::Nonce(_) => Self::NONCE,
            SourceExpression::Hash(..) => Self::HASH,
            SourceExpression::Scheme(_) => Self::SCHEME,
            SourceExpression::Host(_) => Self::HOST,
            SourceExpression::Invalid(_) => Self::INVALID,
            SourceExpression::Keyword(keyword) => Self::keyword(keyword),
        }
    }

    /// Those of either.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one is in both.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Its place among the kinds, for a set of one.
    pub(super) const fn index(self) -> usize {
        self.0.trailing_zeros() as usize
    }

    /// The places of all its members.
    pub(super) fn indices(self) -> impl Iterator<Item = usize> {
        (0..Self::COUNT).filter(move |index| self.0 >> index & 1 == 1)
    }
}
