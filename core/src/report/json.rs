use serde::Serialize;

use crate::diagnostic::{Finding, Severity};

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Of the gravest.
    pub high: usize,
    /// Of the next.
    pub medium: usize,
    /// Of the next.
    pub low: usize,
    /// Of the least.
    pub info: usize,
}

#[derive(Serialize)]
struct Report<'f> {
    schema: &'static str,
    findings: &'f [Finding],
    summary: Summary,
}

/// Counts findings by severity.
pub fn summary(findings: &[Finding]) -> Summary {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    Summary {
        high: count(Severity::High),
        medium: count(Severity::Medium),
        low: count(Severity::Low),
        info: count(Severity::Info),
    }
}

/// The format `cspc.findings/1`.
pub fn json(findings: &[Finding]) -> String {
    let report = Report { schema: "cspc.findings/1", findings, summary: summary(findings) };
    // Strings and numbers can always be written.
    serde_json::to_string(&report).unwrap_or_default() + "\n"
}
