use super::{place, sentence, word};
use crate::diagnostic::Finding;

/// A JUnit report: a failed test case a finding.
pub fn junit(findings: &[Finding]) -> String {
    let cases: String = findings.iter().map(case).collect();
    let count = findings.len();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"cspc\" tests=\"{count}\" failures=\"{count}\">\n{cases}</testsuite>\n</testsuites>\n"
    )
}

fn case(finding: &Finding) -> String {
    let (path, line, column) = place(finding);
    let name = format!("{path}:{line}:{column}");
    let kind = word(finding.severity, ["high", "medium", "low", "info"]);
    format!(
        "<testcase name=\"{}\" classname=\"{}\"><failure type=\"{kind}\" message=\"{}\"/></testcase>\n",
        escaped(&name),
        escaped(&finding.rule),
        escaped(&sentence(finding))
    )
}

/// An attribute's value. Characters that XML cannot hold at all become U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
    }
    escaped
}
