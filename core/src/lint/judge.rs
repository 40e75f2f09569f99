//! Shows a response to every rule.

use std::sync::LazyLock;

use url::Url;

use super::Extent;
use super::kind::Kinds;
use super::registry;
use super::rule::{Check, Found, Hit, Rule};
use super::sources::is_hostless;
use super::subject::{List, Member, Set, Subject};
use crate::csp::{self, DirectiveSet, IssueCode, Source, SourceExpression};
use crate::enforce::{Engine, SelfOrigin, matches_source_list};

/// The rules, by what they have to be shown.
struct Rules {
    /// For each kind of source, the rules that care for it.
    by_kind: Vec<Vec<&'static Rule>>,
    /// For each issue code, its rule.
    by_issue: Vec<Option<&'static Rule>>,
    lists: Vec<&'static Rule>,
    members: Vec<&'static Rule>,
    responses: Vec<&'static Rule>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules {
        by_kind: vec![Vec::new(); Kinds::COUNT],
        by_issue: vec![None; IssueCode::ALL.len()],
        lists: Vec::new(),
        members: Vec::new(),
        responses: Vec::new(),
    };
    for rule in registry::all() {
        rules.add(rule);
    }
    rules
});

impl Rules {
    fn add(&mut self, rule: &'static Rule) {
        match rule.check {
            Check::Lets { kinds, .. } | Check::Source { kinds, .. } => {
                for index in kinds.indices() {
                    self.by_kind.get_mut(index).into_iter().for_each(|rules| rules.push(rule));
                }
            }
            Check::Issue(code) => {
                self.by_issue.get_mut(code as usize).into_iter().for_each(|it| *it = Some(rule));
            }
            Check::ListLets { .. } => self.lists.push(rule),
            Check::Missing(_) | Check::Member(_) => self.members.push(rule),
            Check::Response(_) => self.responses.push(rule),
        }
    }
}

/// Everything that is found, in the order of the text.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Hit> {
    let mut hits = Vec::with_capacity(16);
    for (index, member) in subject.members.iter().enumerate() {
        issues(index, member, &mut hits);
    }
    for set in subject.sets() {
        for (index, member) in set.members() {
            for list in member.lists() {
                judge_list(set, index, member, &list, &mut hits);
            }
        }
        // What an excerpt lacks may stand in the rest of it.
        if subject.response.extent != Extent::Excerpt {
            for rule in &RULES.members {
                judge_members(rule, set, &mut hits);
            }
        }
    }
    for rule in &RULES.responses {
        if let Check::Response(find) = rule.check {
            find(subject, &mut Found { rule, member: None, hits: &mut hits });
        }
    }
    ordered(&mut hits);
    hits
}

/// What is wrong with a policy's text.
fn issues(index: usize, member: &Member<'_>, hits: &mut Vec<Hit>) {
    let mut issues = Vec::new();
    let mut lists = member.lists().peekable();
    for (at, directive) in member.policy.directives.iter().enumerate() {
        let sources = lists.next_if(|list| list.index == at).map_or(&[][..], |list| list.sources);
        csp::check(directive, sources, member.delivery, &mut issues);
        for issue in issues.drain(..) {
            let Some(rule) = RULES.by_issue.get(issue.code as usize).copied().flatten() else {
                continue;
            };
            let mut found = Found { rule, member: Some(index), hits };
            found.at(member, Some(at), issue.span);
        }
    }
    if member.policy.is_empty()
        && let Some(rule) = RULES.by_issue.get(IssueCode::EmptyPolicy as usize).copied().flatten()
    {
        Found { rule, member: Some(index), hits }.at(member, None, member.policy.span);
    }
}

fn judge_list(
    set: Set<'_, '_>,
    index: usize,
    member: &Member<'_>,
    list: &List<'_, '_>,
    hits: &mut Vec<Hit>,
) {
    for source in list.sources {
        let kind = Kinds::of(source.expression).index();
        for rule in RULES.by_kind.get(kind).into_iter().flatten() {
            let is_found = match rule.check {
                Check::Source { test, .. } => test(list, source),
                Check::Lets { about, test, .. } => {
                    let about = about.intersection(list.decides);
                    !about.is_empty()
                        && test(list, source)
                        && lets_through(set, index, about, |other| permits(other, rule, source))
                }
                _ => false,
            };
            if is_found {
                let span = source.value.span;
                Found { rule, member: Some(index), hits }.at(member, Some(list.index), span);
            }
        }
    }
    for rule in &RULES.lists {
        let Check::ListLets { about, test } = rule.check else { continue };
        let about = about.intersection(list.decides);
        if !about.is_empty() && test(list) && lets_through(set, index, about, test) {
            Found { rule, member: Some(index), hits }.at_name(member, list.directive);
        }
    }
}

/// Whether one of the things that a list of the policy `index` lets through is stopped by no other policy of the set.
fn lets_through(
    set: Set<'_, '_>,
    index: usize,
    about: DirectiveSet,
    permits: impl Fn(&List<'_, '_>) -> bool,
) -> bool {
    let others = || set.members().filter(|(other, _)| *other != index);
    if others().next().is_none() {
        return true;
    }
    about.iter().any(|directive| {
        others().all(|(_, other)| other.list(directive).is_none_or(|list| permits(&list)))
    })
}

/// Whether another policy's list lets through what the rule finds in a source: a URL that shows it, or, where that is
/// not about URLs, the same by a source of its own.
fn permits(other: &List<'_, '_>, rule: &Rule, source: &Source<'_>) -> bool {
    let Some(witness) = witness(source.expression) else { return has_such(other, rule) };
    let by_url = other.allows_by_url() || !other.is_about_scripts();
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
    let Check::Lets { kinds, test, .. } = rule.check else { return true };
    let finds =
        |source: &Source<'_>| kinds.meets(Kinds::of(source.expression)) && test(other, source);
    other.sources.iter().any(finds)
}

fn judge_members(rule: &'static Rule, set: Set<'_, '_>, hits: &mut Vec<Hit>) {
    match rule.check {
        Check::Member(find) => {
            for (index, member) in set.members() {
                find(set, member, &mut Found { rule, member: Some(index), hits });
            }
        }
        Check::Missing(directive) if !set.decides(directive) => {
            let counts =
                |member: &Member<'_>| member.delivery != csp::Delivery::Meta || directive.in_meta();
            if let Some((index, first)) = set.members().find(|(_, member)| counts(member)) {
                Found { rule, member: Some(index), hits }.at_policy(first);
            }
        }
        _ => {}
    }
}

/// Puts hits in order, each once, without those that another one at the same place makes needless.
fn ordered(hits: &mut Vec<Hit>) {
    hits.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
    hits.dedup_by(|a, b| order(a) == order(b));
    let is_same_place = |a: &Hit, b: &Hit| (a.field, a.span) == (b.field, b.span);
    let mut needed = Vec::with_capacity(hits.len());
    for same in hits.chunk_by(is_same_place) {
        let is_needless =
            |hit: &Hit| same.iter().any(|other| hit.rule.yields_to.contains(&other.rule.id));
        needed.extend(same.iter().map(|hit| same.len() == 1 || !is_needless(hit)));
    }
    let mut needed = needed.into_iter();
    hits.retain(|_| needed.next().unwrap_or(true));
}

fn order(hit: &Hit) -> (usize, crate::text::Span, &'static str) {
    (hit.field, hit.span, hit.rule.id)
}
