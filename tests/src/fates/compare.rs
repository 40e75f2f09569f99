//! What the browser did, held against what the library says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cspc_core::enforce::{Engine, Verdict};
use serde_json::json;

use super::drive::{Event, PageFate, Session};
use super::pages::Page;
use super::policies::mark;
use super::{Evidence, Item, Step};

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Pages that were loaded.
    pub pages: usize,
    /// Items of them, by kind: how many there were, and how many were blocked.
    pub items: BTreeMap<&'static str, (usize, usize)>,
    /// Violation events that named an item, and were foretold.
    pub events: usize,
    /// Violations that were foretold and not reported, by kind.
    pub silent: BTreeMap<&'static str, usize>,
    /// Pages of which nothing is known, and items whose fate was not decided in time.
    pub unknown: Vec<String>,
    /// What the library says otherwise.
    pub disagreements: Vec<Disagreement>,
}

/// A fate of which the library and the browser disagree.
#[derive(Debug)]
pub struct Disagreement {
    /// The page.
    pub page: usize,
    /// What is wrong.
    pub what: String,
    /// The kind of item.
    pub kind: &'static str,
    /// The vector that it would make.
    pub vector: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "page {}, {}: {}", self.page, self.kind, self.what)?;
        writeln!(out, "  {}", self.vector)
    }
}

/// What cannot be held against the library of a kind of item in an engine, and why.
struct Limit {
    engine: Engine,
    kind: &'static str,
    hides: Hides,
    #[expect(dead_code, reason = "for the reader")]
    why: &'static str,
}

/// How much a limit hides.
enum Hides {
    /// Everything.
    All,
    /// That it is allowed: it may fail to happen for reasons of its own.
    Absence,
    /// Everything, if a policy of the page holds this.
    Under(&'static str),
    /// What policies that only report say.
    Reports,
    /// Violations of policies that hold this.
    ReportsOf(&'static str),
}

/// THE table of the harness's limits.
static LIMITS: [Limit; 6] = [
    Limit {
        engine: Engine::Firefox,
        kind: "manifest",
        hides: Hides::All,
        why: "Firefox asks for a manifest only when a site is installed",
    },
    Limit {
        engine: Engine::Firefox,
        kind: "prefetch",
        hides: Hides::Absence,
        why: "Firefox drops what is left to prefetch when any page begins to load",
    },
    Limit {
        engine: Engine::Chromium,
        kind: "manifest",
        hides: Hides::Absence,
        why: "Chromium asks for a manifest when the page has loaded and is idle, which a page that is soon left may \
              never be",
    },
    Limit {
        engine: Engine::Chromium,
        kind: "prefetch",
        hides: Hides::Reports,
        why: "Chromium 156 reports a prefetch only when it is redirected, and by `default-src` alone; what it blocks \
              is as foretold",
    },
    Limit {
        engine: Engine::Firefox,
        kind: "wasm",
        hides: Hides::ReportsOf("'unsafe-eval'"),
        why: "what one policy blocks or reports, Firefox 153 reports for every policy without `'wasm-unsafe-eval'`, those \
              among them that allow it by `'unsafe-eval'`; what it blocks is as foretold",
    },
    Limit {
        engine: Engine::Chromium,
        kind: "eval",
        hides: Hides::Under("'trusted-types-eval'"),
        why: "Chromium 156 compiles plain strings under `'trusted-types-eval'` although `require-trusted-types-for` \
              demands trusted ones: the string is no matter for Trusted Types then, of which no question speaks",
    },
];

/// A violation, as an event tells of it: whose policy and which directive.
type Told = (usize, &'static str);

/// Compares what a browser of this engine did with each page.
///
/// # Panics
/// If the session is of other pages.
pub fn compare(pages: &[Page], session: &Session, engine: Engine) -> Comparison {
    let fates: BTreeMap<usize, &PageFate> =
        session.pages.iter().map(|fate| (fate.number, fate)).collect();
    let mut comparison = Comparison::default();
    for page in pages {
        let fate = fates[&page.number];
        if let Some(error) = &fate.error {
            comparison.unknown.push(format!("page {}: {error}", page.number));
            continue;
        }
        comparison.pages += 1;
        let view = View { page, fate, seen: &session.seen, engine };
        for item in &page.items {
            view.compare_item(item, &mut comparison);
        }
    }
    comparison
}

struct View<'a> {
    page: &'a Page,
    fate: &'a PageFate,
    seen: &'a BTreeSet<String>,
    engine: Engine,
}

impl View<'_> {
    fn compare_item(&self, item: &Item, comparison: &mut Comparison) {
        if self.limits(item).any(|limit| self.hides_all(limit)) {
            return;
        }
        let mut foretold: BTreeSet<Told> = BTreeSet::new();
        let mut allowed = true;
        // What shows the answer to several questions shows only whether all are allowed.
        for group in item.steps.chunk_by(|a, b| a.evidence.key() == b.evidence.key()) {
            let verdicts: Vec<Verdict> = group.iter().map(|step| self.verdict(step)).collect();
            allowed = verdicts.iter().all(|verdict| verdict.allowed);
            for (step, verdict) in group.iter().zip(&verdicts) {
                if step.document.is_none() {
                    let told = |violation: &cspc_core::enforce::Violation| {
                        (violation.policy, violation.effective.as_str())
                    };
                    foretold.extend(verdict.violations.iter().map(told));
                }
            }
            if allowed != self.happened(&group[0].evidence) {
                if allowed && self.absence_shows_nothing(item) {
                    comparison.unknown.push(format!("item {}, {}", item.id, item.kind));
                    return;
                }
                let what = format!("{}, and the browser does otherwise", word(allowed));
                comparison.disagreements.push(self.disagreement(item, group, what, !allowed));
                return;
            }
            if !allowed {
                break;
            }
        }
        let count = comparison.items.entry(item.kind).or_default();
        count.0 += 1;
        count.1 += usize::from(!allowed);
        self.compare_events(item, &foretold, comparison);
    }

    /// Whether what is allowed may fail to happen for reasons of its own.
    fn absence_shows_nothing(&self, item: &Item) -> bool {
        let parsed = item.operation.is_none();
        self.fate.unsettled.contains(&item.id)
            || parsed && !self.fate.loaded
            || self.limits(item).any(|limit| matches!(limit.hides, Hides::Absence))
    }

    fn limits(&self, item: &Item) -> impl Iterator<Item = &'static Limit> {
        let (kind, engine) = (item.kind, self.engine);
        LIMITS.iter().filter(move |limit| limit.kind == kind && limit.engine == engine)
    }

    fn hides_report(&self, item: &Item, event: &Event) -> bool {
        self.limits(item).any(|limit| match limit.hides {
            Hides::Reports => event.disposition == "report",
            Hides::ReportsOf(word) => event.original_policy.contains(word),
            Hides::All | Hides::Absence | Hides::Under(_) => false,
        })
    }

    fn hides_all(&self, limit: &Limit) -> bool {
        match limit.hides {
            Hides::All => true,
            Hides::Absence | Hides::Reports | Hides::ReportsOf(_) => false,
            Hides::Under(word) => {
                self.page.policies.iter().any(|delivered| delivered.policy.contains(word))
            }
        }
    }

    fn compare_events(&self, item: &Item, foretold: &BTreeSet<Told>, comparison: &mut Comparison) {
        let mut told = BTreeSet::new();
        for event in self.fate.events.iter().filter(|event| self.names(event, item)) {
            let index = self.policy_of(event);
            let known = foretold.iter().find(|(policy, name)| {
                Some(*policy) == index && *name == event.effective_directive
            });
            match known {
                Some(known) => {
                    told.insert(*known);
                    comparison.events += 1;
                }
                None if self.hides_report(item, event) => {}
                None => {
                    let what = format!("{event:?} was not foretold, but {foretold:?}");
                    let disagreement = self.disagreement(item, &item.steps, what, false);
                    comparison.disagreements.push(disagreement);
                }
            }
        }
        *comparison.silent.entry(item.kind).or_default() += foretold.difference(&told).count();
    }

    /// Whether the event is of the item.
    fn names(&self, event: &Event, item: &Item) -> bool {
        if let Some(id) = id_in(&event.blocked) {
            return id == item.id
                || id.strip_prefix(&*item.id).is_some_and(|rest| rest.starts_with('.'));
        }
        if !event.target.is_empty() {
            return event.target == item.id;
        }
        // Firefox may report an attribute's violation at the document: none of these is of an attribute.
        item.keyword == Some(&*event.blocked) && !event.effective_directive.ends_with("-attr")
            || event.blocked == "trusted-types-policy" && event.sample.ends_with(&item.id)
    }

    fn policy_of(&self, event: &Event) -> Option<usize> {
        let mut numbers = 0..self.page.policies.len();
        numbers.find(|number| event.original_policy.contains(&mark(*number)))
    }

    fn verdict(&self, step: &Step) -> Verdict {
        match &step.document {
            None => step.asked.verdict(&self.page.policies, &self.page.url, self.engine),
            Some((url, policies)) => step.asked.verdict(policies, url, self.engine),
        }
    }

    fn happened(&self, evidence: &Evidence) -> bool {
        match evidence {
            Evidence::Seen(id) => self.seen.contains(id),
            Evidence::Ran(id) => self.fate.ran.contains(id),
            Evidence::Base(url) => self.fate.base == url.as_str(),
        }
    }

    fn disagreement(
        &self,
        item: &Item,
        steps: &[Step],
        what: String,
        browser_allows: bool,
    ) -> Disagreement {
        let vectors: Vec<String> = steps
            .iter()
            .map(|step| {
                let (url, policies) = step
                    .document
                    .as_ref()
                    .map_or((&self.page.url, &self.page.policies), |(url, policies)| {
                        (url, policies)
                    });
                json!({
                    "engine": self.engine.as_str(),
                    "page": url,
                    "policies": policies,
                    "question": step.asked,
                    "expect": word(browser_allows),
                })
                .to_string()
            })
            .collect();
        let events: Vec<_> =
            self.fate.events.iter().filter(|event| self.names(event, item)).collect();
        let threw = self.fate.threw.get(&item.id);
        let what = format!(
            "{what}\n  item {} {} {:?}\n  {events:?} {threw:?}",
            item.id, item.markup, item.operation
        );
        Disagreement { page: self.page.number, what, kind: item.kind, vector: vectors.join("\n  ") }
    }
}

impl Evidence {
    fn key(&self) -> (&'static str, &str) {
        match self {
            Self::Seen(id) => ("seen", id),
            Self::Ran(id) => ("ran", id),
            Self::Base(url) => ("base", url.as_str()),
        }
    }
}

const fn word(allowed: bool) -> &'static str {
    if allowed { "allowed" } else { "blocked" }
}

/// The item's id in an address.
fn id_in(address: &str) -> Option<&str> {
    let (_, query) = address.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("id="))
}
