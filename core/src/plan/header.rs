//! What a rule does with a header.

use serde::{Deserialize, Serialize};

use crate::header::{HeaderName, HeaderValue};

/// One header of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name.
    pub name: HeaderName,
    /// Its value; empty for [`Op::Remove`].
    #[serde(default = "HeaderValue::empty", skip_serializing_if = "HeaderValue::is_empty")]
    pub value: HeaderValue,
    /// What to do with it.
    #[serde(default, skip_serializing_if = "Op::is_set")]
    pub op: Op,
    /// Only over this scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
}

impl Header {
    /// The header set to exactly one line with this value.
    pub const fn set(name: HeaderName, value: HeaderValue) -> Self {
        Self { name, value, op: Op::Set, scheme: None }
    }
}

/// What a rule does with a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Exactly one line with this value, whatever the application sent.
    #[default]
    Set,
    /// Only if the application sent none.
    Default,
    /// One more line.
    Add,
    /// No line at all.
    Remove,
}

impl Op {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
    fn is_set(&self) -> bool {
        *self == Self::Set
    }
}

/// The scheme by which the client asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}
