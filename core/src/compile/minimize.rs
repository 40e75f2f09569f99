//! The same verdicts with less: expressions that others cover, and a shorter spelling.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use url::Url;

use super::policy::{List, Marks, Policy, Uses};
use super::requirement::hash_sources;
use super::site::Site;
use crate::csp::{Directive, HostSource, Keyword, SourceExpression};
use crate::enforce::{Engine, SelfOrigin, matches_source_expression};
use crate::inventory::{Kind, SiteOrigin};
use crate::plan::{NONCE_SOURCE, NonceText};

/// Leaves a policy what the assets at hand need, in every engine, and what the owner declares.
pub(super) fn minimize(policy: &mut Policy<'_>, site: &Site<'_>) {
    drop_covered(policy, &site.origin, &site.options.site.nonce_placeholder);
    complete_prefetches(policy, &site.origin);
}

/// Takes out what the rest of the same list allows already.
fn drop_covered(policy: &mut Policy<'_>, origin: &SiteOrigin, nonce: &NonceText) {
    let own = SelfOrigin::of(origin.root());
    for list in policy.lists_mut() {
        let is_declared = list.values().any(Uses::is_declared);
        let is_strict = list.contains_key(Keyword::StrictDynamic.as_str());
        if is_declared && !is_strict {
            drop_hashes_beside_unsafe_inline(list);
        }
        if is_declared || may_overlap(list, &own) {
            let names: Vec<Cow<'_, str>> = list.keys().cloned().collect();
            let parsed = |name| (name, SourceExpression::parse(name));
            let expressions = names.iter().map(|name| parsed(&**name)).collect();
            Rest { expressions, own: &own, origin, nonce, is_strict }.drop_covered(list);
        }
    }
}

/// Whether one expression found on a page may cover another: only if they name one host by several schemes, ports or paths,
/// or if one is a nonce, or a hash of files, which may be known by something else as well. Most lists are passed over so.
fn may_overlap(list: &List<'_>, own: &SelfOrigin) -> bool {
    let mut hosts: Vec<&str> = Vec::new();
    list.iter().any(|(expression, uses)| {
        let host = match SourceExpression::parse(expression) {
            SourceExpression::Nonce(_) => return true,
            SourceExpression::Hash(..) => return uses.are_loaded(),
            SourceExpression::Host(HostSource { host, .. }) => Some(host),
            SourceExpression::Keyword(Keyword::SelfOrigin) => own.host(),
            _ => None,
        };
        let is_known = host.is_some_and(|host| hosts.contains(&host));
        hosts.extend(host);
        is_known
    })
}

/// Whether the expression stands for what is loaded, or may: an address, a nonce or a hash.
fn names_what_loads(expression: SourceExpression<'_>) -> bool {
    !matches!(expression, SourceExpression::Keyword(keyword) if keyword != Keyword::SelfOrigin)
}

/// The expressions of a list, one of which is left out at a time.
struct Rest<'r> {
    expressions: BTreeMap<&'r str, SourceExpression<'r>>,
    own: &'r SelfOrigin,
    origin: &'r SiteOrigin,
    /// What stands for the nonce in pages.
    nonce: &'r NonceText,
    /// Whether it has `'strict-dynamic'`, beside which addresses count for nothing.
    is_strict: bool,
}

impl<'r> Rest<'r> {
    /// Takes out of the list what the rest of it allows.
    fn drop_covered(mut self, list: &mut List<'_>) {
        for candidate in self.candidates(list) {
            let Some(expression) = self.expressions.remove(candidate) else { continue };
            let coverer = list.get(candidate).and_then(|uses| self.covering(uses));
            let Some(coverer) = coverer else {
                self.expressions.insert(candidate, expression);
                continue;
            };
            if let Some(uses) = list.remove(candidate)
                && let Some(known) = list.get_mut(coverer)
            {
                known.merge(uses);
            }
        }
    }

    /// What may be left out. The longest first: a path before its host. Of equal ones the later goes, and a nonce, which is
    /// the narrowest, last.
    fn candidates(&self, list: &List<'_>) -> Vec<&'r str> {
        let may_go = |(name, expression): (&&'r str, &SourceExpression<'_>)| {
            let are_assets = list.get(*name).is_some_and(Uses::are_assets);
            (names_what_loads(*expression) && are_assets).then_some(*name)
        };
        let mut candidates: Vec<&str> = self.expressions.iter().filter_map(may_go).collect();
        candidates.sort_unstable_by_key(|name| Reverse((*name != NONCE_SOURCE, name.len(), *name)));
        candidates
    }

    /// What allows the first of the assets, if all are allowed.
    fn covering(&self, uses: &Uses<'_>) -> Option<&'r str> {
        let mut marks = uses.marks();
        let first = self.allowing(marks.next()?)?;
        marks.all(|marks| self.allowing(marks).is_some()).then_some(first)
    }

    /// What allows an asset in every engine.
    fn allowing(&self, marks: Marks<'_>) -> Option<&'r str> {
        self.nonce(marks).or_else(|| self.hash(marks)).or_else(|| self.location(marks))
    }

    fn named(&self, name: &str) -> Option<&'r str> {
        self.expressions.get_key_value(name).map(|(name, _)| *name)
    }

    fn nonce(&self, marks: Marks<'_>) -> Option<&'r str> {
        let bears_it = marks.nonce == Some(self.nonce.as_str());
        self.named(NONCE_SOURCE).filter(|_| bears_it)
    }

    /// The first of its hashes, if all are there.
    fn hash(&self, marks: Marks<'_>) -> Option<&'r str> {
        let mut hashes = hash_sources(marks.integrity?)?.map(|hash| self.named(&hash));
        let first = hashes.next()??;
        hashes.all(|hash| hash.is_some()).then_some(first)
    }

    fn location(&self, marks: Marks<'_>) -> Option<&'r str> {
        let url = self.origin.url_of(marks.address.filter(|_| !self.is_strict)?).ok()?;
        let matching = |engine| {
            let matches = |expression: &SourceExpression<'_>| {
                matches_source_expression(&url, expression, self.own, 0, engine)
            };
            self.expressions
                .iter()
                .find(|(_, expression)| matches(expression))
                .map(|(name, _)| *name)
        };
        let mut engines = Engine::ALL.into_iter();
        let first = matching(engines.next()?)?;
        engines.all(|engine| matching(engine).is_some()).then_some(first)
    }
}

/// A hash beside `'unsafe-inline'` takes its effect away (CSP Level 3, section 6.7.3.2), which is not what its owner wants.
fn drop_hashes_beside_unsafe_inline(list: &mut List<'_>) {
    let Some(mut inline) = list.remove(Keyword::UnsafeInline.as_str()) else { return };
    let is_spare = |expression: &str| {
        matches!(
            SourceExpression::parse(expression),
            SourceExpression::Hash(..) | SourceExpression::Keyword(Keyword::UnsafeHashes)
        )
    };
    let spare: Vec<String> =
        list.keys().filter(|expression| is_spare(expression)).map(ToString::to_string).collect();
    for expression in spare {
        inline.merge(list.remove(expression.as_str()).unwrap_or_default());
    }
    list.insert(Keyword::UnsafeInline.as_str().into(), inline);
}

/// Spells the policy shorter, so that every engine answers every question as before.
///
/// On a page served over HTTPS a host without a scheme stands for the same as one with `https://`, as the page's own scheme
/// is filled in (section 6.7.2.8, step 3.2). A closed directive that falls back to a closed `default-src` is left out.
pub(super) fn shorten(policy: &mut Policy<'_>, origin: &SiteOrigin) {
    let is_https = origin.serialize().is_some_and(|origin| origin.starts_with("https:"));
    for list in policy.lists_mut().filter(|_| is_https) {
        let hosts = list.keys().filter_map(|expression| {
            let host = expression.strip_prefix("https://")?;
            // Without a scheme, a star alone would be more than every host.
            (!host.starts_with('*') || host.len() > 1).then(|| expression.to_string())
        });
        for expression in hosts.collect::<Vec<_>>() {
            let short = expression.trim_start_matches("https://").to_owned();
            let uses = list.remove(expression.as_str()).unwrap_or_default();
            list.entry(short.into()).or_default().merge(uses);
        }
    }
    policy.fold();
}

/// Lets pages prefetch by the text of the specification, too, which holds a prefetch against the union of all lists but
/// that of `default-src` (section 6.7.2.2), where engines go by `default-src`: what no other list has goes to
/// `manifest-src`, where it opens the least.
fn complete_prefetches(policy: &mut Policy<'_>, origin: &SiteOrigin) {
    // What was put there for a part of the pages may not be needed for all of them.
    policy.retain(Directive::ManifestSrc, |uses| !uses.are_all(Kind::Prefetch));
    let Some(prefetched) = policy.list(Directive::DefaultSrc).cloned() else { return };
    let own = SelfOrigin::of(origin.root());
    for (expression, uses) in prefetched {
        let elsewhere = |url: &Url| {
            policy.iter().any(|(directive, other, _)| {
                counts_for_prefetches(directive)
                    && matches_source_expression(
                        url,
                        &SourceExpression::parse(other),
                        &own,
                        0,
                        Engine::Spec,
                    )
            })
        };
        let urls = uses.addresses().filter_map(|address| origin.url_of(address).ok());
        let missing = urls.filter(|url| !elsewhere(url)).count();
        if missing > 0 {
            policy.add(Directive::ManifestSrc, expression, uses);
        }
    }
}

/// Section 6.7.2.2, step 3.
fn counts_for_prefetches(directive: Directive) -> bool {
    directive.falls_back_to().contains(&Directive::DefaultSrc)
        && !matches!(directive, Directive::ScriptSrcAttr | Directive::StyleSrcAttr)
}
