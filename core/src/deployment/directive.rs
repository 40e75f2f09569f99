//! What configurations of servers are made of: words, and directives with or without a block.

use crate::text::Span;

/// A word, with its escapes undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// What it says. Variables are not replaced.
    pub(super) text: String,
    /// Where it stands, quotes included.
    pub(super) span: Span,
    /// Where what it says begins, if it stands there just so.
    pub(super) offset: Option<usize>,
}

/// A directive, such as `add_header X-A "1" always;` or `location / { … }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) name: Word,
    pub(super) arguments: Vec<Word>,
    /// What stands between its braces.
    pub(super) block: Option<Vec<Self>>,
}

impl Directive {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.text == name
    }

    /// The text of an argument; empty if it is not there.
    pub(super) fn argument(&self, index: usize) -> &str {
        self.arguments.get(index).map_or("", |word| &word.text)
    }

    /// From its name to its last word.
    pub(super) fn span(&self) -> Span {
        let last = self.arguments.last().unwrap_or(&self.name);
        Span::new(self.name.span.start, last.span.end)
    }

    /// What stands between its braces; nothing if it has none.
    pub(super) fn children(&self) -> &[Self] {
        self.block.as_deref().unwrap_or_default()
    }
}
