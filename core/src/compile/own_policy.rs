//! The policies that pages have in a `<meta>` of their own.
//!
//! They hold beside those in headers (CSP Level 3, section 8.1), so what they block needs no permission: it is told, and taken
//! out before anything is built or proven.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::question::question_in_page;
use super::tally::{Cause, Tallies};
use crate::csp::{Delivery, parse_list};
use crate::diagnostic::{Finding, Severity};
use crate::enforce::{EnforcedPolicy, Engine, Matcher, Question, SelfOrigin};
use crate::inventory::{Asset, Inventory, MetaPolicy, Page, SiteOrigin};
use crate::text::Span;

/// An inventory without what its pages block by themselves.
pub(super) struct Unblocked<'a> {
    pub(super) inventory: Cow<'a, Inventory>,
    /// How many assets were taken out.
    pub(super) blocked: usize,
    pub(super) findings: Vec<Finding>,
}

/// Takes out the assets of pages that a policy of the page itself blocks in every engine. What style sheets and scripts load
/// stays: other pages may load the same file.
pub(super) fn without_blocked<'a>(inventory: &'a Inventory, origin: &SiteOrigin) -> Unblocked<'a> {
    let self_origin = SelfOrigin::of(origin.root());
    let mut tallies = Tallies::default();
    let mut blocked = BTreeSet::new();
    for (policy, declared) in by_policy(inventory) {
        let parsed = parse_list(policy, Delivery::Meta);
        let policies = parsed.iter().map(|policy| EnforcedPolicy::new(policy, Delivery::Meta));
        let policies: Vec<_> = policies.collect();
        let matchers = Engine::ALL.map(|engine| Matcher::new(&policies, &self_origin, engine));
        for (number, page, own) in declared {
            let assets = page.assets.iter().enumerate();
            for (index, asset) in assets.filter(|(_, asset)| holds_for(own, asset)) {
                let Some(span) = blocked_by(&matchers, asset, origin) else { continue };
                let clause = policy.get(span.start..span.end).unwrap_or_default();
                tallies.note(cause(asset, clause, policy), &page.path, asset.line, asset.column);
                blocked.insert((number, index));
            }
        }
    }
    let findings = tallies.into_findings();
    Unblocked { inventory: without(inventory, &blocked), blocked: blocked.len(), findings }
}

/// The pages by the policies that they declare, each with its number.
fn by_policy(inventory: &Inventory) -> BTreeMap<&str, Vec<(usize, &Page, &MetaPolicy)>> {
    let mut declared: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (number, page) in inventory.pages.iter().enumerate() {
        for own in &page.meta_policies {
            declared.entry(&own.policy).or_default().push((number, page, own));
        }
    }
    declared
}

/// A policy in a page holds for what comes after it (CSP Level 3, section 3.3); what no line names is loaded last.
fn holds_for(own: &MetaPolicy, asset: &Asset) -> bool {
    asset.implicit || (asset.line, asset.column) > (own.line, own.column)
}

/// Where the directive stands that blocks the asset, if every engine blocks it.
fn blocked_by(matchers: &[Matcher<'_>], asset: &Asset, origin: &SiteOrigin) -> Option<Span> {
    // What makes no sense is an error of the proof.
    let question = question_in_page(asset, origin).ok()??;
    // Whoever requires Trusted Types knows what reading does not: that the sink is given no string.
    if question == Question::TrustedTypesSink {
        return None;
    }
    let mut answers = matchers
        .iter()
        .map(|matcher| matcher.answers(&question).find(|answer| answer.blocked.is_some()));
    let first = answers.next()??;
    answers.all(|answer| answer.is_some()).then_some(first.directive_span)
}

fn cause(asset: &Asset, clause: &str, policy: &str) -> Cause {
    let what = asset.url().map_or_else(String::new, |url| format!(" `{url}`"));
    let whole = if clause == policy { String::new() } else { format!(" `{policy}`") };
    Cause {
        rule: "build/blocked-by-page",
        severity: Severity::Medium,
        message: format!(
            "`{clause}` of the page's own policy{whole} blocks the {kind}{what}, so the header does not allow it",
            kind = asset.kind.as_str(),
        ),
        help: "if it should load, take the <meta> out of the page and build again; or else take out what is blocked",
    }
}

/// The inventory without these assets, by the numbers of page and asset.
fn without<'a>(inventory: &'a Inventory, taken: &BTreeSet<(usize, usize)>) -> Cow<'a, Inventory> {
    if taken.is_empty() {
        return Cow::Borrowed(inventory);
    }
    let mut inventory = inventory.clone();
    for (number, page) in inventory.pages.iter_mut().enumerate() {
        let mut index = 0..;
        page.assets.retain(|_| index.next().is_none_or(|index| !taken.contains(&(number, index))));
    }
    Cow::Owned(inventory)
}
