//! Annotations for GitHub Actions.

use cspc_core::diagnostic::{Finding, Severity};

/// A workflow command a finding.
pub(crate) fn findings(findings: &[Finding]) -> String {
    findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    };
    let place = finding.location.as_ref().map_or_else(String::new, |at| {
        format!("file={},line={},col={},", property(&at.path), at.line, at.column)
    });
    let message = data(&format!("{}: {}", finding.message, finding.help));
    format!("::{level} {place}title={}::{message}\n", property(&finding.rule))
}

/// What would end the command's data is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property ends at a comma or colon as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
