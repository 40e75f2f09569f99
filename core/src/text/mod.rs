//! Places in a text: byte spans, and the lines and columns that people read.

mod expected;
mod sketch;

use serde::{Deserialize, Serialize};

pub use expected::in_words;
pub(crate) use sketch::Sketch;

/// A half-open range of byte offsets. Serialized as `[start, end]`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset of the byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, but without, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The same span in a text in which this one's text begins at `offset`.
    #[must_use]
    pub const fn shifted(self, offset: usize) -> Self {
        Self::new(self.start + offset, self.end + offset)
    }
}

impl From<(usize, usize)> for Span {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start, end }
    }
}

impl From<Span> for (usize, usize) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

/// A place as people count: both from 1, the column in Unicode scalar values.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Position {
    /// Line number, from 1. A line ends at LF, CRLF or a lone CR.
    pub line: usize,
    /// Column number, from 1, in Unicode scalar values.
    pub column: usize,
}

/// Finds the [`Position`] of ever larger byte offsets in one pass over the text.
///
/// Questions must be asked in ascending order; an offset before the last one asked answers with the last position.
///
/// ```
/// use cspc_core::text::Positions;
/// let mut positions = Positions::new("ab\nçd".as_bytes());
/// assert_eq!(positions.at(1).column, 2);
/// assert_eq!((positions.at(5).line, positions.at(5).column), (2, 2));
/// ```
#[derive(Clone, Debug)]
pub struct Positions<'a> {
    text: &'a [u8],
    line: usize,
    /// Scalar values from the start of the line to `scanned`.
    characters: usize,
    scanned: usize,
}

impl<'a> Positions<'a> {
    /// Starts at the first byte of `text`, which should be UTF-8 for columns to be right.
    pub const fn new(text: &'a [u8]) -> Self {
        Self { text, line: 1, characters: 0, scanned: 0 }
    }

    /// The position of the byte at `offset`.
    pub fn at(&mut self, offset: usize) -> Position {
        let end = offset.min(self.text.len()).max(self.scanned);
        let window = self.text.get(self.scanned..end).unwrap_or_default();
        let mut line_start = self.scanned;
        for found in memchr::memchr2_iter(b'\n', b'\r', window) {
            let at = self.scanned + found;
            // In CRLF the LF alone ends the line, so that the pair counts once.
            if self.text.get(at) == Some(&b'\r') && self.text.get(at + 1) == Some(&b'\n') {
                continue;
            }
            self.line += 1;
            self.characters = 0;
            line_start = at + 1;
        }
        let line = self.text.get(line_start..end).unwrap_or_default();
        self.characters += line.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        self.scanned = end;
        Position { line: self.line, column: self.characters + 1 }
    }
}

/// In what the offsets of a span count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Units {
    /// Bytes of UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Code units of UTF-16, as JavaScript counts.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// Turns byte offsets into other [`Units`]. It is made in one pass over the text; each question then looks at no more
/// than a kilobyte.
///
/// ```
/// use cspc_core::text::{Offsets, Span, Units};
/// let offsets = Offsets::new("ä𝄞b", Units::Utf16);
/// assert_eq!(offsets.span(Span::new(2, 7)), Span::new(1, 4));
/// ```
#[derive(Clone, Debug)]
pub struct Offsets<'a> {
    text: &'a str,
    /// Code units before each multiple of [`STRIDE`]; none where bytes are what counts.
    before: Vec<usize>,
}

/// Bytes between two places whose offsets are remembered.
const STRIDE: usize = 1024;

impl<'a> Offsets<'a> {
    /// Prepares the answers for a text.
    pub fn new(text: &'a str, units: Units) -> Self {
        if units == Units::Utf8 || text.is_ascii() {
            return Self { text, before: Vec::new() };
        }
        let mut total = 0;
        let counts = text.as_bytes().chunks(STRIDE).map(code_units);
        let before = counts.map(|count| {
            total += count;
            total - count
        });
        Self { text, before: before.collect() }
    }

    /// The span in those units; its ends should be at the borders of characters.
    pub fn span(&self, span: Span) -> Span {
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let stride = at / STRIDE;
        match self.before.get(stride.min(self.before.len().saturating_sub(1))) {
            Some(before) => {
                let from = stride.min(self.before.len() - 1) * STRIDE;
                before + self.text.as_bytes().get(from..at).map_or(0, code_units)
            }
            None => at,
        }
    }
}

/// How many code units of UTF-16 the characters have that begin in these bytes of UTF-8.
fn code_units(bytes: &[u8]) -> usize {
    let starts = bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count();
    starts + bytes.iter().filter(|byte| **byte >= 0b1111_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_add_up_over_questions() {
        let mut positions = Positions::new("aé\nbcd\nxyz".as_bytes());
        let columns: Vec<usize> =
            [0, 1, 3, 4, 6, 8, 10].map(|offset| positions.at(offset).column).to_vec();
        assert_eq!(columns, [1, 2, 3, 1, 3, 1, 3]);
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        let mut positions = Positions::new(b"a\r\nb\rc\nd");
        let lines: Vec<usize> = [0, 3, 5, 7].map(|offset| positions.at(offset).line).to_vec();
        assert_eq!(lines, [1, 2, 3, 4]);
    }
}
