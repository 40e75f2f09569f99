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
pub fn summary<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Summary {
    let mut summary = Summary::default();
    for finding in findings {
        *match finding.severity {
            Severity::High => &mut summary.high,
            Severity::Medium => &mut summary.medium,
            Severity::Low => &mut summary.low,
            Severity::Info => &mut summary.info,
        } += 1;
    }
    summary
}

/// The format `cspc.findings/1`.
pub fn json(findings: &[Finding]) -> String {
    let report = Report { schema: "cspc.findings/1", findings, summary: summary(findings) };
    // Strings and numbers can always be written.
    serde_json::to_string(&report).unwrap_or_default() + "\n"
}
