//! Texts with variables in them, as far as they can be known.

/// A text in which variables are replaced. Those that cannot be known stand there as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) unknown: Vec<String>,
}

impl Value {
    pub(super) fn known(text: impl Into<String>) -> Self {
        Self { text: text.into(), unknown: Vec::new() }
    }

    pub(super) fn of_unknown(name: &str) -> Self {
        Self { text: format!("${name}"), unknown: vec![name.to_owned()] }
    }

    /// The text, if all of it is known.
    pub(super) fn as_known(&self) -> Option<&str> {
        self.unknown.is_empty().then_some(self.text.as_str())
    }
}
