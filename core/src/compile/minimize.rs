//! The same verdicts with less: expressions that others cover, and a shorter spelling.

use url::Url;

use super::policy::{List, Marks, Policy, Uses};
use super::requirement::hash_sources;
use super::site::Site;
use crate::csp::{Directive, HostSource, Keyword, SourceExpression};
use crate::enforce::{Engine, SelfOrigin, matches_source_list};
use crate::inventory::{Kind, SiteOrigin};
use crate::plan::{NONCE_SOURCE, NonceText};

/// Leaves a policy what the assets at hand need, in every engine, and what the owner declares.
pub(super) fn minimize(policy: &mut Policy<'_>, site: &Site<'_>) {
    drop_covered(policy, &site.origin, &site.options.site.nonce_placeholder);
    complete_prefetches(policy, &site.origin);
}

/// Takes out what the rest of the same list allows already.
///
/// Two expressions found on a page cover each other only if they name one host by several schemes, ports or paths, or if
/// one is a nonce or a hash of files, so that most lists are passed over at once.
fn drop_covered(policy: &mut Policy<'_>, origin: &SiteOrigin, nonce: &NonceText) {
    let own = SelfOrigin::of(origin.root());
    for list in policy.lists_mut() {
        let is_declared = list.values().any(Uses::is_declared);
        let is_strict = list.contains_key(Keyword::StrictDynamic.as_str());
        if is_declared && !is_strict {
            drop_hashes_beside_unsafe_inline(list);
        }
        if !is_declared
            && !list.iter().any(|(expression, uses)| names_files(expression, uses))
            && !names_a_host_twice(list.keys().map(|expression| &**expression), &own)
        {
            continue;
        }
        // The longest first: a path before its host. Of equal ones the later goes, and a nonce, which is the narrowest, last.
        let mut candidates: Vec<String> = list
            .iter()
            .filter(|(expression, uses)| names_what_loads(expression) && uses.are_assets())
            .map(|(expression, _)| expression.to_string())
            .collect();
        candidates.sort_unstable_by_key(|expression| {
            (expression != NONCE_SOURCE, expression.len(), expression.clone())
        });
        while let Some(candidate) = candidates.pop() {
            let Some(uses) = list.remove(candidate.as_str()) else { continue };
            let rest = Rest { list: &*list, own: &own, origin, nonce, is_strict };
            match rest.covering(&uses).map(str::to_owned) {
                Some(coverer) => list.entry(coverer.into()).or_default().merge(uses),
                None => _ = list.insert(candidate.into(), uses),
            }
        }
    }
}

/// A list without one of its expressions.
struct Rest<'r, 'a> {
    list: &'r List<'a>,
    own: &'r SelfOrigin,
    origin: &'r SiteOrigin,
    /// What stands for the nonce in pages.
    nonce: &'r NonceText,
    /// Whether it has `'strict-dynamic'`, beside which addresses count for nothing.
    is_strict: bool,
}

impl Rest<'_, '_> {
    /// What allows the first of the assets, if all are allowed.
    fn covering(&self, uses: &Uses<'_>) -> Option<&str> {
        let mut marks = uses.marks();
        let first = self.allowing(marks.next()?)?;
        marks.all(|marks| self.allowing(marks).is_some()).then_some(first)
    }

    /// What allows an asset in every engine.
    fn allowing(&self, marks: Marks<'_>) -> Option<&str> {
        self.nonce(marks).or_else(|| self.hash(marks)).or_else(|| self.location(marks))
    }

    fn nonce(&self, marks: Marks<'_>) -> Option<&str> {
        let bears_it = marks.nonce == Some(self.nonce.as_str());
        self.list.get_key_value(NONCE_SOURCE).filter(|_| bears_it).map(|(nonce, _)| &**nonce)
    }

    /// The first of its hashes, if all are there.
    fn hash(&self, marks: Marks<'_>) -> Option<&str> {
        let mut hashes = hash_sources(marks.integrity?)?
            .map(|hash| self.list.get_key_value(hash.as_str()).map(|(hash, _)| &**hash));
        let first = hashes.next()??;
        hashes.all(|hash| hash.is_some()).then_some(first)
    }

    fn location(&self, marks: Marks<'_>) -> Option<&str> {
        let url = self.origin.url_of(marks.address.filter(|_| !self.is_strict)?).ok()?;
        let matching = |engine| {
            self.list.keys().find(|expression| {
                let expression = [SourceExpression::parse(expression)];
                matches_source_list(&url, expression, self.own, 0, engine)
            })
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

/// Whether it is a nonce, or a hash of files alone, which may be known by something else as well.
fn names_files(expression: &str, uses: &Uses<'_>) -> bool {
    match SourceExpression::parse(expression) {
        SourceExpression::Nonce(_) => true,
        SourceExpression::Hash(..) => uses.are_loaded(),
        _ => false,
    }
}

/// Whether the expression stands for what is loaded, or may: an address, a nonce or a hash.
fn names_what_loads(expression: &str) -> bool {
    !matches!(
        SourceExpression::parse(expression),
        SourceExpression::Keyword(keyword) if keyword != Keyword::SelfOrigin
    )
}

fn names_a_host_twice<'e>(expressions: impl Iterator<Item = &'e str>, own: &SelfOrigin) -> bool {
    let mut hosts: Vec<&str> = Vec::new();
    for expression in expressions {
        let host = match SourceExpression::parse(expression) {
            SourceExpression::Host(HostSource { host, .. }) => Some(host),
            SourceExpression::Keyword(Keyword::SelfOrigin) => own.host(),
            _ => None,
        };
        match host {
            Some(host) if hosts.contains(&host) => return true,
            Some(host) => hosts.push(host),
            None => {}
        }
    }
    false
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
                    && matches_source_list(
                        url,
                        [SourceExpression::parse(other)],
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
