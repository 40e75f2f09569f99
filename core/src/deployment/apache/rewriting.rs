//! What `Redirect` and `RewriteRule` do with a request.

use super::expression::{Expression, Facts, Term};
use super::request::Request;
use super::rewrite::{self, Outcome, Rewrite, Rule, Source};
use super::section::Section;
use super::settings::{Application, Settings};
use crate::configuration::{Note, Table};

impl<'m> Request<'m> {
    /// `Redirect` lines of one place.
    pub(super) fn redirected(&self, settings: &Settings) -> Option<u16> {
        let path = &self.path;
        let covers = |source: &Source| match source {
            Source::Path(from) => path.strip_prefix(from.as_str()).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('/') || from.ends_with('/')
            }),
            Source::Pattern(pattern) => pattern.is_match(path) == Some(true),
            Source::Everything => true,
        };
        let found = settings.redirects.iter().find(|redirect| covers(&redirect.source));
        found.map(|redirect| redirect.status)
    }

    /// The rules of one place; gives the status if one of them answers.
    pub(super) fn rewritten(
        &mut self,
        rewrite: &'m Rewrite,
        path: &str,
        folder: Option<&Section>,
    ) -> Option<u16> {
        if !rewrite.is_on {
            return None;
        }
        let mut path = path.to_owned();
        let mut rules = rewrite.rules.iter();
        while let Some(rule) = rules.next() {
            let holds = self.rule(rule, &path);
            if holds != Some(true) {
                rule.skip_chain(&mut rules);
            }
            match holds {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    let text =
                        format!("`RewriteRule {}` may answer otherwise", rule.pattern.as_str());
                    self.tables.notes.push(Note { text, at: rule.at });
                    continue;
                }
            }
            for (name, value) in rule.sets() {
                let value = Term::new(value).value(self);
                self.environment.set(name, value);
            }
            match rule.outcome() {
                Outcome::Status(status) => return Some(status),
                Outcome::Application => {
                    self.application = Some(Application { table: Table::OnSuccess, at: rule.at });
                    return None;
                }
                Outcome::Path if rule.to == "-" => {}
                Outcome::Path => path = self.moved(rule, folder),
            }
            if rule.is_last() {
                break;
            }
            if let Some(last) = rule.skips().checked_sub(1) {
                rules.nth(last);
            }
        }
        None
    }

    /// The path after a rule.
    fn moved(&mut self, rule: &Rule, folder: Option<&Section>) -> String {
        let target = Term::new(&rule.to).value(self).text;
        let target = target.split('?').next().unwrap_or_default().to_owned();
        let root = self.model.root(self.host).unwrap_or_default();
        if folder.is_some() || rule.has("PT", "passthrough") {
            let relative = !target.starts_with('/');
            let base =
                self.path.strip_suffix(&self.within_or_path(folder)).unwrap_or("/").to_owned();
            self.path = if relative { format!("{base}{target}") } else { target.clone() };
            if self.found == 404 {
                self.found = 200;
            }
        } else {
            self.file = Some(format!("{root}{target}"));
        }
        target
    }

    fn within_or_path(&self, folder: Option<&Section>) -> String {
        folder.map_or_else(|| self.path.clone(), |folder| self.within(folder))
    }

    /// Whether a rule is for a path; `None` if that cannot be known.
    fn rule(&mut self, rule: &Rule, path: &str) -> Option<bool> {
        let found = rule.pattern.captures(path)?;
        if found.is_some() == rule.is_negative {
            return Some(false);
        }
        self.captures = found;
        let mut is_open = false;
        let mut conditions = rule.conditions.iter();
        while let Some(condition) = conditions.next() {
            let mut holds = self.condition(condition);
            // Of conditions that are joined by `OR`, one is enough.
            let mut last = condition;
            while last.is_or {
                let Some(next) = conditions.next() else { break };
                holds = match (holds, self.condition(next)) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (left, right) => left.and(right),
                };
                last = next;
            }
            match holds {
                Some(true) => {}
                Some(false) => return Some(false),
                None => is_open = true,
            }
        }
        (!is_open).then_some(true)
    }

    fn condition(&mut self, condition: &rewrite::Condition) -> Option<bool> {
        let rewrite::Condition { text, pattern, is_negative, .. } = condition;
        let holds = if text == "expr" {
            Expression::new(pattern).holds(self)?
        } else {
            let value = Term::new(text).value(self);
            let has_groups =
                text.split('%').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            let known = value.as_known().filter(|_| !has_groups)?;
            match pattern.strip_prefix('-').and_then(|test| test.chars().next()) {
                Some(test) if pattern.len() == 2 => self.test(test, known)?,
                _ => condition.matches(known)?,
            }
        };
        Some(holds != *is_negative)
    }
}
