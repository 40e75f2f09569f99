use super::{place, sentence, word};
use crate::diagnostic::Finding;

/// Annotations for GitHub Actions: a workflow command a finding.
pub fn github(findings: &[Finding]) -> String {
    findings.iter().map(annotation).collect()
}

fn annotation(finding: &Finding) -> String {
    let level = word(finding.severity, ["error", "warning", "notice", "notice"]);
    let place = match place(finding) {
        ("", ..) => String::new(),
        (path, line, column) => format!("file={},line={line},col={column},", property(path)),
    };
    let message = data(&sentence(finding));
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
