//! The blocks of a Caddyfile, with what they import.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::lexer::{Token, tokens};
use crate::deployment::directive::{Directive, Word};
use crate::deployment::include::{Expansion, Failed, Loader};
use crate::text::Span;

/// How deep blocks and imports may lie in each other.
const DEPTH: usize = 64;

/// Reads the first file and all that it imports. Snippets are gone; the name of the global options is empty.
pub(super) fn read(loader: &mut Loader<'_>) -> Result<Vec<Directive>, Failed> {
    let text = loader.text_at(0);
    let written = parse(&text, 0)?;
    let mut imports = Imports {
        loader,
        snippets: BTreeMap::new(),
        open: Vec::new(),
        expansion: Expansion::new(),
    };
    imports.replaced(written, &[], 0)
}

/// The directives of a file as they are written, imports and snippets among them.
fn parse(text: &str, base: usize) -> Result<Vec<Directive>, Failed> {
    let mut tokens = tokens(text, base)?.into_iter().peekable();
    let directives = block(&mut tokens, 0)?;
    match tokens.next() {
        Some(Token::Close(at)) => Err(Failed::new(at, "unexpected `}`: no block is open here")),
        _ => Ok(directives),
    }
}

/// The directives up to the end of a block, which is left, or of the file.
fn block(tokens: &mut Peekable<IntoIter<Token>>, depth: usize) -> Result<Vec<Directive>, Failed> {
    let mut directives = Vec::new();
    loop {
        while tokens.next_if_eq(&Token::Line).is_some() {}
        let Some(next) = tokens.next_if(|token| !matches!(token, Token::Close(_))) else {
            return Ok(directives);
        };
        let mut directive = Directive::default();
        match next {
            Token::Word(name) => {
                directive.name = name;
                directive.arguments = line(tokens, depth, &directive.name);
            }
            Token::Open(at) if depth > 0 || !directives.is_empty() => {
                return Err(Failed::new(at, "unexpected `{`: expected a directive before it"));
            }
            Token::Open(at) => {
                directive.name.span = at;
                directive.block = Some(inner(tokens, depth, at, "the global options")?);
            }
            Token::Close(_) | Token::Line => {}
        }
        if let Some(Token::Open(at)) = tokens.next_if(|token| matches!(token, Token::Open(_))) {
            let name = format!("`{}`", directive.name.text);
            directive.block = Some(inner(tokens, depth, at, &name)?);
        }
        directives.push(directive);
    }
}

/// The words of a line after the first. Outside of blocks, a comma at its end takes the next line with it.
fn line(tokens: &mut Peekable<IntoIter<Token>>, depth: usize, name: &Word) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    loop {
        let goes_on = depth == 0 && words.last().unwrap_or(name).text.ends_with(',');
        match tokens
            .next_if(|token| matches!(token, Token::Word(_)) || (goes_on && *token == Token::Line))
        {
            Some(Token::Word(word)) => words.push(word),
            Some(_) => {}
            None => return words,
        }
    }
}

/// What stands between braces, of which the first has been read.
fn inner(
    tokens: &mut Peekable<IntoIter<Token>>,
    depth: usize,
    at: Span,
    name: &str,
) -> Result<Vec<Directive>, Failed> {
    if depth >= DEPTH {
        return Err(Failed::new(at, "blocks lie too deep in each other"));
    }
    let directives = block(tokens, depth + 1)?;
    match tokens.next() {
        Some(_) => Ok(directives),
        None => Err(Failed::new(at, format!("the block of {name} is not closed: expected `}}`"))),
    }
}

/// Puts what is imported in the place of each `import`.
struct Imports<'i, 'l> {
    loader: &'i mut Loader<'l>,
    snippets: BTreeMap<String, Vec<Directive>>,
    /// The snippets that are being imported, from the first one inwards.
    open: Vec<String>,
    expansion: Expansion,
}

impl Imports<'_, '_> {
    fn replaced(
        &mut self,
        written: Vec<Directive>,
        arguments: &[(String, String)],
        depth: usize,
    ) -> Result<Vec<Directive>, Failed> {
        let mut directives = Vec::new();
        for mut directive in written {
            let name =
                directive.name.text.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
            if let (Some(name), Some(block), 0) = (name, directive.block.as_mut(), depth) {
                self.snippets.insert(name.to_owned(), std::mem::take(block));
                continue;
            }
            for word in directive.arguments.iter_mut().chain([&mut directive.name]) {
                self.fill(word, arguments)?;
            }
            if directive.is("import") {
                self.import(&directive, depth, &mut directives)?;
                continue;
            }
            if let Some(block) = directive.block.take() {
                directive.block = Some(self.replaced(block, arguments, depth + 1)?);
            }
            directives.push(directive);
        }
        Ok(directives)
    }

    /// A word with arguments of the import around it, and defaults.
    fn fill(&mut self, word: &mut Word, arguments: &[(String, String)]) -> Result<(), Failed> {
        if !self.open.is_empty() || !arguments.is_empty() {
            *word = self.expansion.word(word, arguments)?;
        }
        if word.text.contains("{$") {
            let text = with_defaults(&word.text);
            let offset = word.offset.filter(|_| text == word.text);
            *word = Word { text, span: word.span, offset };
        }
        Ok(())
    }

    /// A snippet of this name, or else files. What a file at the top level holds are sites.
    fn import(
        &mut self,
        directive: &Directive,
        depth: usize,
        directives: &mut Vec<Directive>,
    ) -> Result<(), Failed> {
        let (name, at) = (directive.argument(0), directive.span());
        let texts = directive.arguments.iter().skip(1).map(|word| word.text.clone());
        let arguments: Vec<(String, String)> = texts.enumerate().flat_map(named).collect();
        if let Some(snippet) = self.snippets.get(name).cloned() {
            if self.open.iter().any(|open| open == name) {
                return Err(Failed::new(at, format!("`{name}` imports itself")));
            }
            self.open.push(name.to_owned());
            directives.extend(self.replaced(snippet, &arguments, depth)?);
            self.open.pop();
            return Ok(());
        }
        let Some(bases) = self.loader.include(name, at)? else {
            self.loader.skip(name, at);
            return Ok(());
        };
        for base in bases {
            let text = self.loader.enter(base, at)?;
            let written = parse(&text, base)?;
            directives.extend(self.replaced(written, &arguments, depth)?);
            self.loader.leave();
        }
        Ok(())
    }
}

/// `{args[0]}`, or `{args.0}` before Caddy 2.7, is the first argument of an import.
fn named((index, argument): (usize, String)) -> [(String, String); 2] {
    [(format!("{{args[{index}]}}"), argument.clone()), (format!("{{args.{index}}}"), argument)]
}

/// `{$NAME:default}` comes from the environment, of which nothing is known here.
fn with_defaults(text: &str) -> String {
    let mut parts = text.split("{$");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let named =
            part.split_once('}').and_then(|(name, after)| Some((name.split_once(':')?.1, after)));
        match named {
            Some((default, after)) => filled.extend([default, after]),
            None => filled.extend(["{$", part]),
        }
    }
    filled
}
