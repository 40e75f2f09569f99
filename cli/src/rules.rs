//! Rules, by the names that users give.

use std::ffi::OsStr;
use std::str::FromStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};
use cspc_core::lint::{self, Rule};

use crate::exit::Failure;

/// One rule, or all whose ids begin alike: `csp/unsafe-inline`, `csp/`, `csp/missing-*`.
#[derive(Clone, Debug)]
pub(crate) struct Selector(String);

impl Selector {
    /// Whether the rule is one of them.
    pub(crate) fn selects(&self, rule: &Rule) -> bool {
        match self.0.strip_suffix('*') {
            Some(start) => rule.id.starts_with(start),
            None if self.0.ends_with('/') => rule.id.starts_with(&self.0),
            None => rule.id == self.0,
        }
    }
}

impl FromStr for Selector {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        let selector = Self(name.to_owned());
        let selects = lint::rules().iter().any(|rule| selector.selects(rule));
        selects.then_some(selector).ok_or_else(|| unknown(name))
    }
}

/// The rule of this id.
pub(crate) fn named(name: &str) -> Result<&'static Rule, Failure> {
    lint::rules().iter().find(|rule| rule.id == name).copied().ok_or_else(|| unknown(name))
}

/// The failure for a rule that there is not, with the one that may be meant.
fn unknown(name: &str) -> Failure {
    /// How alike names are of which one may be meant for the other.
    const ALIKE: f64 = 0.75;
    let group = if name.contains('/') { "" } else { "csp/" };
    let likeness = |rule: &Rule| strsim::normalized_levenshtein(rule.id, &format!("{group}{name}"));
    let nearest = lint::rules().iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let hint = nearest.filter(|rule| likeness(rule) >= ALIKE).map_or_else(
        || "`cspc rules` lists them".to_owned(),
        |rule| format!("did you mean `{}`? `cspc rules` lists them", rule.id),
    );
    Failure::new(format!("there is no rule `{name}`: {hint}"))
}

/// Reads rules' names, and lets the shell complete them.
#[derive(Clone)]
pub(crate) struct SelectorParser;

impl TypedValueParser for SelectorParser {
    type Value = Selector;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Selector, clap::Error> {
        let parser = StringValueParser::new().try_map(|name| name.parse::<Selector>());
        parser.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values =
            lint::rules().iter().map(|rule| PossibleValue::new(rule.id).help(rule.summary));
        Some(Box::new(values))
    }
}
