//! `Origin-Agent-Cluster` (HTML, section 7.1.2).

use std::fmt;

use super::field::{Header, Parsed, Problem, trimmed};
use super::structured;

/// Whether a page asks for a process that no other origin shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginAgentCluster(pub bool);

impl Header<'_> for OriginAgentCluster {
    const NAME: &'static str = "Origin-Agent-Cluster";

    /// ```
    /// use cspc_core::header::{Header, OriginAgentCluster};
    /// assert_eq!(OriginAgentCluster::parse("?1").value, Some(OriginAgentCluster(true)));
    /// assert!(OriginAgentCluster::parse("true").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (span, text) = trimmed(value, 0);
        match structured::boolean(text) {
            Some(asks) => Parsed { value: Some(Self(asks)), issues: Vec::new() },
            None => Parsed::nothing(Problem::InvalidValue, span),
        }
    }
}

impl fmt::Display for OriginAgentCluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 { "?1" } else { "?0" })
    }
}
