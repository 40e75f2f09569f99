//! The tokenizer (HTML, section 13.2.5), as far as start tags go: all between them is skipped from `<` to `<`.
//!
//! What the tree builder tells a tokenizer follows from the names of elements alone: which of them hold no markup, and what
//! is foreign content (`open_elements.rs`).

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::Place;
use super::names::{TextKind, text_kind};
use super::open_elements::OpenElements;
use super::tag::{Attribute, Namespace};

/// A start tag. Its attributes are the tokenizer's.
pub(super) struct StartTag<'t> {
    /// The name in lower case.
    pub(super) name: Cow<'t, str>,
    pub(super) namespace: Namespace,
    /// Where it stands in the text.
    pub(super) span: Range<usize>,
    /// The text in it, if that is no markup.
    pub(super) content: Option<Content<'t>>,
}

/// The text in an element.
pub(super) struct Content<'t> {
    /// As written, but for the character references of foreign content.
    pub(super) text: Cow<'t, str>,
    /// Where it ends.
    pub(super) end: usize,
    /// Whether a tag follows.
    pub(super) is_closed: bool,
}

/// Reads a text tag by tag.
pub(super) struct Tokenizer<'t> {
    text: &'t str,
    place: Place,
    /// As far as this, the text is read.
    at: usize,
    open: OpenElements<'t>,
    attributes: Vec<Attribute<'t>>,
    has_text: bool,
}

/// What a `<` begins.
enum Markup {
    StartTag,
    EndTag,
    /// A comment, or what counts as one.
    Comment(usize),
    /// A CDATA section with this text in it.
    CharacterData(Range<usize>),
    /// Nothing: it is text.
    Text,
}

impl<'t> Tokenizer<'t> {
    /// Reads `text`, which stands at `place` in the page.
    pub(super) fn new(text: &'t str, place: Place) -> Self {
        Self {
            text,
            place,
            at: 0,
            open: OpenElements::default(),
            attributes: Vec::new(),
            has_text: false,
        }
    }

    /// The attributes of the last tag.
    pub(super) fn attributes(&self) -> &[Attribute<'t>] {
        &self.attributes
    }

    /// Whether more than white space was read that is markup's own text, and not that of a `<title>` or the like.
    pub(super) const fn has_text(&self) -> bool {
        self.has_text
    }

    /// Whether what the last tag begins is part of a template, and not of the page.
    pub(super) fn is_in_template(&self) -> bool {
        self.open.is_in_template()
    }

    /// The next start tag.
    pub(super) fn next_tag(&mut self) -> Option<StartTag<'t>> {
        loop {
            let start = self.at + memchr(b'<', self.rest(self.at))?;
            self.has_text =
                self.has_text || !self.slice(self.at..start).trim_ascii_start().is_empty();
            match self.markup(start) {
                Markup::StartTag => return self.start_tag(start),
                Markup::EndTag => self.end_tag(start)?,
                Markup::Comment(end) => self.at = end,
                Markup::CharacterData(text) => self.at = text.end,
                Markup::Text => {
                    self.has_text = true;
                    self.at = start + 1;
                }
            }
        }
    }

    fn rest(&self, at: usize) -> &'t [u8] {
        self.text.as_bytes().get(at..).unwrap_or_default()
    }

    fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Sections 13.2.5.6 and 13.2.5.7, "tag open state" and "end tag open state", and 13.2.5.42, "markup declaration open
    /// state".
    fn markup(&self, start: usize) -> Markup {
        let rest = self.rest(start);
        match rest {
            [b'<', b'a'..=b'z' | b'A'..=b'Z', ..] => Markup::StartTag,
            [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => Markup::EndTag,
            [b'<', b'!', b'-', b'-', ..] => Markup::Comment(start + comment(rest)),
            [b'<', b'!', b'[', b'C', b'D', b'A', b'T', b'A', b'[', text @ ..]
                if self.open.is_foreign() =>
            {
                let start = start + "<![CDATA[".len();
                let end = memmem::find(text, b"]]>").unwrap_or(text.len());
                Markup::CharacterData(start..start + end)
            }
            [b'<', b'!' | b'?', ..] | [b'<', b'/', _, ..] => {
                let end = memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
                Markup::Comment(start + end)
            }
            _ => Markup::Text,
        }
    }

    /// None if the text ends in the tag, which makes it none.
    fn start_tag(&mut self, start: usize) -> Option<StartTag<'t>> {
        let name = self.name(start + "<".len());
        let (end, is_self_closing) = self.end_of_tag(start + "<".len() + name.len())?;
        self.at = end;
        let name = lower_case(name);
        let namespace = self.open.start(name.clone(), is_self_closing, &self.attributes);
        let content = match namespace {
            Namespace::Html => text_kind(&name).map(|kind| self.content(&name, kind)),
            Namespace::Svg if !is_self_closing && matches!(&*name, "script" | "style") => {
                Some(self.foreign_content())
            }
            Namespace::Svg | Namespace::MathMl => None,
        };
        Some(StartTag { name, namespace, span: start..end, content })
    }

    fn end_tag(&mut self, start: usize) -> Option<()> {
        let name = self.name(start + "</".len());
        (self.at, _) = self.end_of_tag(start + "</".len() + name.len())?;
        self.open.end(&lower_case(name));
        Some(())
    }

    /// The name of a tag (section 13.2.5.8, "tag name state").
    fn name(&self, start: usize) -> &'t str {
        let rest = self.rest(start);
        let length = rest.iter().position(|byte| ends_name(*byte));
        self.slice(start..start + length.unwrap_or(rest.len()))
    }

    /// Takes the attributes at `at`. Gives where their tag ends, and whether it closes itself (sections 13.2.5.32 to
    /// 13.2.5.40).
    fn end_of_tag(&mut self, mut at: usize) -> Option<(usize, bool)> {
        self.attributes.clear();
        loop {
            match self.rest(at) {
                [b'>', ..] => return Some((at + 1, false)),
                [b'/', b'>', ..] => return Some((at + 2, true)),
                [b'/', ..] => at += 1,
                [byte, ..] if byte.is_ascii_whitespace() => at += 1,
                _ => at = self.attribute(at)?,
            }
        }
    }

    /// Takes the attribute at `start`. Gives where it ends.
    fn attribute(&mut self, start: usize) -> Option<usize> {
        let is_end = |byte: &u8| ends_name(*byte) || *byte == b'=';
        // A `=` may begin a name, but no more.
        let name_end = start + 1 + self.rest(start + 1).iter().position(is_end)?;
        let after = self.skip_space(name_end);
        let (value, end) = match self.rest(after) {
            [b'=', ..] => self.value(self.skip_space(after + 1))?,
            _ => ("", after),
        };
        let name = self.slice(start..name_end);
        self.attributes.push(Attribute::written(name, value, self.place.of(start)));
        Some(end)
    }

    /// The value of an attribute at `start`, and where it ends.
    fn value(&self, start: usize) -> Option<(&'t str, usize)> {
        let rest = self.rest(start);
        if let [quote @ (b'"' | b'\''), quoted @ ..] = rest {
            let end = start + 1 + memchr(*quote, quoted)?;
            return Some((self.slice(start + 1..end), end + 1));
        }
        let end =
            start + rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>')?;
        Some((self.slice(start..end), end))
    }

    fn skip_space(&self, at: usize) -> usize {
        at + self.rest(at).iter().take_while(|byte| byte.is_ascii_whitespace()).count()
    }

    /// Takes the text of an element in which only its own end tag is markup.
    fn content(&mut self, name: &str, kind: TextKind) -> Content<'t> {
        let (start, rest) = (self.at, self.rest(self.at));
        let length = match kind {
            TextKind::Script => script_text(rest),
            TextKind::Raw => raw_text(rest, name),
            TextKind::Plain => None,
        };
        self.at += length.unwrap_or(rest.len());
        let text = Cow::Borrowed(self.slice(start..self.at));
        Content { text, end: self.at, is_closed: length.is_some() }
    }

    /// Takes the text up to the next tag. In foreign content it is text as any other.
    fn foreign_content(&mut self) -> Content<'t> {
        let (mut text, mut end) = (String::new(), self.at);
        loop {
            let length = memchr(b'<', self.rest(self.at));
            let start = length.map_or(self.text.len(), |length| self.at + length);
            if start > self.at {
                text.push_str(&htmlize::unescape(self.slice(self.at..start)));
                end = start;
            }
            self.at = start;
            match self.markup(start) {
                Markup::StartTag | Markup::EndTag => break,
                Markup::Comment(after) => self.at = after,
                Markup::CharacterData(data) => {
                    (end, self.at) = (data.end, data.end + "]]>".len());
                    text.push_str(self.slice(data));
                }
                Markup::Text if start == self.text.len() => break,
                Markup::Text => {
                    self.at = start + 1;
                    text.push('<');
                    end = self.at;
                }
            }
        }
        let is_closed = self.at < self.text.len();
        Content { text: Cow::Owned(text), end, is_closed }
    }
}

/// Whether the name of a tag ends before this.
const fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(name.to_ascii_lowercase());
    }
    Cow::Borrowed(name)
}

/// How long the comment is that this begins with (sections 13.2.5.43 to 13.2.5.52).
fn comment(markup: &[u8]) -> usize {
    let before = |start: usize, end: usize| markup.get(start..end).unwrap_or_default();
    // The dashes that begin a comment may end it, too.
    let is_end = |at: &usize| before(2, *at).ends_with(b"--") || before(4, *at).ends_with(b"--!");
    memchr_iter(b'>', markup).find(is_end).map_or(markup.len(), |end| end + 1)
}

/// How long the text of an element of this name is, if it ends (sections 13.2.5.9 to 13.2.5.14).
fn raw_text(text: &[u8], name: &str) -> Option<usize> {
    memchr_iter(b'<', text).find(|at| begins_tag(text.get(*at..), "</", name))
}

/// How long the text of a script is, if it ends (sections 13.2.5.4 and 13.2.5.15 to 13.2.5.31).
fn script_text(text: &[u8]) -> Option<usize> {
    enum State {
        Plain,
        Escaped,
        DoubleEscaped,
    }
    let (mut state, mut at) = (State::Plain, 0);
    loop {
        let rest = text.get(at..)?;
        at += match state {
            State::Plain => memchr(b'<', rest),
            State::Escaped | State::DoubleEscaped => memchr2(b'<', b'>', rest),
        }?;
        let (before, rest) = text.split_at_checked(at)?;
        let is_tag = |open| begins_tag(Some(rest), open, "script");
        state = match state {
            State::Plain | State::Escaped if is_tag("</") => return Some(at),
            State::Plain if rest.starts_with(b"<!--") => State::Escaped,
            State::Escaped if is_tag("<") => State::DoubleEscaped,
            State::DoubleEscaped if is_tag("</") => State::Escaped,
            _ if rest.starts_with(b">") && before.ends_with(b"--") => State::Plain,
            state => state,
        };
        at += 1;
    }
}

/// Whether there is a tag of this name that begins with `open`.
fn begins_tag(markup: Option<&[u8]>, open: &str, name: &str) -> bool {
    let Some(rest) = markup.and_then(|markup| markup.strip_prefix(open.as_bytes())) else {
        return false;
    };
    let Some((own, after)) = rest.split_at_checked(name.len()) else { return false };
    let is_whole = after.first().is_some_and(|byte| ends_name(*byte));
    own.eq_ignore_ascii_case(name.as_bytes()) && is_whole
}

/// Line ends as a parser's input has them (HTML, section 13.2.3.5; CSS Syntax, section 3.3). Lines keep their numbers.
pub(super) fn normalize_newlines(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Line ends and NUL as a parser has them (HTML, sections 13.2.3.5 and 13.2.5). A decoded page has no CR left,
/// but other texts that are read for their elements may.
pub(super) fn normalize(text: &str) -> Cow<'_, str> {
    if memchr2(b'\r', 0, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(normalize_newlines(Cow::Borrowed(text)).replace('\0', "\u{FFFD}"))
}
