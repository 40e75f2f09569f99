//! Findings and differences in the forms that people and other programs take.

mod difference;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod question;
mod sarif;

use crate::diagnostic::{Finding, Location, Severity};

pub use difference::{difference_markdown, difference_text};
pub use github::github;
pub use gitlab::gitlab;
pub use json::{Summary, json, summary};
pub use junit::junit;
pub use markdown::markdown;
pub use sarif::sarif;

/// Path, line and column of a finding; those of a nameless text if it has none.
fn place(finding: &Finding) -> (&str, usize, usize) {
    let at = |location: &Location| (location.line, location.column);
    let (line, column) = finding.location.as_ref().map_or((1, 1), at);
    (finding.location.as_ref().map_or("", |location| location.path.as_str()), line, column)
}

/// What is wrong, and what to do, in one line.
fn sentence(finding: &Finding) -> String {
    format!("{}: {}", finding.message, finding.help)
}

/// Text in which nothing has a meaning in Markdown, on one line.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '\\' | '*' | '_' | '[' | ']' | '#' | '~' | '@' => {
                escaped.extend(['\\', character])
            }
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '`' => escaped.push('\''),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A number that stays the same while the finding does, wherever in the file it moves (FNV-1a, 64 bits). `nth` tells
/// equal findings of one file apart.
fn fingerprint(finding: &Finding, nth: usize) -> String {
    let (path, _, _) = place(finding);
    let parts = [
        path,
        finding.rule.as_ref(),
        finding.directive.as_deref().unwrap_or_default(),
        finding.value.as_deref().unwrap_or_default(),
        &nth.to_string(),
    ];
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// The findings with their fingerprints.
fn with_fingerprints(findings: &[Finding]) -> impl Iterator<Item = (&Finding, String)> {
    let mut seen = std::collections::BTreeMap::new();
    findings.iter().map(move |finding| {
        let nth = seen.entry(fingerprint(finding, 0)).and_modify(|nth| *nth += 1).or_insert(0);
        (finding, fingerprint(finding, *nth))
    })
}

/// Severity as a word of another vocabulary, from the gravest to the least.
const fn word(severity: Severity, words: [&'static str; 4]) -> &'static str {
    let [high, medium, low, info] = words;
    match severity {
        Severity::High => high,
        Severity::Medium => medium,
        Severity::Low => low,
        Severity::Info => info,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csp::Delivery;
    use crate::lint::{Response, check};

    fn findings() -> Vec<Finding> {
        let response = Response::of_policy("img-src 'a]]>|`<b>:,%\u{1}' 'x'", Delivery::Header);
        let judged = check(&response).findings_of(|rule| rule.id == "csp/invalid-source");
        let named = judged.into_iter().map(|judged| {
            let mut finding = judged.finding;
            finding.location.iter_mut().for_each(|at| at.path = "a,b:c.txt".to_owned());
            finding
        });
        named.collect()
    }

    #[test]
    fn each_form_quotes_what_a_policy_says() {
        let findings = findings();
        let github = github(&findings);
        assert!(
            github.starts_with(
                "::warning file=a%2Cb%3Ac.txt,line=1,col=9,title=csp/invalid-source::"
            )
        );
        let junit = junit(&findings);
        assert!(junit.contains("&lt;b>") && !junit.contains('\u{1}'), "{junit}");
        let markdown = markdown(&findings);
        assert!(markdown.contains("\\|") && !markdown.contains("<b>"), "{markdown}");
        for text in [gitlab(&findings), sarif(&findings), json(&findings)] {
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn fingerprints_tell_equal_findings_apart() {
        let twice: Vec<Finding> = findings().into_iter().chain(findings()).collect();
        let prints: std::collections::BTreeSet<String> =
            with_fingerprints(&twice).map(|(_, print)| print).collect();
        assert_eq!(prints.len(), twice.len());
    }
}
