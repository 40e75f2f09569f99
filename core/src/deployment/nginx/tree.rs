//! nginx's language: words, directives and blocks, as `ngx_conf_read_token` reads them, with what they include.

use crate::deployment::directive::{Directive, Word};
use crate::deployment::include::{Failed, Loader};
use crate::text::Span;

/// nginx reads words and comments into a buffer of 4,096 bytes.
const BUFFER: usize = 4096;

/// How deep blocks may lie in each other. nginx's own are no deeper than a handful.
const DEPTH: usize = 64;

/// Reads the first file of a configuration and all that it includes.
pub(super) fn read(loader: &mut Loader<'_>) -> Result<Vec<Directive>, Failed> {
    let text = loader.text_at(0);
    Reader { text: &text, base: 0, at: 0, loader }.file(0)
}

struct Reader<'r, 'l> {
    text: &'r str,
    /// Where the file begins among all.
    base: usize,
    at: usize,
    loader: &'r mut Loader<'l>,
}

/// What ends the words of a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Semicolon,
    Open,
    Close,
    File,
}

impl Reader<'_, '_> {
    /// All directives of the file.
    fn file(&mut self, depth: usize) -> Result<Vec<Directive>, Failed> {
        let (directives, end) = self.directives(depth)?;
        if end == End::Close {
            return Err(self.failed_before("unexpected `}`: no block is open here"));
        }
        Ok(directives)
    }

    /// Directives up to the end of a block or of the file.
    fn directives(&mut self, depth: usize) -> Result<(Vec<Directive>, End), Failed> {
        let mut directives = Vec::new();
        loop {
            let (mut words, end) = self.words()?;
            if words.is_empty() {
                return Ok((directives, end));
            }
            let name = words.remove(0);
            let mut directive = Directive { name, arguments: words, block: None };
            match end {
                End::Open => directive.block = Some(self.block(depth + 1, &directive)?),
                _ if directive.is("include") => {
                    self.include(directive, depth, &mut directives)?;
                    continue;
                }
                _ => {}
            }
            directives.push(directive);
        }
    }

    fn block(&mut self, depth: usize, directive: &Directive) -> Result<Vec<Directive>, Failed> {
        if depth > DEPTH {
            return Err(Failed::new(directive.span(), "blocks lie too deep in each other"));
        }
        let (block, end) = if directive.name.text.ends_with("_by_lua_block") {
            (Vec::new(), self.skip_program())
        } else {
            self.directives(depth)?
        };
        if end == End::Close {
            return Ok(block);
        }
        let message =
            format!("the block of `{}` is not closed: expected `}}`", directive.name.text);
        Err(Failed::new(directive.span(), message))
    }

    /// Another language between braces: its end is where as many braces have been closed as opened.
    fn skip_program(&mut self) -> End {
        let mut open = 1_usize;
        while let Some(byte) = self.next() {
            match byte {
                b'{' => open += 1,
                b'}' if open == 1 => return End::Close,
                b'}' => open -= 1,
                _ => {}
            }
        }
        End::File
    }

    fn include(
        &mut self,
        directive: Directive,
        depth: usize,
        directives: &mut Vec<Directive>,
    ) -> Result<(), Failed> {
        let at = directive.span();
        let Some(bases) = self.loader.include(directive.argument(0), at)? else {
            self.loader.skip(directive.argument(0), at);
            return Ok(());
        };
        for base in bases {
            let text = self.loader.enter(base, at)?;
            let mut reader = Reader { text: &text, base, at: 0, loader: &mut *self.loader };
            directives.extend(reader.file(depth)?);
            self.loader.leave();
        }
        Ok(())
    }

    /// The words of a directive, and what ends them. Without words, it is the end of a block or of the file.
    fn words(&mut self) -> Result<(Vec<Word>, End), Failed> {
        let mut words = Vec::new();
        while let Some(byte) = self.next() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b'#' => self.comment()?,
                b';' | b'{' if words.is_empty() => {
                    return Err(self.failed_before(format!(
                        "unexpected `{}`: expected a directive before it",
                        char::from(byte)
                    )));
                }
                b';' => return Ok((words, End::Semicolon)),
                b'{' => return Ok((words, End::Open)),
                b'}' if words.is_empty() => return Ok((words, End::Close)),
                b'}' => return Err(self.failed_before("unexpected `}`: expected `;` before it")),
                b'"' | b'\'' => words.push(self.quoted(byte)?),
                _ => words.push(self.plain()?),
            }
        }
        match words.first() {
            None => Ok((words, End::File)),
            Some(first) => Err(Failed::new(
                first.span,
                format!("unexpected end of file: expected `;` or `}}` after `{}`", first.text),
            )),
        }
    }

    fn comment(&mut self) -> Result<(), Failed> {
        let start = self.at - 1;
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        if self.at - start >= BUFFER {
            return Err(self.too_long(start, "comment"));
        }
        Ok(())
    }

    /// A word whose opening quote has been read.
    fn quoted(&mut self, quote: u8) -> Result<Word, Failed> {
        let start = self.at;
        let inner = loop {
            match self.next() {
                Some(b'\\') => drop(self.next()),
                Some(byte) if byte == quote => break Span::new(start, self.at - 1),
                Some(_) => {}
                None => {
                    let quote = char::from(quote);
                    let at = Span::new(self.base + start - 1, self.base + start);
                    return Err(Failed::new(
                        at,
                        format!("the quote is not closed: expected `{quote}`"),
                    ));
                }
            }
        };
        if inner.end - inner.start > BUFFER - 2 {
            return Err(self.too_long(start - 1, "word"));
        }
        let word = self.word(inner, Span::new(start - 1, self.at));
        match self.peek() {
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{' | b')') => Ok(word),
            Some(_) => {
                self.next();
                Err(self.failed_before("white space is missing after the closing quote"))
            }
        }
    }

    /// A word whose first byte has been read.
    fn plain(&mut self) -> Result<Word, Failed> {
        let start = self.at - 1;
        self.at = start;
        let mut is_variable = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' if is_variable => {}
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{' => break,
                b'\\' => {
                    self.next();
                }
                _ => {}
            }
            is_variable = byte == b'$';
            self.next();
        }
        if self.at - start >= BUFFER {
            return Err(self.too_long(start, "word"));
        }
        let span = Span::new(start, self.at);
        Ok(self.word(span, span))
    }

    /// The word that stands at `inner`, with or without quotes around it.
    fn word(&self, inner: Span, outer: Span) -> Word {
        // An escape may have taken a byte of a character with it: what is left over belongs to the word.
        let written = self.text.get(inner.start..inner.end).unwrap_or_default();
        let text = unescaped(written);
        let offset = (text == written).then_some(inner.start + self.base);
        Word { text, span: outer.shifted(self.base), offset }
    }

    fn too_long(&self, start: usize, what: &str) -> Failed {
        let at = Span::new(self.base + start, self.base + self.at);
        Failed::new(
            at,
            format!(
                "nginx refuses a {what} of {} bytes: expected less than {BUFFER}",
                self.at - start
            ),
        )
    }

    /// Something wrong with the byte that was read last.
    fn failed_before(&self, message: impl Into<String>) -> Failed {
        let end = self.base + self.at;
        Failed::new(Span::new(end.saturating_sub(1), end), message)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
}

/// `\"`, `\'` and `\\` lose their backslash, `\t`, `\r` and `\n` become what they name; every other backslash stays.
fn unescaped(written: &str) -> String {
    if !written.contains('\\') {
        return written.to_owned();
    }
    let mut text = String::with_capacity(written.len());
    let mut rest = written.chars().peekable();
    while let Some(character) = rest.next() {
        let escape = if character == '\\' { rest.peek() } else { None };
        let read = match escape {
            Some(quoted @ ('"' | '\'' | '\\')) => Some(*quoted),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            _ => None,
        };
        if read.is_some() {
            rest.next();
        }
        text.push(read.unwrap_or(character));
    }
    text
}
