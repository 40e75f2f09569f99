//! Findings that are known already, so that only new ones count.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cspc_core::diagnostic::Finding;
use serde::{Deserialize, Serialize};

use crate::exit::Failure;

/// The file's format.
const SCHEMA: &str = "cspc.baseline/1";

/// Known findings, by what they are and not by where in the file they stand.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    schema: String,
    findings: Vec<Known>,
}

/// A known finding, and how often it is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    path: String,
    rule: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    directive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    value: Option<String>,
    #[serde(default = "Known::once")]
    count: usize,
}

impl Known {
    const fn once() -> usize {
        1
    }

    fn of(finding: &Finding) -> Self {
        let path = finding.location.as_ref().map(|location| location.path.clone());
        Self {
            path: path.unwrap_or_default(),
            rule: finding.rule.to_string(),
            directive: finding.directive.clone(),
            value: finding.value.clone(),
            count: 1,
        }
    }

    fn is(&self, other: &Self) -> bool {
        (&self.path, &self.rule, &self.directive, &self.value)
            == (&other.path, &other.rule, &other.directive, &other.value)
    }
}

impl Baseline {
    /// The baseline of these.
    pub(crate) fn of(findings: &[&Finding]) -> Self {
        let mut counts: BTreeMap<Known, usize> = BTreeMap::new();
        for finding in findings {
            *counts.entry(Known::of(finding)).or_default() += 1;
        }
        let known = counts.into_iter().map(|(known, count)| Known { count, ..known });
        Self { schema: SCHEMA.to_owned(), findings: known.collect() }
    }

    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
        let baseline: Self =
            serde_json::from_str(&text).map_err(|error| Failure::json(&name, &error))?;
        match baseline.schema == SCHEMA {
            true => Ok(baseline),
            false => Err(Failure::new(format!(
                "`{name}` is of the schema `{}`: expected `{SCHEMA}`",
                baseline.schema
            ))),
        }
    }

    /// Whether the finding is known; each time one is asked for, it counts one less.
    pub(crate) fn take(&mut self, finding: &Finding) -> bool {
        let asked = Known::of(finding);
        let found = self.findings.iter_mut().find(|known| known.is(&asked) && known.count > 0);
        found.map(|known| known.count -= 1).is_some()
    }

    /// Says which known findings are not there any more.
    pub(crate) fn warn_of_rest(&self) {
        let rest: usize = self.findings.iter().map(|known| known.count).sum();
        if rest > 0 {
            crate::exit::say!(
                "{rest} findings of the baseline are not there any more: write it anew with --write-baseline"
            );
        }
    }

    /// The file's text.
    pub(crate) fn to_json(&self) -> String {
        // Strings and numbers can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}
