//! Rules that judge policies.
//!
//! A rule is one file in `rules/`: what it is called and why it matters, and the function that finds it. What is wrong
//! with the text itself is found by the parser and worded in `syntax.rs`.

mod registry;
mod rule;
mod rules;
mod syntax;

use std::collections::HashSet;

use crate::csp::{Delivery, Directive, ParsedDirective, Policy, parse_list};
use crate::diagnostic::{Finding, Location};
use crate::text::{Positions, Span};

pub use registry::all as rules;
use rule::{Check, Hit};
pub use rule::{Equivalent, Rule};

/// Policies that a response is given together: a browser enforces each of them.
#[derive(Clone, Debug)]
pub struct PolicyText<'a> {
    /// The header's value, or the content of the `<meta>`.
    pub text: &'a str,
    /// How it reaches the browser.
    pub delivery: Delivery,
}

/// A finding with the number of the text it is in, whose span its location still lacks a name for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Index of the text.
    pub text: usize,
    /// What was found; its location's path, line and column are those within the text.
    pub finding: Finding,
}

/// Judges the policies of one response.
///
/// A weakness counts only if no other enforced policy makes up for it, as browsers enforce all of them; a mistake in the
/// text counts wherever it stands. Findings come in the order of the texts and of the places in them.
///
/// ```
/// use cspc_core::csp::Delivery;
/// use cspc_core::lint::{PolicyText, check};
/// let text = PolicyText { text: "default-src 'self' 'unsafe-inline'", delivery: Delivery::Header };
/// let found = check(&[text]);
/// assert!(found.iter().any(|judged| judged.finding.rule == "csp/unsafe-inline"));
/// ```
pub fn check(texts: &[PolicyText<'_>]) -> Vec<Judged> {
    let mut policies = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let parsed = parse_list(text.text, text.delivery);
        policies.extend(parsed.into_iter().map(|policy| (index, policy)));
    }
    let mut found = Vec::new();
    for (index, policy) in &policies {
        let Some(text) = texts.get(*index) else { continue };
        for issue in &policy.issues {
            let finding = syntax::finding(*issue, text);
            found.extend(finding.map(|finding| Found { text: *index, span: issue.span, finding }));
        }
    }
    for set in sets(texts, &policies) {
        for rule in registry::all() {
            found.extend(judge(rule, &set));
        }
    }
    placed(texts, found)
}

/// A policy that does something, with the text it is in.
#[derive(Clone, Copy)]
struct Member<'p, 'a> {
    index: usize,
    text: &'p PolicyText<'a>,
    policy: &'p Policy<'a>,
}

impl<'p, 'a> Member<'p, 'a> {
    /// The directive that decides for `directive` and counts where the policy stands.
    fn deciding(&self, directive: Directive) -> Option<&'p ParsedDirective<'a>> {
        let counts = self.text.delivery != Delivery::Meta || directive.in_meta();
        self.policy.effective(directive).filter(|_| counts)
    }

    fn found(&self, rule: &Rule, hit: Hit) -> Found {
        Found { text: self.index, span: hit.span, finding: rule.finding(hit, self.text) }
    }
}

/// A finding that has no place yet.
struct Found {
    text: usize,
    span: Span,
    finding: Finding,
}

/// Policies that act together: the enforced ones, and each of those that only report as though it were enforced.
fn sets<'p, 'a>(
    texts: &'p [PolicyText<'a>],
    policies: &'p [(usize, Policy<'a>)],
) -> Vec<Vec<Member<'p, 'a>>> {
    let members = policies.iter().filter_map(|(index, policy)| {
        let text = texts.get(*index).filter(|_| !policy.directives.is_empty())?;
        Some(Member { index: *index, text, policy })
    });
    let (reporting, enforced): (Vec<_>, Vec<_>) =
        members.partition(|member| member.text.delivery == Delivery::ReportOnly);
    std::iter::once(enforced).chain(reporting.into_iter().map(|member| vec![member])).collect()
}

/// What a rule finds in policies that act together.
fn judge(rule: &Rule, set: &[Member<'_, '_>]) -> Vec<Found> {
    match rule.check {
        Check::Mistake(find) => {
            let mut found = Vec::new();
            for member in set {
                found.extend(find(member.policy).into_iter().map(|hit| member.found(rule, hit)));
            }
            found
        }
        Check::Weakness { decided_for, find } => {
            decided_for.iter().flat_map(|directive| weakness(rule, set, *directive, find)).collect()
        }
        Check::Missing { directive, message } => {
            missing(rule, set, directive, message).into_iter().collect()
        }
    }
}

/// The weaknesses of the directives that decide for `directive`; none if one of those has none. A policy that says
/// nothing about `directive` adds no weakness, and takes none back.
fn weakness(
    rule: &Rule,
    set: &[Member<'_, '_>],
    directive: Directive,
    find: fn(&ParsedDirective<'_>, Directive) -> Vec<Hit>,
) -> Vec<Found> {
    let mut found = Vec::new();
    for member in set {
        let Some(deciding) = member.deciding(directive) else { continue };
        let hits = find(deciding, directive);
        if hits.is_empty() {
            return Vec::new();
        }
        found.extend(hits.into_iter().map(|hit| member.found(rule, hit)));
    }
    found
}

/// A finding at the first policy in which the directive would count, if it is in none.
fn missing(
    rule: &Rule,
    set: &[Member<'_, '_>],
    directive: Directive,
    message: &str,
) -> Option<Found> {
    let counts =
        |member: &&Member<'_, '_>| member.text.delivery != Delivery::Meta || directive.in_meta();
    let first = set.iter().find(counts)?;
    let is_there = set.iter().any(|member| member.deciding(directive).is_some());
    let hit = || Hit::at_policy(first.policy, directive.as_str(), message.to_owned());
    (!is_there).then(|| first.found(rule, hit()))
}

/// The findings in order, each once, with lines and columns counted in one pass over each text.
fn placed(texts: &[PolicyText<'_>], mut found: Vec<Found>) -> Vec<Judged> {
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    // Two directives may fall back to the same one, and so find the same.
    found.dedup_by(|a, b| order(a) == order(b));
    said_once(&mut found);
    let mut positions: Vec<Positions<'_>> =
        texts.iter().map(|text| Positions::new(text.text.as_bytes())).collect();
    let place = |found: Found| {
        let position = positions.get_mut(found.text)?.at(found.span.start);
        let mut finding = found.finding;
        let (line, column) = (position.line, position.column);
        finding.location = Some(Location { path: String::new(), line, column, span: found.span });
        Some(Judged { text: found.text, finding })
    };
    found.into_iter().filter_map(place).collect()
}

/// Where `default-src` lets both inline scripts and inline styles through, what is said about scripts is enough.
fn said_once(found: &mut Vec<Found>) {
    let is_of = |found: &Found, rule: &Rule| found.finding.rule == rule.id;
    let scripts = found.iter().filter(|found| is_of(found, &rules::unsafe_inline::RULE));
    let places: HashSet<(usize, Span)> = scripts.map(|found| (found.text, found.span)).collect();
    found.retain(|found| {
        let is_style = is_of(found, &rules::style_unsafe_inline::RULE);
        !is_style || !places.contains(&(found.text, found.span))
    });
}

fn order(found: &Found) -> (usize, Span, &str) {
    (found.text, found.span, &found.finding.rule)
}
