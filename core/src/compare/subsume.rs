//! Subsumption (CSP Embedded Enforcement, section 3.3), as Chromium has it.

use std::collections::BTreeSet;

use super::cover::Cover;
use super::intersection::common;
use super::pattern::{Pattern, expand};
use super::questions::deciding;
use crate::csp::{Directive, Keyword, ParsedDirective, SourceExpression};
use crate::enforce::{EnforcedPolicy, SelfOrigin};

/// The directives that are compared, each with what it falls back to.
static COMPARED: [Directive; 19] = [
    Directive::ScriptSrc,
    Directive::ScriptSrcElem,
    Directive::ScriptSrcAttr,
    Directive::StyleSrc,
    Directive::StyleSrcElem,
    Directive::StyleSrcAttr,
    Directive::ImgSrc,
    Directive::FontSrc,
    Directive::ConnectSrc,
    Directive::MediaSrc,
    Directive::ObjectSrc,
    Directive::FrameSrc,
    Directive::FencedFrameSrc,
    Directive::ChildSrc,
    Directive::WorkerSrc,
    Directive::ManifestSrc,
    Directive::BaseUri,
    Directive::FormAction,
    Directive::FrameAncestors,
];

/// The keywords that must not be allowed unless they are required, each with one that allows as much.
static KEYWORDS: [(Keyword, Keyword); 4] = [
    (Keyword::UnsafeEval, Keyword::UnsafeEval),
    (Keyword::WasmUnsafeEval, Keyword::UnsafeEval),
    (Keyword::TrustedTypesEval, Keyword::UnsafeEval),
    (Keyword::UnsafeHashes, Keyword::UnsafeHashes),
];

/// Whether the policies `a`, enforced together, allow all that the policies `b` allow: "does policy subsume policy list"
/// (CSP Embedded Enforcement, section 3.3). `self_origin` is the origin of the page that `b` came with.
///
/// It follows Chromium, the only browser that has it. Policies that only report do not count. Beside source lists nothing
/// is compared: not `sandbox`, nor Trusted Types, nor prefetches. Any nonce stands for any other, as nonces differ from
/// response to response; a nonce or hash that several policies of `b` do not all name is taken to be allowed by none. `*`
/// is taken to cover WebSockets and port 80 an upgrade to 443, as in Chromium. What is too large to compare is not subsumed.
///
/// ```
/// use cspc_core::compare::subsumes;
/// use cspc_core::csp::{Delivery, parse_list};
/// use cspc_core::enforce::{EnforcedPolicy, SelfOrigin};
/// let (wide, narrow) = ("img-src https:", "img-src https://a.example 'self'; script-src 'none'");
/// let parsed = [wide, narrow].map(|text| parse_list(text, Delivery::Header));
/// let [wide, narrow] = parsed.each_ref().map(|policies| [EnforcedPolicy::new(&policies[0], Delivery::Header)]);
/// let page: SelfOrigin = "https://e.example".parse().unwrap();
/// assert!(subsumes(&wide, &narrow, &page));
/// assert!(!subsumes(&narrow, &wide, &page));
/// ```
pub fn subsumes(
    a: &[EnforcedPolicy<'_>],
    b: &[EnforcedPolicy<'_>],
    self_origin: &SelfOrigin,
) -> bool {
    COMPARED.iter().all(|directive| {
        let required = deciding(a, *directive);
        if required.is_empty() {
            return true;
        }
        let returned = deciding(b, *directive);
        if returned.is_empty() {
            return false;
        }
        let Some(returned) = List::intersection_of(&returned, self_origin) else { return false };
        required.into_iter().all(|required| {
            let checked_as = checked_as(required, *directive);
            List::of(required, self_origin).subsumes(&returned, checked_as)
        })
    })
}

/// `default-src` and `child-src` stand for what falls back to them.
fn checked_as(directive: &ParsedDirective<'_>, asked: Directive) -> Directive {
    match directive.directive {
        Some(Directive::DefaultSrc | Directive::ChildSrc) | None => asked,
        Some(own) => own,
    }
}

/// A source list, or what several allow together, on a page of some origin.
#[derive(Debug, Default)]
struct List<'a> {
    patterns: Vec<Pattern<'a>>,
    keywords: BTreeSet<Keyword>,
    nonces: BTreeSet<&'a str>,
    hashes: BTreeSet<String>,
    /// Whether there is a nonce or hash, which takes the force of `'unsafe-inline'`: in all of the lists.
    has_nonce_or_hash: bool,
}

impl<'a> List<'a> {
    fn of(directive: &'a ParsedDirective<'a>, origin: &'a SelfOrigin) -> Self {
        let mut list = Self::default();
        for source in directive.sources() {
            match source.expression {
                SourceExpression::Keyword(keyword) if keyword != Keyword::SelfOrigin => {
                    list.keywords.insert(keyword);
                }
                SourceExpression::Nonce(nonce) => {
                    list.nonces.insert(nonce);
                }
                SourceExpression::Hash(algorithm, digest) => {
                    let digest = digest.trim_end_matches('=').replace('-', "+").replace('_', "/");
                    list.hashes.insert(format!("{}-{digest}", algorithm.as_str()));
                }
                other => list.patterns.extend(expand(other, origin)),
            }
        }
        list.has_nonce_or_hash = !list.nonces.is_empty() || !list.hashes.is_empty();
        list
    }

    /// "Intersection of source lists", none if it is too large.
    fn intersection_of(
        directives: &[&'a ParsedDirective<'a>],
        origin: &'a SelfOrigin,
    ) -> Option<Self> {
        let mut lists = directives.iter().map(|directive| List::of(directive, origin));
        let first = lists.next().unwrap_or_default();
        lists.try_fold(first, |list, other| list.intersection(&other))
    }

    fn intersection(mut self, other: &Self) -> Option<Self> {
        self.keywords.retain(|keyword| other.keywords.contains(keyword));
        self.nonces.retain(|nonce| other.nonces.contains(nonce));
        self.hashes.retain(|hash| other.hashes.contains(hash));
        self.has_nonce_or_hash &= other.has_nonce_or_hash;
        self.patterns = common(&self.patterns, &other.patterns)?;
        Some(self)
    }

    /// "Does source list subsume": `other` stands for the intersection of what was returned.
    fn subsumes(&self, other: &Self, directive: Directive) -> bool {
        let is_script = is_script(directive);
        let keywords = is_script || is_style(directive);
        let nonces_and_hashes = (other.nonces.is_empty() || !self.nonces.is_empty())
            && other.hashes.is_subset(&self.hashes);
        let inline = self.allows_all_inline(is_script) || !other.allows_all_inline(is_script);
        if !nonces_and_hashes || keywords && !(inline && self.subsumes_keywords(other)) {
            return false;
        }
        match (self.is_dynamic(), other.is_dynamic()) {
            (false, true) if is_script => false,
            // Schemes and hosts count for nothing.
            (true, dynamic) if is_script => dynamic || other.patterns.is_empty(),
            _ => {
                let cover = Cover::of(self.patterns.iter().copied());
                other.patterns.iter().all(|pattern| cover.covers(*pattern))
            }
        }
    }

    fn subsumes_keywords(&self, other: &Self) -> bool {
        KEYWORDS.iter().all(|(keyword, as_much)| {
            !other.keywords.contains(keyword)
                || self.keywords.contains(keyword)
                || self.keywords.contains(as_much)
        })
    }

    fn is_dynamic(&self) -> bool {
        self.keywords.contains(&Keyword::StrictDynamic)
    }

    /// "Does a source list allow all inline behavior" (CSP Level 3, section 6.7.3.2).
    fn allows_all_inline(&self, is_script: bool) -> bool {
        self.keywords.contains(&Keyword::UnsafeInline)
            && !self.has_nonce_or_hash
            && !(is_script && self.is_dynamic())
    }
}

const fn is_script(directive: Directive) -> bool {
    matches!(directive, Directive::ScriptSrc | Directive::ScriptSrcElem | Directive::ScriptSrcAttr)
}

const fn is_style(directive: Directive) -> bool {
    matches!(directive, Directive::StyleSrc | Directive::StyleSrcElem | Directive::StyleSrcAttr)
}
