//! Subsumption (CSP Embedded Enforcement, section 3.3), as Chromium has it.

use std::collections::BTreeSet;

use super::common::common;
use super::cover::Cover;
use super::list::{List, is_script, is_style};
use super::questions::deciding;
use crate::csp::{Directive, Keyword, ParsedDirective};
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

/// The keywords that must not be allowed unless they are required, or one that allows as much.
static KEYWORDS: [Keyword; 4] = [
    Keyword::UnsafeEval,
    Keyword::WasmUnsafeEval,
    Keyword::TrustedTypesEval,
    Keyword::UnsafeHashes,
];

/// No more sets of lists are looked at that trust something of their own.
const MOST_TRUSTING: usize = 64;

/// Whether the policies `a`, enforced together, allow all that the policies `b` allow: "does policy subsume policy list"
/// (CSP Embedded Enforcement, section 3.3). `self_origin` is the origin of the page that `b` came with.
///
/// It follows Chromium, the only browser that has it. Policies that only report do not count. Beside source lists nothing
/// is compared: not `sandbox`, nor Trusted Types, nor prefetches, nor workers that `'strict-dynamic'` allows in Chromium,
/// nor inline styles that it blocks there.
/// Any nonce stands for any other, as nonces differ from response to response. `*` is taken to cover WebSockets and port 80
/// an upgrade to 443, as in Chromium. What Chromium overlooks is not subsumed: where `b` are several policies, what one of
/// them trusts for a nonce or a hash, or because a trusted script inserted it, and the others allow for its address. Nor
/// is what is too large to compare.
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
        let returned: Vec<_> =
            returned.into_iter().map(|it| List::of(it, *directive, self_origin)).collect();
        required.into_iter().all(|required| {
            let checked_as = checked_as(required, *directive);
            list_subsumes(&List::of(required, *directive, self_origin), &returned, checked_as)
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

/// "Does source list subsume": whether `a` allows all that the lists `b` allow together.
fn list_subsumes(a: &List<'_>, b: &[List<'_>], directive: Directive) -> bool {
    let wide = Wide { list: a, cover: Cover::of(a.patterns.iter().copied()), directive };
    let keywords = KEYWORDS.iter().filter(|keyword| b.iter().all(|list| list.allows(**keyword)));
    let all: Vec<&List<'_>> = b.iter().collect();
    if wide.has_keywords()
        && !(wide.allows_inline(&all) && keywords.copied().all(|it| a.allows(it)))
    {
        return false;
    }
    let Some(trusting) = trusting(a, b) else { return false };
    wide.allows_urls(&all)
        && trusting.into_iter().all(|trusting| {
            let others = b.iter().zip(trusting).filter(|(_, trusts)| !trusts);
            let others: Vec<&List<'_>> = others.map(|(list, _)| list).collect();
            !others.is_empty()
                && (!wide.has_keywords()
                    || wide.allows_inline(&others) && wide.allows_urls(&others))
        })
}

/// For each nonce and hash of the lists `b` that `a` does not have, which of them trust it; none if that is too much to
/// look at. Any nonce stands for any other.
fn trusting(a: &List<'_>, b: &[List<'_>]) -> Option<BTreeSet<Vec<bool>>> {
    let nonces = b.iter().flat_map(|list| &list.nonces).filter(|_| a.nonces.is_empty());
    let by_nonce = nonces.map(|nonce| b.iter().map(|list| list.nonces.contains(nonce)).collect());
    let hashes = b.iter().flat_map(|list| &list.hashes).filter(|hash| !a.hashes.contains(*hash));
    let by_hash = hashes.map(|hash| b.iter().map(|list| list.hashes.contains(hash)).collect());
    let trusting: BTreeSet<Vec<bool>> = by_nonce.chain(by_hash).collect();
    (trusting.len() <= MOST_TRUSTING).then_some(trusting)
}

/// What must allow all that others allow.
struct Wide<'l> {
    list: &'l List<'l>,
    cover: Cover<'l>,
    directive: Directive,
}

impl Wide<'_> {
    fn has_keywords(&self) -> bool {
        is_script(self.directive) || is_style(self.directive)
    }

    fn is_dynamic(&self, list: &List<'_>) -> bool {
        is_script(self.directive) && list.is_dynamic()
    }

    /// Whether it allows all inline code, unless one of the lists does not. Where one of them does, Chromium does not ask
    /// of the others whether a nonce or hash takes the force of `'unsafe-inline'`.
    fn allows_inline(&self, lists: &[&List<'_>]) -> bool {
        let allows_all = |list: &List<'_>| list.allows_all_inline(is_script(self.directive));
        let one_does = lists.iter().any(|list| allows_all(list));
        let is_as_good = |list: &List<'_>| {
            self.is_dynamic(list) || one_does && list.keywords.contains(&Keyword::UnsafeInline)
        };
        allows_all(self.list)
            || self.is_dynamic(self.list) && lists.iter().any(|list| self.is_dynamic(list))
            || !lists.iter().all(|list| is_as_good(list))
    }

    /// Whether it allows all URLs that each of the lists does, for what a parser or a trusted script has inserted.
    fn allows_urls(&self, lists: &[&List<'_>]) -> bool {
        let (dynamic, others): (Vec<&List<'_>>, Vec<&List<'_>>) =
            lists.iter().copied().partition(|list| self.is_dynamic(list));
        if others.is_empty() {
            return self.is_dynamic(self.list);
        }
        let patterns = others.iter().map(|list| list.patterns.clone());
        let Some(patterns) = common(patterns) else { return false };
        if self.is_dynamic(self.list) {
            // Schemes and hosts count for nothing.
            return !dynamic.is_empty() || patterns.is_empty();
        }
        patterns.iter().all(|pattern| self.cover.covers(*pattern))
    }
}
