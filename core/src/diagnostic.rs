//! What every checker returns and every renderer takes.

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing has to change.
    Info,
    /// A weakness that needs more than this to be used.
    Low,
    /// A weakness, or a mistake that makes the policy say something else than was meant.
    Medium,
    /// The protection is gone.
    High,
}

/// Where a finding stands: a span of bytes in a named text, and the line and column of its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The file, or a name such as `--policy` or `-`.
    pub path: String,
    /// Line of the first byte, from 1.
    pub line: usize,
    /// Column of the first byte, from 1, in Unicode scalar values.
    pub column: usize,
    /// The bytes in question.
    pub span: Span,
}

/// A change of the text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What to put there.
    pub replacement: String,
    /// What it replaces.
    pub span: Span,
}

/// One thing that a checker has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id, such as `csp/unsafe-inline`.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The response header in question.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub header: Option<String>,
    /// The directive in question, lower-cased.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub directive: Option<String>,
    /// The part of the directive's value in question, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The edit that does it, where a machine can.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fix: Option<Fix>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub location: Option<Location>,
}
