//! Which rules have to be asked.

use std::sync::LazyLock;

use super::kind::Kinds;
use super::registry;
use super::rule::{Check, Rule};
use super::rule_set::RuleSet;
use super::subject::List;
use crate::csp::{Directive, DirectiveSet, IssueCode};

/// The rules, by what they have to be shown, so that a few sets say which ones there are to ask.
#[derive(Default)]
pub(super) struct Rules {
    /// The rules about what lists let through, by the directives in question.
    about: Vec<(DirectiveSet, RuleSet)>,
    /// Those about sources, whatever their directive decides about.
    anywhere: RuleSet,
    /// Those about lists as a whole.
    lists: RuleSet,
    /// For each directive, the rules that care for sources in its list.
    caring: Vec<ByKind>,
    /// The rules that find nothing in a list without one of these kinds of sources.
    beside: ByKind,
    /// The rules that find nothing in a list with one.
    unless: ByKind,
    /// For each issue code, its rule.
    by_issue: Vec<Option<usize>>,
    /// The directives that rules miss.
    missed: DirectiveSet,
    /// For each directive, the rule that misses it.
    by_missed: Vec<Option<usize>>,
    pub(super) members: RuleSet,
    /// The rules about the whole response.
    pub(super) responses: Vec<usize>,
    /// For each rule, those that it yields to.
    yields_to: Vec<RuleSet>,
    /// Those that yield to some.
    pub(super) yielding: RuleSet,
}

/// For each kind of source, some rules.
#[derive(Clone, Copy, Default)]
struct ByKind([RuleSet; Kinds::COUNT]);

pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let directives = Directive::all().count();
    let mut rules = Rules {
        caring: vec![ByKind::default(); directives],
        by_issue: vec![None; IssueCode::ALL.len()],
        by_missed: vec![None; directives],
        ..Rules::default()
    };
    for (index, rule) in registry::judging().enumerate() {
        rules.add(index, rule);
    }
    rules
});

impl Rules {
    fn add(&mut self, index: usize, rule: &Rule) {
        let this = RuleSet::of(index);
        match rule.check {
            Check::Lets { about, kinds, unless, .. } => self.add_about(about, kinds, unless, this),
            Check::ListLets { about, kinds, unless } => {
                self.lists = self.lists.or(this);
                self.add_about(about, kinds, unless, this);
            }
            Check::Source { kinds, beside, .. } => {
                self.anywhere = self.anywhere.or(this);
                self.beside.add(beside, this);
                self.add_caring(kinds, this);
            }
            Check::Issue(code) => set(&mut self.by_issue, code as usize, index),
            Check::Missing(directive) => {
                self.missed.insert(directive);
                set(&mut self.by_missed, directive as usize, index);
            }
            Check::Member(_) => self.members = self.members.or(this),
            Check::Response(_) => self.responses.push(index),
            Check::Configuration(_) | Check::Requirement(_) => {}
        }
        self.add_yielding(rule, this);
    }

    fn add_about(&mut self, directives: DirectiveSet, kinds: Kinds, unless: Kinds, rule: RuleSet) {
        match self.about.iter_mut().find(|(about, _)| *about == directives) {
            Some((_, rules)) => *rules = rules.or(rule),
            None => self.about.push((directives, rule)),
        }
        self.add_caring(|_| kinds, rule);
        self.beside.add(Kinds::ANY, rule);
        self.unless.add(unless, rule);
    }

    fn add_caring(&mut self, kinds: impl Fn(Directive) -> Kinds, rule: RuleSet) {
        for (directive, caring) in Directive::all().zip(&mut self.caring) {
            caring.add(kinds(directive), rule);
        }
    }

    fn add_yielding(&mut self, rule: &Rule, this: RuleSet) {
        let named = registry::judging().enumerate();
        let yields_to = named.filter(|(_, other)| rule.yields_to.contains(&other.id));
        let set = yields_to.fold(RuleSet::default(), |set, (it, _)| set.or(RuleSet::of(it)));
        self.yields_to.push(set);
        if !rule.yields_to.is_empty() {
            self.yielding = self.yielding.or(this);
        }
    }

    /// The rules that may find something in a list: those that do, as a whole, and those to ask about its sources.
    pub(super) fn of_list(&self, list: &List<'_, '_>) -> (RuleSet, RuleSet) {
        let about = self.about.iter().filter(|(about, _)| about.meets(list.decides));
        let rules = about
            .fold(self.anywhere, |rules, (_, more)| rules.or(*more))
            .and(self.of_sources(list.directive, list.kinds))
            .and(self.beside.of(list.kinds))
            .without(self.unless.of(list.kinds));
        (rules.and(self.lists), rules.without(self.lists))
    }

    /// The rules that care for sources of these kinds in a list of the directive.
    pub(super) fn of_sources(&self, directive: Directive, kinds: Kinds) -> RuleSet {
        self.caring.get(directive as usize).map_or(RuleSet::default(), |rules| rules.of(kinds))
    }

    pub(super) fn of_issue(&self, code: IssueCode) -> Option<usize> {
        self.by_issue.get(code as usize).copied().flatten()
    }

    /// The directives that rules miss where just these are there, with their rules.
    pub(super) fn missing(
        &self,
        decided: DirectiveSet,
    ) -> impl Iterator<Item = (Directive, usize)> {
        let missed = self.missed.without(decided).iter();
        missed.filter_map(|it| Some((it, self.by_missed.get(it as usize).copied()??)))
    }

    /// Whether the rule need not speak where those of `others` do.
    pub(super) fn yields(&self, rule: usize, others: RuleSet) -> bool {
        self.yields_to.get(rule).is_some_and(|stronger| stronger.meets(others))
    }
}

fn set(table: &mut [Option<usize>], at: usize, rule: usize) {
    table.get_mut(at).into_iter().for_each(|it| *it = Some(rule));
}

impl ByKind {
    fn add(&mut self, kinds: Kinds, rule: RuleSet) {
        for kind in kinds.indices() {
            self.0.get_mut(kind).into_iter().for_each(|rules| *rules = rules.or(rule));
        }
    }

    fn of(&self, kinds: Kinds) -> RuleSet {
        let of = |kind: usize| self.0.get(kind).copied();
        kinds.indices().filter_map(of).fold(RuleSet::default(), RuleSet::or)
    }
}
