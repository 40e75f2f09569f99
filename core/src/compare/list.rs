//! Source lists as what they allow, ready to be compared.

use std::collections::BTreeSet;

use super::pattern::{Pattern, expand};
use crate::csp::{Directive, HashAlgorithm, Keyword, ParsedDirective, SourceExpression};
use crate::enforce::SelfOrigin;

/// A source list on a page of some origin.
#[derive(Debug, Default)]
pub(super) struct List<'a> {
    pub(super) patterns: Vec<Pattern<'a>>,
    pub(super) keywords: BTreeSet<Keyword>,
    pub(super) nonces: BTreeSet<&'a str>,
    pub(super) hashes: BTreeSet<String>,
}

impl<'a> List<'a> {
    /// The list as it decides about a directive.
    pub(super) fn of(
        list: &'a ParsedDirective<'a>,
        directive: Directive,
        origin: &'a SelfOrigin,
    ) -> Self {
        let sources = list.sources();
        let mut list = Self::default();
        for source in sources {
            match source.expression {
                SourceExpression::Keyword(keyword) if keyword != Keyword::SelfOrigin => {
                    list.keywords.insert(keyword);
                }
                SourceExpression::Nonce(nonce) => {
                    list.nonces.insert(nonce);
                }
                SourceExpression::Hash(algorithm, digest) => {
                    list.hashes.insert(hash(algorithm, digest));
                }
                other => list.patterns.extend(expand(other, directive, origin)),
            }
        }
        list
    }

    /// Whether the keyword is there, or one that allows as much.
    pub(super) fn allows(&self, keyword: Keyword) -> bool {
        let as_much = match keyword {
            Keyword::WasmUnsafeEval | Keyword::TrustedTypesEval => Keyword::UnsafeEval,
            other => other,
        };
        self.keywords.contains(&keyword) || self.keywords.contains(&as_much)
    }

    pub(super) fn is_dynamic(&self) -> bool {
        self.keywords.contains(&Keyword::StrictDynamic)
    }

    /// "Does a source list allow all inline behavior" (CSP Level 3, section 6.7.3.2).
    pub(super) fn allows_all_inline(&self, is_script: bool) -> bool {
        self.keywords.contains(&Keyword::UnsafeInline)
            && self.nonces.is_empty()
            && self.hashes.is_empty()
            && !(is_script && self.is_dynamic())
    }
}

/// A hash in one spelling, as both alphabets of Base64 stand for the same.
pub(super) fn hash(algorithm: HashAlgorithm, digest: &str) -> String {
    let digest = digest.trim_end_matches('=').replace('-', "+").replace('_', "/");
    format!("{}-{digest}", algorithm.as_str())
}

pub(super) const fn is_script(directive: Directive) -> bool {
    matches!(directive, Directive::ScriptSrc | Directive::ScriptSrcElem | Directive::ScriptSrcAttr)
}

pub(super) const fn is_style(directive: Directive) -> bool {
    matches!(directive, Directive::StyleSrc | Directive::StyleSrcElem | Directive::StyleSrcAttr)
}
