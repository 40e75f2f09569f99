use serde::Serialize;
use serde_json::{Value, json};

use super::{place, sentence, with_fingerprints, word};
use crate::diagnostic::Finding;
use crate::lint::{self, Rule};

/// A log of SARIF 2.1.0 with one run, and the rules that found something.
pub fn sarif(findings: &[Finding]) -> String {
    let of_rule = |rule: &&&Rule| findings.iter().any(|finding| finding.rule == rule.id);
    let rules: Vec<Value> =
        lint::rules().iter().filter(of_rule).map(|rule| descriptor(rule)).collect();
    let results: Vec<Value> =
        with_fingerprints(findings).map(|(finding, print)| result(finding, print)).collect();
    let driver = json!({
        "name": "cspc",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    });
    pretty(&log)
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": rule.fix},
        "helpUri": rule.references.first(),
        "defaultConfiguration": {"level": word(rule.severity, LEVELS)},
        "properties": {"precision": rule.confidence.as_str(), "security-severity": word(rule.severity, SCORES)},
    })
}

/// SARIF's levels.
const LEVELS: [&str; 4] = ["error", "warning", "note", "note"];
/// What code scanning sorts by: the middle of each range of CVSS.
const SCORES: [&str; 4] = ["8.0", "5.5", "2.0", "0.0"];

fn result(finding: &Finding, fingerprint: String) -> Value {
    let (path, line, column) = place(finding);
    let region = json!({"startLine": line, "startColumn": column});
    json!({
        "ruleId": finding.rule,
        "level": word(finding.severity, LEVELS),
        "message": {"text": sentence(finding)},
        "partialFingerprints": {"cspc/v1": fingerprint},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}, "region": region}}],
    })
}

/// A relative reference (RFC 3986): what cannot stand in one is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn pretty(log: &impl Serialize) -> String {
    // Strings and numbers can always be written.
    serde_json::to_string_pretty(log).unwrap_or_default() + "\n"
}
