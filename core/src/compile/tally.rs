//! Causes of findings, each told once, with the first place and the number of places.

use std::collections::BTreeMap;

use crate::diagnostic::{Confidence, Finding, Location, Mistake, Severity};

/// A cause that is worth a word.
pub(super) struct Cause {
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) help: &'static str,
}

impl Cause {
    /// The finding at one place.
    pub(super) fn at(self, location: Location) -> Finding {
        Finding {
            rule: self.rule.into(),
            severity: self.severity,
            confidence: Confidence::High,
            header: Some("Content-Security-Policy".into()),
            directive: None,
            value: None,
            message: self.message,
            help: self.help.into(),
            fix: None,
            location: Some(location),
        }
    }
}

impl From<Mistake> for Cause {
    fn from(Mistake { rule, severity, message, help }: Mistake) -> Self {
        Self { rule, severity, message: message.to_owned(), help }
    }
}

/// Causes by rule and message.
#[derive(Default)]
pub(super) struct Tallies(BTreeMap<(&'static str, String), Tally>);

impl Tallies {
    pub(super) fn note(&mut self, cause: Cause, path: &str, line: usize, column: usize) {
        let key = (cause.rule, cause.message.clone());
        let first = || Tally { cause, first: Location::at(path, line, column), count: 0 };
        self.0.entry(key).or_insert_with(first).count += 1;
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.0.into_values().map(Tally::into_finding).collect()
    }
}

/// Occurrences of one cause.
struct Tally {
    cause: Cause,
    first: Location,
    count: usize,
}

impl Tally {
    fn into_finding(self) -> Finding {
        let mut found = self.cause.at(self.first);
        if self.count > 1 {
            found.message = format!("{} ({} places)", found.message, self.count);
        }
        found
    }
}
