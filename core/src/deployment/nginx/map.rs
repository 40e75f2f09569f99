//! `map` and its like: variables by other variables.

use std::collections::BTreeMap;

use crate::configuration::Pattern;
use crate::deployment::directive::{Directive, Word};

/// How a variable gets its value.
#[derive(Debug)]
pub(super) enum Variable {
    Map(Map),
    /// The same for every client.
    Constant(Word),
    /// By what cannot be known, such as the client's address.
    Unknown,
}

/// A `map`.
#[derive(Debug, Default)]
pub(super) struct Map {
    pub(super) source: Word,
    pub(super) default: Option<Word>,
    /// By the lower-cased key.
    pub(super) exact: BTreeMap<String, Word>,
    pub(super) patterns: Vec<(Pattern, Word)>,
    /// Whether keys are names of hosts with wildcards.
    pub(super) has_wildcards: bool,
}

impl Variable {
    pub(super) fn of(directive: &Directive) -> Option<(String, Self)> {
        let name = |index: usize| directive.argument(index).strip_prefix('$').map(str::to_owned);
        Some(match directive.name.text.as_str() {
            "map" => (name(1)?, Self::Map(Map::of(directive))),
            "geo" => {
                let last = directive.arguments.len().checked_sub(1)?;
                (name(last)?, Self::of_geo(directive))
            }
            "split_clients" => (name(1)?, Self::Unknown),
            _ => return None,
        })
    }

    /// A `geo` that has but a default is nginx's way to write a constant.
    fn of_geo(directive: &Directive) -> Self {
        match directive.children() {
            [only] if only.is("default") => {
                only.arguments.first().cloned().map_or(Self::Unknown, Self::Constant)
            }
            _ => Self::Unknown,
        }
    }
}

impl Map {
    /// What it gives for a text that it names, without regular expressions.
    pub(super) fn plain(&self, source: &str) -> Option<&Word> {
        let key = source.to_ascii_lowercase();
        let found = self.exact.get(&key);
        if self.has_wildcards { found.or_else(|| self.host(&key)) } else { found }
    }

    /// A host by its longest wildcard (`ngx_hash_find_combined`): `.a.example` and `*.a.example` before `a.*`.
    fn host(&self, host: &str) -> Option<&Word> {
        let parts = || host.match_indices('.').filter_map(|(at, _)| host.split_at_checked(at));
        let below = |rest: &str| {
            let names = [format!("*{rest}"), rest.to_owned()];
            names.iter().find_map(|name| self.exact.get(name))
        };
        let own = self.exact.get(&format!(".{host}"));
        own.or_else(|| parts().find_map(|(_, rest)| below(rest)))
            .or_else(|| parts().rev().find_map(|(head, _)| self.exact.get(&format!("{head}.*"))))
    }

    fn of(directive: &Directive) -> Self {
        let source = directive.arguments.first().cloned().unwrap_or_default();
        let mut map = Self { source, ..Self::default() };
        for entry in directive.children() {
            let value = entry.arguments.first().cloned().unwrap_or_default();
            let key = entry.name.text.as_str();
            match key {
                "default" => map.default = Some(value),
                "hostnames" => map.has_wildcards = true,
                "volatile" | "include" => {}
                _ => map.add(key, value),
            }
        }
        map
    }

    fn add(&mut self, key: &str, value: Word) {
        if let Some(pattern) = key.strip_prefix("~*") {
            self.patterns.push((Pattern::new(pattern, true), value));
        } else if let Some(pattern) = key.strip_prefix('~') {
            self.patterns.push((Pattern::new(pattern, false), value));
        } else {
            let key = key.strip_prefix('\\').unwrap_or(key);
            self.exact.insert(key.to_ascii_lowercase(), value);
        }
    }
}
