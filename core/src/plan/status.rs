//! Which statuses a rule covers.

use serde::{Deserialize, Serialize};

/// A condition on the response's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StatusMatch {
    /// A class of them.
    Class(StatusClass),
    /// One of these codes.
    Codes(Vec<u16>),
}

impl StatusMatch {
    /// Whether it covers this status.
    pub(super) fn covers(&self, status: u16) -> bool {
        match self {
            Self::Class(class) => (*class == StatusClass::Error) == (400..600).contains(&status),
            Self::Codes(codes) => codes.contains(&status),
        }
    }
}

/// Statuses of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusClass {
    /// 4xx and 5xx.
    Error,
    /// Everything else.
    Success,
}
