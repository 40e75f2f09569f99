//! Variables of a request's environment: `SetEnv`, `SetEnvIf` and their like.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::Expression;
use crate::configuration::Pattern;
use crate::deployment::directive::{Directive, Word};
use crate::deployment::value::Value;
use crate::plan::Scheme;

/// A line that sets variables.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) condition: Condition,
    /// Name and value; without a value it is unset.
    pub(super) sets: Vec<(String, Option<String>)>,
}

#[derive(Debug)]
pub(super) enum Condition {
    /// `SetEnv`: in every case, after all others.
    Always,
    /// `SetEnvIf`: what the request says of this matches.
    Attribute { name: String, pattern: Pattern },
    /// `SetEnvIfExpr`.
    Expression(Expression),
}

impl Step {
    pub(super) fn new(directive: &Directive) -> Option<Self> {
        let word = |index: usize| directive.arguments.get(index);
        let sets = |from: usize| {
            let words = directive.arguments.iter().skip(from);
            words.map(assignment).collect::<Vec<_>>()
        };
        let (condition, sets) = match directive.name.text.as_str() {
            "setenvif" => (attribute(word(0)?, word(1)?, false), sets(2)),
            "setenvifnocase" => (attribute(word(0)?, word(1)?, true), sets(2)),
            "browsermatch" => (of_browser(word(0)?, false), sets(1)),
            "browsermatchnocase" => (of_browser(word(0)?, true), sets(1)),
            "setenvifexpr" => (Condition::Expression(Expression::new(&word(0)?.text)), sets(1)),
            "setenv" => {
                let value = directive.argument(1).to_owned();
                (Condition::Always, vec![(word(0)?.text.clone(), Some(value))])
            }
            "unsetenv" => (Condition::Always, vec![(word(0)?.text.clone(), None)]),
            _ => return None,
        };
        Some(Self { condition, sets })
    }
}

fn attribute(name: &Word, pattern: &Word, ignores_case: bool) -> Condition {
    Condition::Attribute {
        name: name.text.clone(),
        pattern: Pattern::new(&pattern.text, ignores_case),
    }
}

fn of_browser(pattern: &Word, ignores_case: bool) -> Condition {
    let pattern = Pattern::new(&pattern.text, ignores_case);
    Condition::Attribute { name: "User-Agent".to_owned(), pattern }
}

/// `NAME`, `NAME=value` or `!NAME`.
fn assignment(word: &Word) -> (String, Option<String>) {
    match (word.text.strip_prefix('!'), word.text.split_once('=')) {
        (Some(name), _) => (name.to_owned(), None),
        (None, Some((name, value))) => (name.to_owned(), Some(value.to_owned())),
        (None, None) => (word.text.clone(), Some("1".to_owned())),
    }
}

/// A value with what an expression took in: `$1`; a backslash stands before what is itself (`ap_pregsub`).
pub(super) fn substituted(template: &str, groups: &[Option<String>]) -> String {
    let mut text = String::new();
    let mut rest = template.chars().peekable();
    while let Some(c) = rest.next() {
        let digit = rest.peek().filter(|_| c == '$').and_then(|next| next.to_digit(10));
        if let Some(number) = digit.and_then(|digit| usize::try_from(digit).ok()) {
            rest.next();
            text.push_str(groups.get(number).and_then(Option::as_deref).unwrap_or_default());
        } else if c == '\\' {
            text.push(rest.next().unwrap_or(c));
        } else {
            text.push(c);
        }
    }
    text
}

/// The variables of a request.
#[derive(Debug, Default)]
pub(super) struct Environment {
    values: BTreeMap<String, Value>,
    /// Those of which nobody knows whether they are set.
    open: BTreeSet<String>,
}

impl Environment {
    /// What mod_ssl sets.
    pub(super) fn new(scheme: Scheme) -> Self {
        let mut environment = Self::default();
        if scheme == Scheme::Https {
            environment.set("HTTPS", Value::known("on"));
        }
        environment
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Whether a variable is set; `None` if that cannot be known.
    pub(super) fn is_set(&self, name: &str) -> Option<bool> {
        let is_servers = name.starts_with("SSL_") || name == "UNIQUE_ID";
        let is_open = self.open.contains(name) || (is_servers && !self.values.contains_key(name));
        (!is_open).then(|| self.values.contains_key(name))
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.open.remove(name);
        self.values.insert(name.to_owned(), value);
    }

    /// What a line does, with what its expression took in.
    pub(super) fn step(&mut self, step: &Step, holds: Option<bool>, groups: &[Option<String>]) {
        if holds == Some(false) {
            return;
        }
        for (name, value) in &step.sets {
            match (value, holds) {
                (Some(value), Some(_)) => self.set(name, Value::known(substituted(value, groups))),
                (None, Some(_)) => {
                    self.open.remove(name);
                    self.values.remove(name);
                }
                (value, None) => {
                    let value = value.as_deref().map(|value| step.unknown(name, value));
                    self.values.extend(value.map(|value| (name.clone(), value)));
                    self.open.insert(name.clone());
                }
            }
        }
    }

    /// Within the server, a request is sent on with the variables of the one before under other names.
    pub(super) fn redirect(&mut self) {
        let renamed = |name: &String| format!("REDIRECT_{name}");
        let values = self.values.iter().map(|(name, value)| (renamed(name), value.clone()));
        let open = self.open.iter().map(renamed).collect();
        let https = self.values.get("HTTPS").cloned();
        *self = Self { values: values.collect(), open };
        self.values.extend(https.map(|value| ("HTTPS".to_owned(), value)));
    }
}

impl Step {
    /// A value with something in it that the client sends, if it is that.
    fn unknown(&self, name: &str, value: &str) -> Value {
        let Condition::Attribute { name: attribute, pattern } = &self.condition else {
            return Value::known(value);
        };
        if !value.contains('$') {
            return Value::known(value);
        }
        // One that takes whatever comes is no choice of the owner's.
        let takes_all = pattern.is_match("https://attacker.example") == Some(true);
        let unknown = if takes_all { format!("header.{attribute}") } else { name.to_owned() };
        Value { text: format!("%{{{name}}}e"), unknown: vec![unknown] }
    }
}
