use super::{escaped, place, summary};
use crate::diagnostic::Finding;

/// A table in GitHub's Markdown, such as for a comment of a pull request.
pub fn markdown(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "Nothing found.\n".to_owned();
    }
    let counts = summary(findings);
    let rows: String = findings.iter().map(row).collect();
    format!(
        "**{} high, {} medium, {} low, {} info**\n\n| severity | rule | where | what | what to do |\n|---|---|---|---|---|\n{rows}",
        counts.high, counts.medium, counts.low, counts.info
    )
}

fn row(finding: &Finding) -> String {
    let (path, line, column) = place(finding);
    format!(
        "| {} | {} | {} | {} | {} |\n",
        finding.severity.as_str(),
        escaped(&finding.rule),
        escaped(&format!("{path}:{line}:{column}")),
        escaped(&finding.message),
        escaped(&finding.help)
    )
}
