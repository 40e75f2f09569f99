//! Policies in JSON.

use serde::Deserialize;

use crate::csp::{Delivery, Policy, parse_list};
use crate::enforce::EnforcedPolicy;

/// The value of a header or of a `<meta>`, which may be a list of policies: `{"value":"script-src 'self'"}`, or the text
/// alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Written")]
pub struct PolicyText {
    /// The text.
    pub value: String,
    /// Whether it blocks or only reports.
    pub disposition: DispositionName,
    /// Whether it stands in a `<meta>`, where some directives do not count.
    pub meta: bool,
}

/// A policy as it may be written.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a policy, or an object with the key `value`")]
enum Written {
    Text(String),
    Object {
        value: String,
        #[serde(default)]
        disposition: DispositionName,
        #[serde(default)]
        meta: bool,
    },
}

impl From<Written> for PolicyText {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(value) => Self::delivered(value, Delivery::Header),
            Written::Object { value, disposition, meta } => Self { value, disposition, meta },
        }
    }
}

/// Texts, read: each policy with the index of its text.
pub(super) struct Parsed<'a>(Vec<(usize, Delivery, Policy<'a>)>);

impl<'a> Parsed<'a> {
    pub(super) fn of(texts: &'a [PolicyText]) -> Self {
        let policies = texts.iter().enumerate().flat_map(|(index, text)| {
            let delivery = text.delivery();
            let policies = parse_list(&text.value, delivery);
            policies.into_iter().map(move |policy| (index, delivery, policy))
        });
        Self(policies.collect())
    }

    pub(super) fn enforced(&self) -> Vec<EnforcedPolicy<'_>> {
        let policies = self.0.iter();
        policies.map(|(_, delivery, policy)| EnforcedPolicy::new(policy, *delivery)).collect()
    }

    /// The index of the text that a policy stands in.
    pub(super) fn text_of(&self, policy: usize) -> usize {
        self.0.get(policy).map_or(policy, |(index, ..)| *index)
    }
}

impl PolicyText {
    /// A value that came this way.
    pub fn delivered(value: impl Into<String>, delivery: Delivery) -> Self {
        let disposition = match delivery {
            Delivery::ReportOnly => DispositionName::Report,
            Delivery::Header | Delivery::Meta => DispositionName::Enforce,
        };
        Self { value: value.into(), disposition, meta: delivery == Delivery::Meta }
    }

    fn delivery(&self) -> Delivery {
        match self.disposition {
            DispositionName::Report => Delivery::ReportOnly,
            DispositionName::Enforce if self.meta => Delivery::Meta,
            DispositionName::Enforce => Delivery::Header,
        }
    }
}

/// A disposition's name.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DispositionName {
    /// Violations are blocked.
    #[default]
    Enforce,
    /// Violations are only reported.
    Report,
}
