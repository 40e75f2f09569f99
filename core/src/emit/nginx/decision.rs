//! What comes out of the steps of a plan for a request, as maps.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::EmitError;
use super::super::lines::{Paths, Scope, Site};
use super::maps::{Maps, Outcome};
use super::paths::{Kinds, kind_name};
use super::quote::key;

/// How many flags one map looks at: their names, of up to 40 bytes each, make one word.
const FLAGS: usize = 90;

/// How many maps may stand behind one another: nginx follows a hundred variables (`ngx_http_variable_depth`).
const RUNS: usize = 80;

/// A decision: the last step that holds gives its outcome.
pub(super) struct Decision<'w, 'a> {
    pub(super) site: &'w Site<'a>,
    pub(super) kinds: &'w Kinds,
    /// What is decided: a header's name, or what variables are to be named after.
    pub(super) name: &'w str,
    pub(super) maps: &'w mut Maps,
}

/// One step: where it holds, and what comes out then.
pub(super) struct Step<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) outcome: Outcome<'a>,
}

impl<'a> Decision<'_, 'a> {
    pub(super) fn variable(&self) -> String {
        format!("cspc_{}", self.name.to_ascii_lowercase().replace('-', "_"))
    }

    pub(super) fn upstream(&self) -> String {
        format!("upstream_http_{}", self.name.to_ascii_lowercase().replace('-', "_"))
    }

    /// The word for what comes out; `last` where no step holds.
    pub(super) fn word(
        &mut self,
        steps: &[Step<'a>],
        last: &Outcome<'a>,
    ) -> Result<String, EmitError> {
        let always = steps.iter().rposition(|step| step.scope.is_always());
        match (always, steps) {
            (Some(_), [only]) => Ok(self.maps.word(&self.variable(), &only.outcome)),
            _ => self.decide(steps, last),
        }
    }

    /// One map for each run of steps; where no step of a run holds, the run before it decides.
    fn decide(&mut self, steps: &[Step<'a>], last: &Outcome<'a>) -> Result<String, EmitError> {
        let name = self.maps.fresh(&self.variable());
        let mut runs = self.runs(steps)?;
        let mut otherwise = last.clone();
        while let Some((run, is_by_page)) = runs.pop() {
            let kind = if is_by_page { "by_page" } else { "by_flags" };
            let inner = !runs.is_empty();
            let variable =
                if inner { self.maps.fresh(&format!("{name}_{kind}")) } else { name.clone() };
            if is_by_page {
                self.by_page(&variable, run, &otherwise);
            } else {
                self.by_flags(&variable, run, &otherwise);
            }
            otherwise = Outcome::Variable(variable);
        }
        Ok(format!("${name}"))
    }

    /// The runs of steps that one map decides, the last one first, and whether it does so by page: pages are looked up
    /// by hash, however many there are; only what stands between them asks flag by flag.
    fn runs<'s>(&self, steps: &'s [Step<'a>]) -> Result<Vec<(&'s [Step<'a>], bool)>, EmitError> {
        let by_page = |step: &Step<'a>| self.is_by_page(step.scope);
        let mut runs = Vec::new();
        let mut rest = steps;
        while !rest.is_empty() {
            let pages = rest.iter().rev().take_while(|step| by_page(step)).count();
            let is_by_page = pages > 1 || pages == rest.len();
            let flags = rest.len()
                - rest.windows(2).rposition(|two| two.iter().all(by_page)).map_or(0, |at| at + 2);
            let length = if is_by_page { pages } else { flags.min(FLAGS) };
            let (before, run) = rest.split_at(rest.len() - length);
            runs.push((run, is_by_page));
            rest = before;
        }
        if runs.len() > RUNS {
            return Err(EmitError::TooManyTurns {
                name: self.name.to_owned(),
                count: runs.len(),
                limit: RUNS,
            });
        }
        Ok(runs)
    }

    /// A limit of old versions, where it matters.
    fn note(&self, last: &Outcome<'_>) -> &'static str {
        if *last == Outcome::Variable(self.upstream()) {
            "\n# Elsewhere, what the application sent: of several lines, nginx before 1.23 knows the first only."
        } else {
            ""
        }
    }

    fn is_by_page(&self, scope: Scope<'_>) -> bool {
        let exact = self.site.place(scope).is_none_or(|place| {
            matches!(place.paths, Paths::Exact(_))
                && place.types.is_empty()
                && place.status.is_none()
        });
        scope.scheme.is_none() && scope.origins.is_empty() && exact
    }

    /// One key for each kind of page: found by hash.
    fn by_page(&mut self, name: &str, steps: &[Step<'a>], last: &Outcome<'a>) {
        let mut otherwise = None;
        let mut latest = BTreeMap::new();
        for (index, step) in steps.iter().enumerate() {
            match self.site.place(step.scope) {
                Some(place) => _ = latest.insert(place.rule, index),
                None => otherwise = Some(index),
            }
        }
        let outcome = |index: Option<usize>| {
            index.and_then(|index| steps.get(index)).map_or(last, |step| &step.outcome)
        };
        let default = self.maps.word(name, outcome(otherwise));
        let mut entries = vec![format!("default {default}")];
        let (mut words, mut longest) = (BTreeMap::new(), 0);
        for kind in self.kinds {
            let named = kind.iter().filter_map(|rule| latest.get(rule)).copied();
            let index = named.max().max(otherwise);
            if index == otherwise {
                continue;
            }
            let word = words.entry(index).or_insert_with(|| self.maps.word(name, outcome(index)));
            let kind = kind_name(kind);
            longest = longest.max(kind.len());
            entries.push(format!("{} {word}", key(&kind)));
        }
        self.maps.note_keys(self.kinds.len(), longest);
        let comment = format!("{}, by page.{}", self.name, self.note(last));
        self.maps.map(&comment, "$cspc_pages", name, &entries);
    }

    /// One flag for each step, the last of the plan first; the first one that is 1 decides.
    fn by_flags(&mut self, name: &str, steps: &[Step<'a>], last: &Outcome<'a>) {
        let mut source = String::new();
        let mut entries = Vec::new();
        let mut default = last;
        let by_type = |s: &Step<'_>| self.site.place(s.scope).is_some_and(|p| !p.types.is_empty());
        if steps.iter().any(by_type) {
            let _ = write!(source, "${{{}}}", self.maps.not_modified());
            entries.push("\"~^1\" \"\"".to_owned());
        }
        for step in steps.iter().rev() {
            if step.scope.is_always() {
                default = &step.outcome;
                break;
            }
            let dots = ".".repeat(entries.len());
            let flag = self.maps.flag(self.site.place(step.scope), step.scope);
            let _ = write!(source, "${{{flag}}}");
            let word = self.maps.word(name, &step.outcome);
            entries.push(format!("\"~^{dots}1\" {word}"));
        }
        entries.insert(0, format!("default {}", self.maps.word(name, default)));
        let comment =
            format!("{}: the last rule that holds decides.{}", self.name, self.note(last));
        self.maps.map(&comment, &format!("\"{source}\""), name, &entries);
    }
}
