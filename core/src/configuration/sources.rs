//! The texts of a configuration: the file itself, and those that it includes.

use crate::diagnostic::Location;
use crate::text::{Position, Positions, Span};

/// A file, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// Its name, as messages show it.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Texts with offsets that go on from one to the next, so that one span says both the file and the place in it.
///
/// ```
/// use cspc_core::configuration::Sources;
/// use cspc_core::text::Span;
/// let mut sources = Sources::new("nginx.conf", "include a.conf;\n");
/// let start = sources.add("a.conf", "x;\ny;");
/// let place = sources.location(Span::new(start + 3, start + 4));
/// assert_eq!((place.path.as_str(), place.line, place.column), ("a.conf", 2, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sources {
    texts: Vec<SourceText>,
    /// The offset at which each begins.
    starts: Vec<usize>,
    /// The offset after the last.
    end: usize,
}

impl Sources {
    /// The file that is read first.
    pub fn new(name: &str, text: &str) -> Self {
        let mut sources = Self::default();
        sources.add(name, text);
        sources
    }

    /// One more file; gives the offset at which it begins.
    pub fn add(&mut self, name: &str, text: &str) -> usize {
        let start = self.end;
        self.texts.push(SourceText { name: name.to_owned(), text: text.to_owned() });
        self.starts.push(start);
        // A byte between two files keeps the end of the one apart from the start of the other.
        self.end = start + text.len() + 1;
        start
    }

    /// Where the file of this name begins, if it is there.
    pub fn start_of(&self, name: &str) -> Option<usize> {
        let index = self.texts.iter().position(|source| source.name == name)?;
        self.starts.get(index).copied()
    }

    /// The file in which an offset lies, and where that begins.
    pub fn at(&self, offset: usize) -> (&SourceText, usize) {
        const NONE: &SourceText = &SourceText { name: String::new(), text: String::new() };
        let index = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        (self.texts.get(index).unwrap_or(NONE), self.starts.get(index).copied().unwrap_or(0))
    }

    /// The text of the file of this name, or of the first one.
    pub fn text_of(&self, name: &str) -> &str {
        let found = self.texts.iter().find(|source| source.name == name);
        found.or(self.texts.first()).map_or("", |source| &source.text)
    }

    /// Where a span is. It looks through the whole file: for many spans, [`Self::locations`] is the quicker way.
    pub fn location(&self, span: Span) -> Location {
        self.locations([span]).pop().unwrap_or_else(|| Location {
            path: String::new(),
            line: 1,
            column: 1,
            span,
        })
    }

    /// Where spans are, in one pass over each file; they should be in ascending order.
    pub fn locations(&self, spans: impl IntoIterator<Item = Span>) -> Vec<Location> {
        let mut current: Option<(usize, Positions<'_>)> = None;
        let place = |span: Span| {
            let (source, start) = self.at(span.start);
            let positions = match &mut current {
                Some((at, positions)) if *at == start => positions,
                _ => &mut current.insert((start, Positions::new(source.text.as_bytes()))).1,
            };
            let span = Span::new(span.start - start, span.end.saturating_sub(start));
            let Position { line, column } = positions.at(span.start);
            Location { path: source.name.clone(), line, column, span }
        };
        spans.into_iter().map(place).collect()
    }
}
