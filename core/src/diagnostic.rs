//! What every checker returns and every renderer takes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::text::{Offsets, Span};

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

impl Severity {
    /// Every severity, the gravest first.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::Info];

    /// Its name, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// How sure a finding is to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It depends on what the checker cannot see.
    Low,
    /// It rests on data that may be out of date, or on a guess at what was meant.
    Medium,
    /// It follows from the text and the specification.
    High,
}

impl Confidence {
    /// Its name, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
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

impl Location {
    /// A place whose bytes nobody keeps, such as that of an asset.
    pub fn at(path: &str, line: usize, column: usize) -> Self {
        Self { path: path.to_owned(), line, column, span: Span::default() }
    }
}

/// A change of the text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What to put there.
    pub replacement: String,
    /// What it replaces.
    pub span: Span,
    /// Whether it may be made unseen: it lets nothing more through, and blocks nothing that was meant to load.
    #[serde(default)]
    pub safe: bool,
}

impl Fix {
    /// The text with all edits made that do not touch an earlier one.
    ///
    /// ```
    /// use cspc_core::diagnostic::Fix;
    /// use cspc_core::text::Span;
    /// let fix = Fix { replacement: "'self'".to_owned(), span: Span::new(8, 12), safe: true };
    /// assert_eq!(Fix::apply("img-src self", [&fix]), "img-src 'self'");
    /// ```
    pub fn apply<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Self>) -> String {
        let mut fixes: Vec<&Self> = fixes.into_iter().collect();
        fixes.sort_by_key(|fix| fix.span);
        let mut mended = String::with_capacity(text.len());
        let mut done = 0;
        for fix in fixes {
            // Two insertions at one place are two answers to different questions, and need not fit together.
            let is_free =
                fix.span.start > done || done == 0 || fix.span.start == done && fix.span.end > done;
            if let (true, Some(before)) = (is_free, text.get(done..fix.span.start)) {
                mended.push_str(before);
                mended.push_str(&fix.replacement);
                done = fix.span.end;
            }
        }
        mended + text.get(done..).unwrap_or_default()
    }
}

/// What several checkers say of one mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub message: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// One thing that a checker has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id, such as `csp/unsafe-inline`.
    pub rule: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    #[serde(default = "Finding::sure")]
    pub confidence: Confidence,
    /// The response header in question.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub header: Option<Cow<'static, str>>,
    /// The directive in question, lower-cased.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub directive: Option<String>,
    /// The part of the directive's value in question, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it.
    pub help: Cow<'static, str>,
    /// The edit that does it, where a machine can.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fix: Option<Fix>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub location: Option<Location>,
}

impl Finding {
    /// The finding with other offsets.
    #[must_use]
    pub fn with_offsets(mut self, offsets: &Offsets<'_>) -> Self {
        let spans = self.location.as_mut().map(|location| &mut location.span);
        for span in spans.into_iter().chain(self.fix.as_mut().map(|fix| &mut fix.span)) {
            *span = offsets.span(*span);
        }
        self
    }

    /// What a finding is that says nothing of its confidence.
    const fn sure() -> Confidence {
        Confidence::High
    }
}
