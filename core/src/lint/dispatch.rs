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
    /// For each kind of source, the rules that care for it.
    by_kind: Vec<RuleSet>,
    /// For each kind of source, the rules that find nothing in a list with one.
    unless: Vec<RuleSet>,
    /// For each issue code, its rule.
    by_issue: Vec<Option<usize>>,
    /// The directives that rules miss.
    pub(super) missing: Vec<(Directive, usize)>,
    pub(super) members: RuleSet,
    /// The rules about the whole response.
    pub(super) responses: Vec<usize>,
    /// For each rule, those that it yields to.
    yields_to: Vec<RuleSet>,
    /// Those that yield to some.
    pub(super) yielding: RuleSet,
}

pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules {
        by_kind: vec![RuleSet::default(); Kinds::COUNT],
        unless: vec![RuleSet::default(); Kinds::COUNT],
        by_issue: vec![None; IssueCode::ALL.len()],
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
            Check::Lets { about, kinds, unless, .. } => {
                self.add_about(about, this);
                add_kinds(&mut self.by_kind, kinds, this);
                add_kinds(&mut self.unless, unless, this);
            }
            Check::ListLets { about, kinds, unless } => {
                self.lists = self.lists.or(this);
                self.add_about(about, this);
                add_kinds(&mut self.by_kind, kinds, this);
                add_kinds(&mut self.unless, unless, this);
            }
            Check::Source { kinds, .. } => {
                self.anywhere = self.anywhere.or(this);
                add_kinds(&mut self.by_kind, kinds, this);
            }
            Check::Issue(code) => {
                self.by_issue.get_mut(code as usize).into_iter().for_each(|it| *it = Some(index));
            }
            Check::Missing(directive) => self.missing.push((directive, index)),
            Check::Member(_) => self.members = self.members.or(this),
            Check::Response(_) => self.responses.push(index),
            Check::Configuration(_) | Check::Requirement(_) => {}
        }
        self.add_yielding(rule, this);
    }

    fn add_about(&mut self, directives: DirectiveSet, rule: RuleSet) {
        match self.about.iter_mut().find(|(about, _)| *about == directives) {
            Some((_, rules)) => *rules = rules.or(rule),
            None => self.about.push((directives, rule)),
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
        let about = about.fold(self.anywhere, |rules, (_, more)| rules.or(*more));
        let rules =
            about.and(self.of_kinds(list.kinds)).without(of_kinds(&self.unless, list.kinds));
        (rules.and(self.lists), rules.without(self.lists))
    }

    /// The rules that care for sources of these kinds.
    pub(super) fn of_kinds(&self, kinds: Kinds) -> RuleSet {
        of_kinds(&self.by_kind, kinds)
    }

    pub(super) fn of_issue(&self, code: IssueCode) -> Option<usize> {
        self.by_issue.get(code as usize).copied().flatten()
    }

    /// Whether the rule need not speak where those of `others` do.
    pub(super) fn yields(&self, rule: usize, others: RuleSet) -> bool {
        self.yields_to.get(rule).is_some_and(|stronger| stronger.meets(others))
    }
}

fn add_kinds(rules: &mut [RuleSet], kinds: Kinds, rule: RuleSet) {
    for kind in kinds.indices() {
        rules.get_mut(kind).into_iter().for_each(|rules| *rules = rules.or(rule));
    }
}

fn of_kinds(rules: &[RuleSet], kinds: Kinds) -> RuleSet {
    let of = |kind: usize| rules.get(kind).copied();
    kinds.indices().filter_map(of).fold(RuleSet::default(), RuleSet::or)
}
