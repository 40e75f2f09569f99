//! Shows a response to every rule.

use url::Url;

use super::dispatch::{RULES, Rules};
use super::kind::Kinds;
use super::registry;
use super::rule::{Check, Found, Hit, Rule};
use super::rule_set::RuleSet;
use super::sources::is_hostless;
use super::subject::{List, Member, Set, Subject};
use crate::csp::{self, Delivery, Directive, DirectiveSet, IssueCode, Source, SourceExpression};
use crate::enforce::{Engine, SelfOrigin, matches_source_list};
use crate::response::{Extent, Field};
use crate::text::Span;

/// As many findings as most policies have at most, in no more than the allocator hands out quickly.
const USUAL: usize = 24;

/// Everything that is found, in the order of the text.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Hit> {
    let rules = &*RULES;
    let mut hits = Vec::with_capacity(USUAL);
    for set in subject.sets() {
        // What an excerpt lacks may stand in the rest of it.
        if subject.response.extent != Extent::Excerpt {
            judge_members(rules, &set, &mut hits);
        }
        for (index, member) in set.members() {
            for list in member.lists() {
                judge_list(rules, &set, index, member, &list, &mut hits);
            }
        }
    }
    for (index, member) in subject.members.iter().enumerate() {
        issues(rules, index, member, &mut hits);
    }
    let is_other = |field: &Field<'_>| !matches!(field, Field::Policy { .. });
    if subject.response.extent == Extent::Head || subject.response.fields.iter().any(is_other) {
        judge_response(&rules.responses, subject, &mut hits);
    }
    ordered(rules, &mut hits);
    hits
}

fn judge_response(responses: &[usize], subject: &Subject<'_>, hits: &mut Vec<Hit>) {
    for &rule in responses {
        if let Some(Check::Response(find)) = registry::get(rule).map(|rule| &rule.check) {
            find(subject, &mut Found { rule, member: None, hits });
        }
    }
}

/// What is wrong with a policy's text.
fn issues(rules: &Rules, index: usize, member: &Member<'_>, hits: &mut Vec<Hit>) {
    let mut add = |code: IssueCode, directive: Option<usize>, span: Span| {
        if let Some(rule) = rules.of_issue(code) {
            Found { rule, member: Some(index), hits }.at(member, directive, span);
        }
    };
    let mut lists = member.lists().peekable();
    for (at, directive) in member.policy.directives.iter().enumerate() {
        let sources = lists.next_if(|list| list.index == at).map_or(&[][..], |list| list.sources);
        csp::check(directive, sources, member.delivery, &mut |issue| {
            add(issue.code, Some(at), issue.span);
        });
    }
    if member.policy.is_empty() {
        add(IssueCode::EmptyPolicy, None, member.policy.span);
    }
}

fn judge_list(
    rules: &Rules,
    set: &Set<'_, '_>,
    index: usize,
    member: &Member<'_>,
    list: &List<'_, '_>,
    hits: &mut Vec<Hit>,
) {
    let (of_list, of_sources) = rules.of_list(list);
    for rule in of_list.iter() {
        if registry::get(rule).is_some_and(|rule| finds_in_list(rule, set, index, list)) {
            Found { rule, member: Some(index), hits }.at_name(member, list.directive);
        }
    }
    if of_sources == RuleSet::default() {
        return;
    }
    for (source, kinds) in list.sources.iter().zip(list.kinds_of) {
        for rule in of_sources.and(rules.of_sources(list.directive, *kinds)).iter() {
            if registry::get(rule).is_some_and(|rule| finds(rule, set, index, list, source)) {
                let span = source.value.span;
                Found { rule, member: Some(index), hits }.at(member, Some(list.index), span);
            }
        }
    }
}

fn finds_in_list(rule: &Rule, set: &Set<'_, '_>, index: usize, list: &List<'_, '_>) -> bool {
    let Check::ListLets { about, kinds, unless } = rule.check else { return false };
    lets_through(set, index, about.intersection(list.decides), |other| {
        other.kinds.meets(kinds) && !other.kinds.meets(unless)
    })
}

fn finds(
    rule: &Rule,
    set: &Set<'_, '_>,
    index: usize,
    list: &List<'_, '_>,
    source: &Source<'_>,
) -> bool {
    match rule.check {
        Check::Source { test, .. } => test(list, source),
        Check::Lets { about, test, .. } => {
            let about = about.intersection(list.decides);
            test(list, source)
                && lets_through(set, index, about, |other| permits(set, other, rule, source))
        }
        _ => false,
    }
}

/// Whether one of the things that a list of the policy `index` lets through is stopped by no other policy of the set.
fn lets_through(
    set: &Set<'_, '_>,
    index: usize,
    about: DirectiveSet,
    permits: impl Fn(&List<'_, '_>) -> bool,
) -> bool {
    let permits = |other: &Member<'_>, directive: Directive| {
        other.list(directive).is_none_or(|list| permits(&list))
    };
    set.is_single()
        || about.iter().any(|directive| set.others(index).all(|other| permits(other, directive)))
}

/// Whether another policy's list lets through what the rule finds in a source: a URL that shows it, or, where that is
/// not about URLs, the same by a source of its own.
fn permits(set: &Set<'_, '_>, other: &List<'_, '_>, rule: &Rule, source: &Source<'_>) -> bool {
    if !set.can_compare(other.sources.len()) {
        return true;
    }
    let Some(witness) = witness(source.expression) else { return has_such(other, rule) };
    let by_url = !other.kinds.meets(Kinds::STRICT) || !other.is_about_scripts();
    // A weakness in one browser is a weakness.
    by_url
        && Engine::ALL.into_iter().any(|engine| {
            let sources = other.sources.iter().map(|source| source.expression);
            matches_source_list(&witness, sources, &SelfOrigin::OPAQUE, 0, engine)
        })
}

/// A URL that the expression matches, of a host that nobody has where it may be any.
fn witness(expression: SourceExpression<'_>) -> Option<Url> {
    let text = match expression {
        SourceExpression::Scheme(scheme) if is_hostless(scheme) => format!("{scheme}:null/x"),
        SourceExpression::Scheme(scheme) => format!("{scheme}://attacker.example/"),
        SourceExpression::Host(source) => {
            let host = match source.host.strip_prefix('*') {
                Some("") => "attacker.example".to_owned(),
                Some(parent) => format!("attacker{parent}"),
                None => source.host.to_owned(),
            };
            let port = source.port.filter(|port| *port != "*").map(|port| format!(":{port}"));
            let scheme = source.scheme.unwrap_or("https");
            format!("{scheme}://{host}{}{}", port.unwrap_or_default(), source.path.unwrap_or("/"))
        }
        _ => return None,
    };
    Url::parse(&text).ok()
}

/// Whether the rule finds something of the kind in another policy's list.
fn has_such(other: &List<'_, '_>, rule: &Rule) -> bool {
    let Check::Lets { kinds, unless, test, .. } = rule.check else { return true };
    let mut sources = other.sources.iter().zip(other.kinds_of);
    !other.kinds.meets(unless)
        && sources.any(|(source, own)| kinds.meets(*own) && test(other, source))
}

fn judge_members(rules: &Rules, set: &Set<'_, '_>, hits: &mut Vec<Hit>) {
    for (directive, rule) in rules.missing(set.decided) {
        let counts = |(_, member): &(usize, &Member<'_>)| {
            member.delivery != Delivery::Meta || directive.in_meta()
        };
        if let Some((index, first)) = set.members().find(counts) {
            Found { rule, member: Some(index), hits }.at_policy(first);
        }
    }
    for rule in rules.members.iter() {
        if let Some(Check::Member(find)) = registry::get(rule).map(|rule| &rule.check) {
            for (index, member) in set.members() {
                find(set, member, &mut Found { rule, member: Some(index), hits });
            }
        }
    }
}

/// Puts hits in order, each once, without those that another one at the same place makes needless.
fn ordered(rules: &Rules, hits: &mut Vec<Hit>) {
    hits.sort_unstable_by_key(Hit::order);
    hits.dedup_by_key(|hit| hit.order());
    let rules_of = |hits: &[Hit]| {
        hits.iter().fold(RuleSet::default(), |set, hit| set.or(RuleSet::of(hit.rule())))
    };
    if !rules_of(hits).meets(rules.yielding) {
        return;
    }
    let is_same_place = |a: &Hit, b: &Hit| (a.field, a.span) == (b.field, b.span);
    for same in hits.chunk_by_mut(is_same_place) {
        let there = rules_of(same);
        if there.meets(rules.yielding) {
            for hit in same {
                hit.is_needless = rules.yields(hit.rule(), there);
            }
        }
    }
    hits.retain(|hit| !hit.is_needless);
}
