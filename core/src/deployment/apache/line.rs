//! One line of a configuration: continued lines joined, `${NAME}` replaced, and cut into words.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::deployment::directive::Word;
use crate::text::Span;

/// What `Define` has set, by name.
pub(super) type Definitions = BTreeMap<String, String>;

/// A line as the server sees it.
pub(super) struct Line<'t> {
    pub(super) text: Cow<'t, str>,
    /// From where in the text what stands in the line is, in ascending order.
    parts: Vec<Part>,
    /// All that was read for it.
    pub(super) span: Span,
}

#[derive(Clone, Copy)]
struct Part {
    /// Where it begins in the line.
    start: usize,
    /// Where it begins among all texts.
    source: usize,
    /// Whether it stands in the text as it does in the line.
    is_verbatim: bool,
}

/// Takes the next line off a text that begins at `base` (`ap_cfg_getline`); `None` at its end.
pub(super) fn next<'t>(text: &'t str, at: &mut usize, base: usize) -> Option<Line<'t>> {
    let begin = *at;
    let physical = |at: &mut usize| {
        let rest = text.get(*at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let from = *at;
        *at += length;
        let line = rest.get(..length)?;
        Some((from, line.strip_suffix('\n').map_or(line, |line| line.trim_end_matches('\r'))))
    };
    let (from, mut line) = physical(at)?;
    let mut whole = Cow::Borrowed("");
    let mut parts = vec![Part { start: 0, source: base + from, is_verbatim: true }];
    while let Some(kept) = line.strip_suffix('\\') {
        whole.to_mut().push_str(kept);
        let Some((from, next)) = physical(at) else {
            line = "";
            break;
        };
        parts.push(Part { start: whole.len(), source: base + from, is_verbatim: true });
        line = next;
    }
    match whole.is_empty() && parts.len() == 1 {
        true => whole = Cow::Borrowed(line),
        false => whole.to_mut().push_str(line),
    }
    Some(Line { text: whole, parts, span: Span::new(base + begin, base + *at) })
}

impl Line<'_> {
    /// Replaces what is defined (`ap_resolve_env`). What is not stays as it is, and may come from the server's environment.
    pub(super) fn resolve(&mut self, definitions: &Definitions) {
        if !self.text.contains("${") {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some((start, end, value)) = self.variable(at, definitions) {
            self.copy(at..start, &mut text, &mut parts);
            parts.push(Part { start: text.len(), source: self.source(start), is_verbatim: false });
            text.push_str(value);
            at = end;
        }
        self.copy(at..self.text.len(), &mut text, &mut parts);
        (self.text, self.parts) = (Cow::Owned(text), parts);
    }

    /// The next variable that is defined, from its dollar to its brace.
    fn variable<'d>(
        &self,
        from: usize,
        definitions: &'d Definitions,
    ) -> Option<(usize, usize, &'d str)> {
        let mut at = from;
        loop {
            let start = at + self.text.get(at..)?.find("${")?;
            let rest = self.text.get(start + 2..)?;
            let length = rest.find('}')?;
            match definitions.get(rest.get(..length)?) {
                Some(value) => return Some((start, start + 3 + length, value)),
                None => at = start + 2,
            }
        }
    }

    fn copy(&self, range: std::ops::Range<usize>, text: &mut String, parts: &mut Vec<Part>) {
        let first = self.parts.partition_point(|part| part.start <= range.start).saturating_sub(1);
        for (index, part) in self.parts.iter().enumerate().skip(first) {
            let end = self.parts.get(index + 1).map_or(self.text.len(), |next| next.start);
            let (from, end) = (part.start.max(range.start), end.min(range.end));
            if from >= range.end {
                break;
            }
            let source = part.source + (from - part.start);
            parts.push(Part { start: text.len(), source, ..*part });
            text.push_str(self.text.get(from..end).unwrap_or_default());
        }
    }

    /// Where among all texts something in the line is.
    fn source(&self, at: usize) -> usize {
        let index = self.parts.partition_point(|part| part.start <= at).saturating_sub(1);
        self.parts.get(index).map_or(self.span.start, |part| match part.is_verbatim {
            true => part.source + (at - part.start),
            false => part.source,
        })
    }

    /// Where something begins, if all of it stands in the text as it does in the line.
    fn verbatim(&self, start: usize, end: usize) -> Option<usize> {
        let index = self.parts.partition_point(|part| part.start <= start).checked_sub(1)?;
        let part = self.parts.get(index)?;
        let next = self.parts.get(index + 1).map_or(usize::MAX, |next| next.start);
        (part.is_verbatim && end <= next).then(|| part.source + (start - part.start))
    }

    /// The words from `at` to `end` (`ap_getword_conf`): a quote that is not closed ends with the line, and what follows a
    /// closing quote is a word of its own.
    pub(super) fn words(&self, at: usize, end: usize) -> Vec<Word> {
        let mut words = Vec::new();
        let mut at = at;
        let bytes = self.text.as_bytes().get(..end).unwrap_or_default();
        while let Some(blank) = bytes.get(at) {
            if blank.is_ascii_whitespace() {
                at += 1;
                continue;
            }
            let quote = Some(*blank).filter(|byte| matches!(byte, b'"' | b'\''));
            let inner = at + usize::from(quote.is_some());
            let close = word_end(bytes, inner, quote);
            let after = close + usize::from(quote.is_some() && close < end);
            words.push(self.word(inner, close, at..after, quote));
            at = after;
        }
        words
    }

    fn word(
        &self,
        start: usize,
        end: usize,
        outer: std::ops::Range<usize>,
        quote: Option<u8>,
    ) -> Word {
        let written = self.text.get(start..end).unwrap_or_default();
        let text = unescaped(written, quote);
        let offset = if text == written { self.verbatim(start, end) } else { None };
        let last = self.source(outer.end.saturating_sub(1).max(outer.start));
        let span = Span::new(self.source(outer.start), last + 1);
        Word { text, span, offset }
    }

    /// A place in the line.
    pub(super) fn place(&self, start: usize, end: usize) -> Span {
        let start = self.source(start);
        Span::new(start, self.source(end).max(start))
    }
}

fn word_end(bytes: &[u8], start: usize, quote: Option<u8>) -> usize {
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match quote {
            Some(quote) if *byte == quote => break,
            Some(quote)
                if *byte == b'\\'
                    && bytes.get(at + 1).is_some_and(|next| *next == b'\\' || *next == quote) =>
            {
                at += 1;
            }
            None if byte.is_ascii_whitespace() => break,
            _ => {}
        }
        at += 1;
    }
    at.min(bytes.len())
}

/// A backslash before a backslash or the quote around goes away; every other one stays (`substring_conf`).
fn unescaped(written: &str, quote: Option<u8>) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written.chars().peekable();
    let is_escaped = |next: &char| *next == '\\' || quote.is_some_and(|it| *next == char::from(it));
    while let Some(character) = rest.next() {
        let escaped = if character == '\\' { rest.next_if(is_escaped) } else { None };
        text.push(escaped.unwrap_or(character));
    }
    text
}
