//! The kinds of source expressions that rules tell apart.

use super::sources::{is_open, is_plain, is_public_suffix};
use crate::csp::{HostSource, Keyword, SourceExpression};

/// A set of kinds of source expressions. An expression may be of several: `http://*.example/x` is a host with a wildcard,
/// a plain scheme and a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u32);

impl Kinds {
    /// No kind.
    pub(super) const EMPTY: Self = Self(0);
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
    /// Anyone can provide a URL that matches: any host, or content without one.
    pub(super) const BROAD: Self = Self(1 << 6);
    /// A scheme without encryption, alone or before a host.
    pub(super) const PLAIN: Self = Self(1 << 7);
    /// A host with a wildcard for a part of its name.
    pub(super) const WILDCARD: Self = Self(1 << 8);
    /// A host whose name begins with a digit, as addresses do.
    pub(super) const NUMERIC: Self = Self(1 << 9);
    /// A host with a path that does not end in a slash.
    pub(super) const FILE: Self = Self(1 << 10);
    /// A wildcard before a name under which anyone can have one.
    pub(super) const SUFFIX: Self = Self(1 << 11);
    /// A host that may be there twice: what a list is said to hold, and no source is.
    pub(super) const REPEATED: Self = Self(1 << 12);
    /// What takes the effect of `'unsafe-inline'` away (CSP Level 3, section 6.7.3.2), as [`Self::STRICT`] does for
    /// scripts.
    pub(super) const NONCE_OR_HASH: Self = Self::NONCE.or(Self::HASH);
    /// What matches URLs by where they are.
    pub(super) const URLS: Self =
        Self::HOST.or(Self::SCHEME).or(Self::keyword(Keyword::SelfOrigin));
    /// `'strict-dynamic'`, beside which hosts and schemes allow no scripts.
    pub(super) const STRICT: Self = Self::keyword(Keyword::StrictDynamic);
    /// The number of bits before those of the keywords.
    const BEFORE_KEYWORDS: u32 = 13;
    /// Every kind.
    pub(super) const ANY: Self = Self(u32::MAX);
    /// How many kinds there can be.
    pub(super) const COUNT: usize = 32;

    /// The kind of one keyword.
    pub(super) const fn keyword(keyword: Keyword) -> Self {
        Self(1 << (Self::BEFORE_KEYWORDS + keyword as u32))
    }

    /// The kinds of an expression.
    pub(super) fn of(expression: SourceExpression<'_>) -> Self {
        match expression {
            SourceExpression::None => Self::NONE,
            SourceExpression::Nonce(_) => Self::NONCE,
            SourceExpression::Hash(..) => Self::HASH,
            SourceExpression::Scheme(scheme) => Self::SCHEME
                .and_if(is_open(scheme), Self::BROAD)
                .and_if(is_plain(scheme), Self::PLAIN),
            SourceExpression::Host(host) => Self::of_host(host),
            SourceExpression::Invalid(_) => Self::INVALID,
            SourceExpression::Keyword(keyword) => Self::keyword(keyword),
        }
    }

    fn of_host(source: HostSource<'_>) -> Self {
        let named = source.host.strip_prefix("*.");
        let first = named.unwrap_or(source.host).bytes().next();
        Self::HOST
            .and_if(named.is_some(), Self::WILDCARD)
            .and_if(named.is_some_and(is_public_suffix), Self::SUFFIX)
            .and_if(first == Some(b'*'), Self::BROAD)
            .and_if(first.is_some_and(|byte| byte.is_ascii_digit()), Self::NUMERIC)
            .and_if(source.scheme.is_some_and(is_plain), Self::PLAIN)
            .and_if(source.path.is_some_and(|path| !path.ends_with('/')), Self::FILE)
    }

    /// Those and some more, if that holds.
    pub(super) const fn and_if(self, holds: bool, more: Self) -> Self {
        if holds { self.or(more) } else { self }
    }

    /// Those of either.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one is in both.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The places of its members among the kinds.
    pub(super) fn indices(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let index = rest.trailing_zeros() as usize;
            rest &= rest.checked_sub(1)?;
            Some(index)
        })
    }
}
