//! Rules that judge policies.
//!
//! A rule is one file in `rules/`: what it is called and why it matters, and the function that finds it. What is wrong
//! with the text itself is found by the parser and worded in `syntax.rs`.

mod registry;
mod rule;
mod rules;
mod syntax;

use crate::csp::{Delivery, Policy, parse_list};
use crate::diagnostic::Finding;

pub use registry::all as rules;
use rule::Kind;
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
/// assert_eq!(found[0].finding.rule, "csp/unsafe-inline");
/// ```
pub fn check(texts: &[PolicyText<'_>]) -> Vec<Judged> {
    let parsed: Vec<(usize, &PolicyText<'_>, Policy<'_>)> = texts
        .iter()
        .enumerate()
        .flat_map(|(index, text)| {
            parse_list(text.text, text.delivery)
                .into_iter()
                .map(move |policy| (index, text, policy))
        })
        .collect();
    let mut judged = Vec::new();
    for (index, text, policy) in &parsed {
        let issues = policy.issues.iter().filter_map(|issue| syntax::finding(*issue, text));
        judged.extend(issues.map(|finding| Judged { text: *index, finding }));
    }
    let enforced: Vec<&Policy<'_>> = parsed
        .iter()
        .filter(|(_, text, policy)| {
            text.delivery != Delivery::ReportOnly && !policy.directives.is_empty()
        })
        .map(|(_, _, policy)| policy)
        .collect();
    for rule in registry::all() {
        let made_up_for = rule.kind == Kind::Weakness
            && enforced.iter().any(|policy| (rule.check)(policy).is_empty());
        for (index, text, policy) in &parsed {
            if policy.directives.is_empty() || made_up_for && text.delivery != Delivery::ReportOnly
            {
                continue;
            }
            let hits = (rule.check)(policy);
            judged.extend(
                hits.into_iter()
                    .map(|hit| Judged { text: *index, finding: rule.finding(hit, text) }),
            );
        }
    }
    judged.sort_by(|a, b| order(a).cmp(&order(b)));
    judged
}

fn order(judged: &Judged) -> (usize, usize, &str) {
    let start = judged.finding.location.as_ref().map_or(0, |location| location.span.start);
    (judged.text, start, &judged.finding.rule)
}
