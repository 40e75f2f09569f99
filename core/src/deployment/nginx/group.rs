//! The locations of one block, found by path without looking at each.

use std::collections::BTreeMap;
use std::ops::Bound::{Included, Unbounded};

use super::model::{Kind, Location};

/// The locations that lie beside each other, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Group {
    exact: BTreeMap<String, usize>,
    prefixes: BTreeMap<String, usize>,
    /// The regular expressions, in their order.
    pub(super) regexes: Vec<usize>,
}

impl Group {
    pub(super) fn add(&mut self, number: usize, location: &Location) {
        match &location.kind {
            // nginx refuses the second of a kind.
            Kind::Exact(path) => drop(self.exact.entry(path.clone()).or_insert(number)),
            Kind::Prefix { path, .. } => drop(self.prefixes.entry(path.clone()).or_insert(number)),
            Kind::Regex(_) => self.regexes.push(number),
            Kind::Named(_) | Kind::If => {}
        }
    }

    pub(super) fn exact(&self, path: &str) -> Option<usize> {
        self.exact.get(path).copied()
    }

    /// The location by prefix whose path is just this.
    pub(super) fn prefix_of(&self, path: &str) -> Option<usize> {
        self.prefixes.get(path).copied()
    }

    /// The longest prefix of a path.
    pub(super) fn prefix(&self, path: &str) -> Option<usize> {
        let mut rest = path;
        loop {
            // What sorts at or before the path and is no prefix of it shares some beginning with it: the longest prefix is
            // no longer than that.
            let (found, number) =
                self.prefixes.range::<str, _>((Unbounded, Included(rest))).next_back()?;
            if path.starts_with(found.as_str()) {
                return Some(*number);
            }
            let shared = found.bytes().zip(rest.bytes()).take_while(|(a, b)| a == b).count();
            rest = (0..=shared).rev().find_map(|length| rest.get(..length)).unwrap_or_default();
        }
    }
}
