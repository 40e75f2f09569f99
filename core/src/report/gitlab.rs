use serde::Serialize;

use super::{place, sentence, with_fingerprints, word};
use crate::diagnostic::Finding;

#[derive(Serialize)]
struct Issue<'f> {
    description: String,
    check_name: &'f str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'f>,
}

#[derive(Serialize)]
struct Location<'f> {
    path: &'f str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// A GitLab code quality report.
pub fn gitlab(findings: &[Finding]) -> String {
    let issues: Vec<Issue<'_>> = with_fingerprints(findings)
        .map(|(finding, fingerprint)| {
            let (path, begin, _) = place(finding);
            Issue {
                description: sentence(finding),
                check_name: &finding.rule,
                fingerprint,
                severity: word(finding.severity, ["critical", "major", "minor", "info"]),
                location: Location { path, lines: Lines { begin } },
            }
        })
        .collect();
    // Strings and numbers can always be written.
    serde_json::to_string_pretty(&issues).unwrap_or_default() + "\n"
}
