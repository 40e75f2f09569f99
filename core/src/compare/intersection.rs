//! Several policies as one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::common::common;
use super::cover::Cover;
use super::list::{List, hash, is_script, is_style};
use super::pattern::{Pattern, expand};
use super::questions::deciding;
use crate::csp::{Directive, Grammar, Keyword, ParsedDirective, Source, SourceExpression};
use crate::enforce::{EnforcedPolicy, SelfOrigin};

/// One policy that allows no more than all of the policies together, on a page of this origin, and as much of it as one
/// policy can say; empty if nothing is restricted.
///
/// A page under several policies may do what each of them allows. That is not always what one policy can say: of
/// `https://x.example` and `'nonce-a'` it is scripts of that host with that nonce, which no source list expresses.
/// [`diff`](super::diff) shows what is lost. Reports go to all the URLs of `report-uri`, and to the first `report-to`.
/// Policies that only report do not count, nor do directives that no browser ever knew. `*` is taken to cover WebSockets
/// and port 80 an upgrade to 443, as in browsers. Prefetches are not regarded: the specification holds them against
/// whatever directives are written.
///
/// ```
/// use cspc_core::compare::intersection;
/// use cspc_core::csp::{Delivery, parse_list};
/// use cspc_core::enforce::EnforcedPolicy;
/// let parsed = parse_list("script-src https:; img-src *, default-src 'self' x.example", Delivery::Header);
/// let policies: Vec<_> = parsed.iter().map(|policy| EnforcedPolicy::new(policy, Delivery::Header)).collect();
/// let one = intersection(&policies, &"https://e.example".parse().unwrap());
/// assert_eq!(one, "default-src 'self' x.example");
/// ```
pub fn intersection(policies: &[EnforcedPolicy<'_>], self_origin: &SelfOrigin) -> String {
    let mut directives: Vec<Directive> = Directive::all().collect();
    // What others fall back to comes before them.
    directives.sort_by_key(|directive| directive.falls_back_to().len());
    let mut kept = BTreeMap::new();
    for directive in directives {
        let found = deciding(policies, directive);
        if found.is_empty() {
            continue;
        }
        let value = value(directive, &found, self_origin);
        let mut fallbacks = directive.falls_back_to().iter();
        let fallback = fallbacks.find_map(|next| kept.get_key_value(next));
        let is_said = |(next, known): (&Directive, &String)| {
            *known == value && may_stand_in(*next, directive, &value, policies)
        };
        if !fallback.is_some_and(is_said) {
            kept.insert(directive, value);
        }
    }
    let written = kept.iter().map(|(directive, value)| match value.as_str() {
        "" => directive.as_str().to_owned(),
        value => format!("{} {value}", directive.as_str()),
    });
    written.collect::<Vec<_>>().join("; ")
}

/// Whether a directive may be left out for one of the same value to which it falls back. Workers are held against nonces,
/// hashes and `'strict-dynamic'` only where `script-src` stands in for their own directive, and against URLs by any other
/// (CSP Level 3, sections 6.2.2 and 6.7.1.1).
fn may_stand_in(
    fallback: Directive,
    directive: Directive,
    value: &str,
    policies: &[EnforcedPolicy<'_>],
) -> bool {
    let has_force = value.split(' ').map(SourceExpression::parse).any(is_force);
    let are_scripts =
        || deciding(policies, Directive::WorkerSrc).iter().all(|it| stands_for_scripts(it));
    match directive {
        Directive::WorkerSrc if has_force => (fallback == Directive::ScriptSrc) == are_scripts(),
        Directive::ScriptSrc if has_force => !are_scripts(),
        _ => true,
    }
}

fn stands_for_scripts(directive: &ParsedDirective<'_>) -> bool {
    directive.directive == Some(Directive::ScriptSrc)
}

/// Whether an expression decides about more than URLs.
fn is_force(expression: SourceExpression<'_>) -> bool {
    use SourceExpression as It;
    matches!(expression, It::Nonce(_) | It::Hash(..) | It::Keyword(Keyword::StrictDynamic))
}

/// What a directive's values come to, of which there is at least one.
fn value(directive: Directive, found: &[&ParsedDirective<'_>], origin: &SelfOrigin) -> String {
    match directive.grammar() {
        Grammar::SourceList | Grammar::AncestorSourceList => {
            let sources = Sources::new(directive, found, origin).kept();
            if sources.is_empty() { "'none'".to_owned() } else { sources.join(" ") }
        }
        Grammar::SandboxTokens => in_all(found, false).join(" "),
        Grammar::PolicyNames => match in_all(found, true) {
            names if names.is_empty() => "'none'".to_owned(),
            names => names.join(" "),
        },
        Grammar::SinkGroups | Grammar::UriReferences => distinct(words(found)).join(" "),
        Grammar::AllowOrBlock => {
            let allows = |it: &&ParsedDirective<'_>| it.values().map(|it| it.text).eq(["'allow'"]);
            if found.iter().all(allows) { "'allow'" } else { "'block'" }.to_owned()
        }
        Grammar::Token | Grammar::Empty | Grammar::Free => {
            words(found.get(..1).unwrap_or_default()).collect::<Vec<_>>().join(" ")
        }
    }
}

fn words<'a>(found: &[&ParsedDirective<'a>]) -> impl Iterator<Item = &'a str> {
    found.iter().flat_map(|directive| directive.values()).map(|value| value.text)
}

/// The words that all have, or that `*` stands for where it is a wildcard.
fn in_all<'a>(found: &[&ParsedDirective<'a>], has_wildcard: bool) -> Vec<&'a str> {
    let each: Vec<BTreeSet<&str>> =
        found.iter().map(|it| it.values().map(|value| value.text).collect()).collect();
    let allows = |words: &BTreeSet<&str>, word: &str| {
        words.contains(word) || has_wildcard && words.contains("*") && !word.starts_with('\'')
    };
    distinct(words(found).filter(|word| each.iter().all(|words| allows(words, word))))
}

fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut known = BTreeSet::new();
    words.filter(|word| known.insert(*word)).collect()
}

/// The source lists of a directive, several as a rule.
struct Sources<'a> {
    directive: Directive,
    /// Whether they decide about scripts, for which `'strict-dynamic'` counts. In Chromium it does for workers.
    is_script: bool,
    found: &'a [&'a ParsedDirective<'a>],
    origin: &'a SelfOrigin,
    lists: Vec<List<'a>>,
    /// The sources of each as they are written.
    written: Vec<BTreeSet<Cow<'a, str>>>,
    /// What all of them match; nothing if it is too much to work out.
    patterns: Vec<Pattern<'a>>,
}

impl<'a> Sources<'a> {
    fn new(
        directive: Directive,
        found: &'a [&'a ParsedDirective<'a>],
        origin: &'a SelfOrigin,
    ) -> Self {
        let lists: Vec<_> = found.iter().map(|it| List::of(it, directive, origin)).collect();
        let covers: Vec<_> =
            lists.iter().map(|list| Cover::of(list.patterns.iter().copied())).collect();
        let each = lists.iter().map(|list| list.patterns.clone());
        let mut patterns = common(each).unwrap_or_default();
        // What some browsers have in common, others may not.
        patterns.retain(|pattern| covers.iter().all(|cover| cover.covers(*pattern)));
        Self {
            directive,
            is_script: is_script(directive) || directive == Directive::WorkerSrc,
            found,
            origin,
            lists,
            written: found
                .iter()
                .map(|it| it.sources().map(|it| it.normalized()).collect())
                .collect(),
            patterns,
        }
    }

    /// The sources that all of them allow, as they are written where they are written so anywhere.
    fn kept(&self) -> Vec<Cow<'a, str>> {
        let cover = Cover::of(self.patterns.iter().copied());
        let mut known = BTreeSet::new();
        let sources = self.found.iter().flat_map(|list| list.sources());
        let sources = sources.filter(|source| known.insert(source.normalized()));
        let mut kept: Vec<Source<'a>> =
            sources.filter(|source| self.is_allowed(source, &cover)).collect();
        // Without what took its force, it would allow more.
        let is_forceless = !kept.iter().any(|source| is_force(source.expression));
        if !self.lists.iter().all(allows_all_inline) && is_forceless {
            kept.retain(|it| it.expression != SourceExpression::Keyword(Keyword::UnsafeInline));
        }
        let named = Cover::of(kept.iter().flat_map(|it| self.patterns_of(it)));
        let others = self
            .patterns
            .iter()
            .filter(|pattern| self.are_urls_asked() && !named.covers(**pattern));
        let others: Vec<_> = others.filter_map(|it| it.text()).map(Cow::from).collect();
        kept.into_iter().map(|source| source.normalized()).chain(others).collect()
    }

    fn is_allowed(&self, source: &Source<'a>, cover: &Cover<'a>) -> bool {
        let in_all = || self.written.iter().all(|list| list.contains(&source.normalized()));
        let all = |allows: &dyn Fn(&List<'a>) -> bool| self.lists.iter().all(allows);
        match source.expression {
            SourceExpression::None => false,
            SourceExpression::Keyword(Keyword::SelfOrigin)
            | SourceExpression::Scheme(_)
            | SourceExpression::Host(_) => {
                let patterns = self.patterns_of(source);
                let covered = !patterns.is_empty() && patterns.iter().all(|it| cover.covers(*it));
                self.are_urls_asked() && (covered || in_all())
            }
            SourceExpression::Keyword(Keyword::UnsafeHashes) => {
                all(&|it| it.allows(Keyword::UnsafeHashes) || self.allows_every_hash(it))
            }
            SourceExpression::Keyword(Keyword::ReportSample) => true,
            SourceExpression::Keyword(keyword) => all(&|list| list.allows(keyword)),
            SourceExpression::Hash(algorithm, digest) => {
                let hash = hash(algorithm, digest);
                all(&|list| list.hashes.contains(&hash) || self.allows_every_hash(list))
            }
            SourceExpression::Nonce(_) | SourceExpression::Invalid(_) => in_all(),
        }
    }

    fn patterns_of(&self, source: &Source<'a>) -> Vec<Pattern<'a>> {
        expand(source.expression, self.directive, self.origin)
    }

    /// Whether all of what a hash may allow is inline, and the list allows that.
    fn allows_every_hash(&self, list: &List<'_>) -> bool {
        let is_inline = is_style(self.directive) || self.directive == Directive::ScriptSrcAttr;
        is_inline && allows_all_inline(list)
    }

    /// Whether a URL may be allowed for its own sake: not where some of the lists trust only what is trusted already.
    fn are_urls_asked(&self) -> bool {
        let dynamic = self.lists.iter().filter(|list| list.is_dynamic()).count();
        !self.is_script || dynamic == 0 || dynamic == self.lists.len() && !self.is_mixed()
    }

    /// Whether some of the lists decide about workers as about scripts, and others do not.
    fn is_mixed(&self) -> bool {
        let scripts = self.found.iter().filter(|it| stands_for_scripts(it)).count();
        self.directive == Directive::WorkerSrc && (1..self.found.len()).contains(&scripts)
    }
}

/// Whether it does in every browser: not all of them regard `'strict-dynamic'` in lists for styles.
fn allows_all_inline(list: &List<'_>) -> bool {
    list.allows_all_inline(true)
}
