//! The same verdicts with less: expressions that others cover, and a shorter spelling.

use url::Url;

use super::policy::{Policy, Uses};
use crate::csp::{Directive, HostSource, Keyword, SourceExpression};
use crate::enforce::{Engine, SelfOrigin, matches_source_list};
use crate::inventory::{Kind, SiteOrigin};
use crate::plan::NONCE_SOURCE;

/// Takes out what another expression of the same list allows already, for the assets at hand and in every engine.
///
/// What the owner declares stays. Two expressions found on a page cover each other only if they name one host by several
/// schemes, ports or paths, or if one is a nonce or a hash of files, so that most lists are passed over at once.
pub(super) fn drop_covered(policy: &mut Policy<'_>, origin: &SiteOrigin) {
    let own = SelfOrigin::of(origin.root());
    for list in policy.lists_mut() {
        let is_declared = list.values().any(Uses::is_declared);
        // Beside it addresses count for nothing.
        let is_strict = list.contains_key(Keyword::StrictDynamic.as_str());
        if is_declared && !is_strict {
            drop_hashes_beside_unsafe_inline(list);
        }
        drop_beside_nonce(list);
        let is_minimal = !is_declared
            && !list.iter().any(|(expression, uses)| names_files(expression, uses))
            && !names_a_host_twice(list.keys().map(|expression| &**expression), &own);
        if is_strict || is_minimal {
            continue;
        }
        // The longest first: a path before its host. Of equal ones the later goes.
        let mut candidates: Vec<String> = list
            .iter()
            .filter(|(expression, uses)| {
                (is_location(expression) || names_files(expression, uses)) && !uses.is_declared()
            })
            .map(|(expression, _)| expression.to_string())
            .collect();
        candidates.sort_unstable_by_key(|expression| (expression.len(), expression.clone()));
        while let Some(candidate) = candidates.pop() {
            let Some(uses) = list.get(candidate.as_str()) else { continue };
            let urls: Vec<Url> =
                uses.addresses().filter_map(|address| origin.url_of(address).ok()).collect();
            let others = list.keys().filter(|other| **other != candidate);
            let coverer = covering(&urls, others.map(|other| &**other), &own).map(str::to_owned);
            if let Some(coverer) = coverer
                && let Some(uses) = list.remove(candidate.as_str())
                && let Some(others) = list.get_mut(coverer.as_str())
            {
                others.merge(uses);
            }
        }
    }
}

/// A hash beside `'unsafe-inline'` takes its effect away (CSP Level 3, section 6.7.3.2), which is not what its owner wants.
fn drop_hashes_beside_unsafe_inline(list: &mut super::policy::List<'_>) {
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

/// Where pages share a policy, one of them may be allowed by name what the nonce of another one allows.
fn drop_beside_nonce(list: &mut super::policy::List<'_>) {
    let Some(mut nonce) = list.remove(NONCE_SOURCE) else { return };
    let is_name = |expression: &str| {
        is_location(expression)
            || matches!(SourceExpression::parse(expression), SourceExpression::Hash(..))
    };
    let spare =
        list.extract_if(.., |expression, uses| is_name(expression) && uses.bear_nonces_of(&nonce));
    let spare: Vec<Uses<'_>> = spare.map(|(_, uses)| uses).collect();
    spare.into_iter().for_each(|uses| nonce.merge(uses));
    list.insert(NONCE_SOURCE.into(), nonce);
}

/// Whether it is a nonce or a hash of files alone, which their addresses may stand for as well.
fn names_files(expression: &str, uses: &Uses<'_>) -> bool {
    let is_name = matches!(
        SourceExpression::parse(expression),
        SourceExpression::Nonce(_) | SourceExpression::Hash(..)
    );
    is_name && uses.are_loaded()
}

/// Whether the expression is matched against URLs.
fn is_location(expression: &str) -> bool {
    matches!(
        SourceExpression::parse(expression),
        SourceExpression::Host(_)
            | SourceExpression::Scheme(_)
            | SourceExpression::Keyword(Keyword::SelfOrigin)
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

/// The first of the others that matches the first URL, if all URLs are matched by some of them in every engine.
fn covering<'e>(
    urls: &[Url],
    others: impl Iterator<Item = &'e str> + Clone,
    own: &SelfOrigin,
) -> Option<&'e str> {
    let matches = |url: &Url, expression: &str, engine| {
        let expression = [SourceExpression::parse(expression)];
        matches_source_list(url, expression, own, 0, engine)
    };
    let covered = urls.iter().all(|url| {
        Engine::ALL.iter().all(|engine| others.clone().any(|other| matches(url, other, *engine)))
    });
    let first = urls.first().filter(|_| covered)?;
    let mut others = others;
    others.find(|other| matches(first, other, Engine::Spec))
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
pub(super) fn complete_prefetches(policy: &mut Policy<'_>, origin: &SiteOrigin) {
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
