//! Names that stand in no policy, for questions that only what is wide allows.

use crate::enforce::EnforcedPolicy;

/// What no policy mentions.
pub(super) struct Fresh {
    /// A word.
    pub(super) word: String,
    /// A host, which no wildcard covers but `*`.
    pub(super) host: String,
    /// A port.
    pub(super) port: u16,
}

impl Fresh {
    pub(super) fn new(sides: [&[EnforcedPolicy<'_>]; 2]) -> Self {
        let mut text = String::new();
        for policy in sides.into_iter().flatten() {
            text.push_str(&policy.policy.to_string());
            text.push(' ');
        }
        let text = text.to_ascii_lowercase();
        let unused = |candidate: &String| !text.contains(candidate.as_str());
        let numbered = (2..).map(|number| format!("any{number}"));
        let word = std::iter::once("anything".to_owned()).chain(numbered).find(unused);
        let word = word.unwrap_or_default();
        let mut top_level = ["example", "test", "invalid"].into_iter();
        let top_level = top_level.find(|name| unused(&format!("*.{name}"))).unwrap_or("localhost");
        let port = (8443..).find(|port: &u16| unused(&format!(":{port}"))).unwrap_or_default();
        Self { host: format!("{word}.{top_level}"), word, port }
    }

    /// A file of this kind.
    pub(super) fn file(&self, extension: &str) -> String {
        format!("{}.{extension}", self.word)
    }
}
