//! Element matching (section 6.7.3): inline code, attributes and `javascript:` URLs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::engine::Engine;
use super::request::{Inline, InlineKind};
use super::verdict::{Decision, Outcome, Reason};
use crate::csp::{Directive, HashAlgorithm, Keyword, ParsedDirective, Policy, SourceExpression};
use crate::text::Span;

/// The base64 of the digest of `content`, in UTF-8, as a hash-source holds it (section 2.3.1).
///
/// ```
/// use cspc_core::csp::HashAlgorithm;
/// use cspc_core::enforce::digest;
/// assert_eq!(digest(HashAlgorithm::Sha256, ""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
/// ```
pub fn digest(algorithm: HashAlgorithm, content: &str) -> String {
    match algorithm {
        HashAlgorithm::Sha256 => STANDARD.encode(Sha256::digest(content)),
        HashAlgorithm::Sha384 => STANDARD.encode(Sha384::digest(content)),
        HashAlgorithm::Sha512 => STANDARD.encode(Sha512::digest(content)),
    }
}

/// "Get the effective directive for inline checks" (section 6.8.2).
pub(super) const fn effective_directive(kind: InlineKind) -> Directive {
    match kind {
        InlineKind::Script | InlineKind::JavascriptUrl => Directive::ScriptSrcElem,
        InlineKind::EventHandler => Directive::ScriptSrcAttr,
        InlineKind::Style => Directive::StyleSrcElem,
        InlineKind::StyleAttribute => Directive::StyleSrcAttr,
    }
}

/// "Should element's inline type behavior be blocked by Content Security Policy?" for one policy (section 4.2.3).
pub(super) fn check<'a>(
    policy: &'a Policy<'a>,
    item: &Inline,
    engine: Engine,
) -> Option<Decision<'a>> {
    let effective = effective_directive(item.kind);
    let directive = policy.effective(effective)?;
    let list = SourceList { directive, engine };
    let outcome = match list.matching_expression(item) {
        Some(span) => Outcome::Allowed(Some(span)),
        None => list.why_not(item),
    };
    Some(Decision { effective, directive, outcome })
}

/// A directive's value, as an engine reads it.
#[derive(Clone, Copy)]
pub(super) struct SourceList<'a> {
    pub(super) directive: &'a ParsedDirective<'a>,
    pub(super) engine: Engine,
}

impl<'a> SourceList<'a> {
    pub(super) fn expressions(self) -> impl Iterator<Item = (Span, SourceExpression<'a>)> {
        let values = self.directive.values();
        values.map(move |value| (value.span, self.engine.source_expression(value.text)))
    }

    /// Where the keyword stands.
    pub(super) fn keyword(self, keyword: Keyword) -> Option<Span> {
        self.find(|expression| *expression == SourceExpression::Keyword(keyword))
    }

    /// "Does nonce match source list?" (section 6.7.2.3): compared as a string, never decoded.
    pub(super) fn nonce(self, nonce: &str) -> Option<Span> {
        self.find(|expression| *expression == SourceExpression::Nonce(nonce))
    }

    /// Where the first expression stands for which `test` holds.
    pub(super) fn find(self, test: impl Fn(&SourceExpression<'a>) -> bool) -> Option<Span> {
        self.expressions().find(|(_, expression)| test(expression)).map(|(span, _)| span)
    }

    /// Whether it holds nothing, or `'none'` alone.
    pub(super) fn allows_nothing(self) -> bool {
        self.expressions().all(|(_, expression)| expression == SourceExpression::None)
    }

    /// "Does element match source list for type and source?" (section 6.7.3.3).
    fn matching_expression(self, item: &Inline) -> Option<Span> {
        self.allows_all_inline(item.kind)
            .or_else(|| self.matching_nonce(item))
            .or_else(|| self.dynamic_script(item))
            .or_else(|| self.matching_hash(item))
    }

    /// "Does a source list allow all inline behavior for type?" (section 6.7.3.2).
    fn allows_all_inline(self, kind: InlineKind) -> Option<Span> {
        match self.overriding_expression(kind) {
            Some(_) => None,
            None => self.keyword(Keyword::UnsafeInline),
        }
    }

    /// What takes the force of `'unsafe-inline'`.
    fn overriding_expression(self, kind: InlineKind) -> Option<Span> {
        self.find(|expression| match expression {
            SourceExpression::Nonce(_) | SourceExpression::Hash(..) => true,
            SourceExpression::Keyword(Keyword::StrictDynamic) => kind.is_script(),
            _ => false,
        })
    }

    /// Step 2: nonces are for elements alone.
    fn matching_nonce(self, item: &Inline) -> Option<Span> {
        let may_have_one = item.kind.is_element() && is_nonceable(item);
        if may_have_one { self.nonce(&item.nonce) } else { None }
    }

    /// Step 5.2.1: a trusted script's script.
    fn dynamic_script(self, item: &Inline) -> Option<Span> {
        let dynamic = item.kind == InlineKind::Script && !item.parser_inserted;
        if dynamic { self.keyword(Keyword::StrictDynamic) } else { None }
    }

    /// Steps 3 to 5: hashes are for elements, and with `'unsafe-hashes'` for the rest.
    fn matching_hash(self, item: &Inline) -> Option<Span> {
        let hashes_count = item.kind.is_element() || self.keyword(Keyword::UnsafeHashes).is_some();
        if hashes_count { self.hash_of(item) } else { None }
    }

    /// Where a hash of the content stands. Each algorithm runs once, however many hashes there are.
    fn hash_of(self, item: &Inline) -> Option<Span> {
        let mut digests: [Option<Option<String>>; 3] = [None, None, None];
        let mut matches = |algorithm: HashAlgorithm, expected: &str| {
            let [sha256, sha384, sha512] = &mut digests;
            let known = match algorithm {
                HashAlgorithm::Sha256 => sha256,
                HashAlgorithm::Sha384 => sha384,
                HashAlgorithm::Sha512 => sha512,
            };
            let actual = known.get_or_insert_with(|| digest_of(item, algorithm));
            actual.as_ref().is_some_and(|actual| same_base64(actual, expected, self.engine))
        };
        let mut expressions = self.expressions();
        let found = expressions.find(|(_, expression)| match expression {
            SourceExpression::Hash(algorithm, expected) => matches(*algorithm, expected),
            _ => false,
        });
        found.map(|(span, _)| span)
    }

    /// Why nothing matches, and what would.
    fn why_not(self, item: &Inline) -> Outcome {
        let (reason, blamed) = self.reason(item);
        let algorithm =
            item.hash.as_ref().map_or(HashAlgorithm::Sha256, |(algorithm, _)| *algorithm);
        let value = digest_of(item, algorithm).unwrap_or_default();
        let hash = format!("'{}-{value}'", algorithm.as_str());
        let would_allow = match reason {
            Reason::UnsafeHashesMissing => "'unsafe-hashes'".to_owned(),
            _ if item.kind.is_element() => hash,
            _ if self.keyword(Keyword::UnsafeHashes).is_some() => hash,
            _ => format!("'unsafe-hashes' {hash}"),
        };
        let wants_sample = self.keyword(Keyword::ReportSample).is_some();
        Outcome::blocked(reason)
            .blaming(blamed)
            .unless(would_allow)
            .sampling(&item.content, wants_sample)
    }

    fn reason(self, item: &Inline) -> (Reason, Option<Span>) {
        if self.allows_nothing() {
            return (Reason::NothingAllowed, None);
        }
        if item.kind.is_element()
            && let Some(nonce) = self.nonce(&item.nonce)
        {
            return (Reason::NotNonceable, Some(nonce));
        }
        if !item.kind.is_element()
            && let Some(hash) = self.hash_of(item)
        {
            return (Reason::UnsafeHashesMissing, Some(hash));
        }
        if self.keyword(Keyword::UnsafeInline).is_some() {
            return (Reason::UnsafeInlineIgnored, self.overriding_expression(item.kind));
        }
        (Reason::InlineNotAllowed, None)
    }
}

/// The digest of an item's content, if it is known.
fn digest_of(item: &Inline, algorithm: HashAlgorithm) -> Option<String> {
    match &item.hash {
        None => Some(digest(algorithm, &item.content)),
        Some((known, value)) => (*known == algorithm).then(|| value.clone()),
    }
}

/// "Is element nonceable?" (section 6.7.3.1): whether its markup cannot be what an injection made of another element.
fn is_nonceable(item: &Inline) -> bool {
    if item.nonce.is_empty() || item.duplicate_attribute {
        return false;
    }
    let mut attributes = item.attributes.iter();
    !item.is_script_element()
        || !attributes.any(|(name, value)| {
            ["<script", "<style"].into_iter().any(|start| {
                name.eq_ignore_ascii_case(start) || contains_ignoring_case(value, start)
            })
        })
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// Whether a digest is the value of a hash-source, which may be in either alphabet of base64 (section 6.7.3.3, step
/// 5.2.2).
pub(super) fn same_base64(actual: &str, expected: &str, engine: Engine) -> bool {
    let (actual, expected) = if engine.lenient_hashes() {
        (actual.trim_end_matches('='), expected.trim_end_matches('='))
    } else {
        (actual, expected)
    };
    actual.bytes().map(standard_digit).eq(expected.bytes().map(standard_digit))
}

const fn standard_digit(digit: u8) -> u8 {
    match digit {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}
