//! What is wrong with a site file, where, and what may have been meant.

use std::ops::Range;

use crate::text::{Position, Positions, in_words};

/// How alike a key has to be to the one that may be meant.
const ALIKE: f64 = 0.6;

/// The keys that a table cannot do without, each as it may be written.
const NEEDED: [(&str, &str); 4] = [
    ("endpoint", r#"endpoint = "/reports""#),
    ("origin", r#"origin = "https://app.example""#),
    ("reason", r#"reason = "there are no forms""#),
    ("rule", r#"rule = "csp/missing-form-action""#),
];

/// A mistake in the site file, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct SiteError {
    path: String,
    line: usize,
    column: usize,
    message: String,
}

impl SiteError {
    pub(super) fn new(path: &str, text: &str, offset: usize, message: String) -> Self {
        let Position { line, column } = Positions::new(text.as_bytes()).at(offset);
        Self { path: path.to_owned(), line, column, message }
    }

    /// What the reader of TOML has to say.
    pub(super) fn toml(path: &str, text: &str, found: &toml::de::Error) -> Self {
        let Range { start, .. } = found.span().unwrap_or_default();
        Self::new(path, text, start, with_hint(&in_words(found.message())))
    }
}

/// The message about an unknown key or word, with the nearest of those that are expected, or about a key that is not
/// there, with an example of it.
fn with_hint(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let hint = quoted.next().and_then(|named| {
        if message.starts_with("unknown ") {
            return nearest(named, quoted).map(|name| format!("did you mean `{name}`?"));
        }
        let is_missing = message.starts_with("missing field ");
        let (_, example) = NEEDED.iter().find(|(name, _)| is_missing && *name == named)?;
        Some(format!("write one such as `{example}`"))
    });
    hint.map_or_else(|| message.to_owned(), |hint| format!("{message}: {hint}"))
}

/// The name that is the most like what was written, if it is much like it.
pub(super) fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let rated = names.map(|name| (strsim::normalized_levenshtein(written, name), name));
    let best = rated.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(likeness, _)| *likeness >= ALIKE).map(|(_, name)| name)
}
