//! What all readers of header values have in common.

use std::fmt;

use super::HeaderValue;
use crate::text::Span;

/// A response header whose value has a meaning.
///
/// Reading never fails: what is wrong with the text is an [`Issue`] with its place, and what a browser would make of the
/// rest is the value.
pub trait Header<'a>: fmt::Display + Sized {
    /// The header's name.
    const NAME: &'static str;

    /// Reads the value of one header line.
    fn parse(value: &'a str) -> Parsed<Self>;

    /// The value as it is sent.
    fn to_value(&self) -> HeaderValue {
        // Readers take no control characters, and writers quote: there is nothing to lose here.
        HeaderValue::new(self.to_string()).unwrap_or(HeaderValue::empty())
    }
}

/// A header's value, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed<T> {
    /// What it says; `None` if browsers take no notice of it.
    pub value: Option<T>,
    /// What is wrong with its text, in the order of the text.
    pub issues: Vec<Issue>,
}

impl<T> Parsed<T> {
    /// A value that browsers take no notice of, for this reason.
    pub(super) fn nothing(problem: Problem, span: Span) -> Self {
        Self { value: None, issues: vec![Issue { problem, span }] }
    }

    /// The same with the value made into another one.
    pub(super) fn map<U>(self, into: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed { value: self.value.map(into), issues: self.issues }
    }
}

/// Something wrong with the text of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What.
    pub problem: Problem,
    /// Where in the value.
    pub span: Span,
}

/// What can be wrong with the text of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no value.
    Empty,
    /// The text does not follow the header's grammar.
    Syntax,
    /// No directive, feature or keyword has this name.
    UnknownName,
    /// An earlier one has the same name.
    DuplicateName,
    /// The value is none of those that there are.
    InvalidValue,
    /// A value is needed.
    MissingValue,
    /// There is a value where none is taken.
    UnexpectedValue,
    /// The header says nothing without this.
    Missing(&'static str),
}

/// The parts of a text between separators, without the white space around them, and with their places.
pub(super) fn parts(text: &str, separator: char) -> impl Iterator<Item = (Span, &str)> {
    let mut start = 0;
    text.split(separator).map(move |part| {
        let at = start;
        start += part.len() + separator.len_utf8();
        trimmed(part, at)
    })
}

/// A text that begins at `offset`, without the white space at its ends.
pub(super) fn trimmed(text: &str, offset: usize) -> (Span, &str) {
    let without = text.trim_ascii_start();
    let start = offset + text.len() - without.len();
    let without = without.trim_ascii_end();
    (Span::new(start, start + without.len()), without)
}

/// The enumeration of a header's keywords, from one row a keyword.
macro_rules! keywords {
    ($(#[$attribute:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(super) use keywords;
