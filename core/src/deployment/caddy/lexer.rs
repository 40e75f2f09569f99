//! The words of a Caddyfile, as Caddy's lexer takes them.

use std::iter::Peekable;
use std::str::CharIndices;

use crate::deployment::directive::Word;
use crate::deployment::include::Failed;
use crate::text::Span;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(Word),
    /// A `{` that is a word of its own.
    Open(Span),
    /// A `}` that is a word of its own.
    Close(Span),
    /// The end of a line.
    Line,
}

/// The tokens of a file that begins at the offset `base`.
pub(super) fn tokens(text: &str, base: usize) -> Result<Vec<Token>, Failed> {
    let mut lexer = Lexer { text, base, rest: text.char_indices().peekable() };
    let mut tokens = Vec::new();
    while let Some(&(at, c)) = lexer.rest.peek() {
        match c {
            '\n' => {
                lexer.rest.next();
                tokens.push(Token::Line);
            }
            '\\' if lexer.continues(at) => lexer.skip_line(),
            c if c.is_whitespace() => drop(lexer.rest.next()),
            '#' => while lexer.rest.next_if(|(_, c)| *c != '\n').is_some() {},
            '"' | '`' => tokens.push(Token::Word(lexer.quoted(at, c)?)),
            _ => tokens.push(lexer.bare(at)?),
        }
    }
    tokens.push(Token::Line);
    Ok(tokens)
}

struct Lexer<'t> {
    text: &'t str,
    base: usize,
    rest: Peekable<CharIndices<'t>>,
}

impl Lexer<'_> {
    /// Whether the backslash here takes the end of the line with it.
    fn continues(&self, at: usize) -> bool {
        let after = self.text.get(at + 1..).unwrap_or_default();
        after.starts_with('\n') || after.starts_with("\r\n")
    }

    fn skip_line(&mut self) {
        while self.rest.next().is_some_and(|(_, c)| c != '\n') {}
    }

    fn at(&mut self) -> usize {
        self.rest.peek().map_or(self.text.len(), |(at, _)| *at)
    }

    fn written(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn word(&self, text: String, inner: Span, outer: Span) -> Word {
        let is_plain = text == self.written(inner.start, inner.end);
        let offset = is_plain.then_some(inner.start + self.base);
        Word { text, span: outer.shifted(self.base), offset }
    }

    /// In double quotes, `\"` alone is an escape; in backquotes, nothing is.
    fn quoted(&mut self, start: usize, quote: char) -> Result<Word, Failed> {
        self.rest.next();
        let mut text = String::new();
        let mut is_escaped = false;
        for (at, c) in self.rest.by_ref() {
            if c == quote && !is_escaped {
                let (inner, outer) = (Span::new(start + 1, at), Span::new(start, at + 1));
                return Ok(self.word(text, inner, outer));
            }
            if is_escaped && c == '"' {
                text.pop();
            }
            is_escaped = quote == '"' && c == '\\' && !is_escaped;
            text.push(c);
        }
        let at = Span::new(self.base + start, self.base + start + 1);
        Err(Failed::new(at, format!("the quote is not closed: expected `{quote}`")))
    }

    /// A word without quotes. Quotes within it are part of it.
    fn bare(&mut self, start: usize) -> Result<Token, Failed> {
        while let Some(&(at, c)) = self.rest.peek() {
            if c.is_whitespace() || (c == '\\' && self.continues(at)) {
                break;
            }
            self.rest.next();
        }
        let span = Span::new(start, self.at());
        let text = self.written(span.start, span.end);
        Ok(match text {
            "{" => Token::Open(span.shifted(self.base)),
            "}" => Token::Close(span.shifted(self.base)),
            _ => match heredoc_marker(text).map(str::to_owned) {
                Some(marker) => Token::Word(self.heredoc(start, &marker)?),
                None => Token::Word(self.word(text.to_owned(), span, span)),
            },
        })
    }

    /// Lines up to one that holds the marker alone, whose indentation every line loses (Caddy 2.7).
    fn heredoc(&mut self, start: usize, marker: &str) -> Result<Word, Failed> {
        self.skip_line();
        let mut lines = Vec::new();
        loop {
            let from = self.at();
            if from == self.text.len() {
                let at = Span::new(self.base + start, self.base + start + marker.len() + 2);
                return Err(Failed::new(
                    at,
                    format!("the text is not closed: expected `{marker}`"),
                ));
            }
            while self.rest.next_if(|(_, c)| *c != '\n').is_some() {}
            let end = self.at();
            let line = self.written(from, end).trim_end_matches('\r').to_owned();
            if line.trim() == marker {
                let indentation = line.split(marker).next().unwrap_or_default();
                let outdented = lines
                    .iter()
                    .map(|line: &String| line.strip_prefix(indentation).unwrap_or(line));
                let text = outdented.collect::<Vec<_>>().join("\n");
                let span = Span::new(start, self.at());
                return Ok(self.word(text, span, span));
            }
            lines.push(line);
            self.rest.next();
        }
    }
}

/// `EOF` of `<<EOF`.
fn heredoc_marker(word: &str) -> Option<&str> {
    let marker = word.strip_prefix("<<")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (!marker.is_empty() && marker.chars().all(is_plain)).then_some(marker)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let shown = |token| match token {
            Token::Word(word) => word.text,
            Token::Open(_) => "<open>".to_owned(),
            Token::Close(_) => "<close>".to_owned(),
            Token::Line => "<line>".to_owned(),
        };
        tokens(text, 0).unwrap().into_iter().map(shown).collect()
    }

    #[test]
    fn words_are_those_of_caddys_lexer() {
        assert_eq!(words(r#"a "b \" \\ c" `d\`"#), ["a", r#"b " \\ c"#, r"d\", "<line>"]);
        assert_eq!(
            words("a#b #c {\n{ {x} \"}\""),
            ["a#b", "<line>", "<open>", "{x}", "}", "<line>"]
        );
        assert_eq!(words("a \\\n  b\\\r\nc"), ["a", "b", "c", "<line>"]);
        assert_eq!(
            words("a <<E\n  x \"\n   y\n  E\nb"),
            ["a", "x \"\n y", "<line>", "b", "<line>"]
        );
        assert_eq!(words("a\"b c"), ["a\"b", "c", "<line>"]);
        assert!(tokens("a \"b", 0).is_err() && tokens("a <<E\nb", 0).is_err());
    }
}
