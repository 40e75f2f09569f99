//! Rules in JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::{Confidence, Severity};
use crate::lint::{self, Rule};

/// A rule as `cspc rules --format json` tells of it.
#[derive(Clone, Debug, Serialize)]
pub struct RuleEntry {
    rule: &'static str,
    severity: Severity,
    confidence: Confidence,
    summary: &'static str,
    rationale: &'static str,
    example: &'static str,
    good: &'static str,
    fix: &'static str,
    references: &'static [&'static str],
    equivalents: BTreeMap<&'static str, &'static [&'static str]>,
}

impl RuleEntry {
    /// All rules.
    pub fn all() -> Vec<Self> {
        lint::rules().iter().map(|rule| Self::from(*rule)).collect()
    }
}

impl From<&Rule> for RuleEntry {
    fn from(rule: &Rule) -> Self {
        Self {
            rule: rule.id,
            severity: rule.severity,
            confidence: rule.confidence,
            summary: rule.summary,
            rationale: rule.rationale,
            example: rule.example.text(),
            good: rule.good.text(),
            fix: rule.fix,
            references: rule.references,
            equivalents: rule.equivalents.iter().copied().collect(),
        }
    }
}
