//! The files that a configuration includes. The library reads no files: the caller brings them.

use std::rc::Rc;

use super::directive::Word;
use crate::configuration::{Note, SourceText, Sources};
use crate::text::Span;

/// How much text a configuration may have in all, what is included twice counted twice.
const TOTAL: usize = 256 << 20;

/// What macros and snippets may make in all, in bytes; a word counts for some more than its text.
const EXPANDED: usize = 64 << 20;
const WORD: usize = 64;

/// Brings the files that a configuration includes.
pub trait Includes {
    /// The files that `pattern` names, as the server that includes it would find them, in order.
    ///
    /// # Errors
    /// In words, if there is none although there should be, or it cannot be read.
    fn files(&mut self, pattern: &str) -> Result<Vec<SourceText>, String>;
}

/// Where in a configuration something is wrong, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) at: Span,
    pub(super) message: String,
}

impl Failed {
    pub(super) fn new(at: Span, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// Collects the texts of a configuration while it is read.
pub(super) struct Loader<'l> {
    pub(super) sources: Sources,
    /// What is included although nobody brings files.
    pub(super) skipped: Vec<Note>,
    includes: Option<&'l mut dyn Includes>,
    /// The files that are being read, from the first one inwards, by their offsets.
    open: Vec<usize>,
    total: usize,
}

impl<'l> Loader<'l> {
    pub(super) fn new(name: &str, text: &str, includes: Option<&'l mut dyn Includes>) -> Self {
        Self {
            sources: Sources::new(name, text),
            skipped: Vec::new(),
            includes,
            open: vec![0],
            total: text.len(),
        }
    }

    /// Says that a file is not read.
    pub(super) fn skip(&mut self, pattern: &str, at: Span) {
        let text = format!("`{pattern}` is included, and has not been read");
        self.skipped.push(Note { text, at });
    }

    /// The text of the file that begins at an offset.
    pub(super) fn text_at(&self, base: usize) -> Rc<str> {
        Rc::from(self.sources.at(base).0.text.as_str())
    }

    /// The files of an `include`, by their offsets; `None` if nobody brings files.
    pub(super) fn include(
        &mut self,
        pattern: &str,
        at: Span,
    ) -> Result<Option<Vec<usize>>, Failed> {
        let Some(includes) = &mut self.includes else { return Ok(None) };
        let files = includes.files(pattern).map_err(|message| Failed::new(at, message))?;
        let sources = &mut self.sources;
        let add = |file: SourceText| {
            sources.start_of(&file.name).unwrap_or_else(|| sources.add(&file.name, &file.text))
        };
        Ok(Some(files.into_iter().map(add).collect()))
    }

    /// Begins with an included file; gives its text.
    pub(super) fn enter(&mut self, base: usize, at: Span) -> Result<Rc<str>, Failed> {
        let name = &self.sources.at(base).0.name;
        if self.open.contains(&base) {
            return Err(Failed::new(at, format!("`{name}` includes itself")));
        }
        let text = self.text_at(base);
        self.total = self.total.saturating_add(text.len()).saturating_add(1);
        if self.total > TOTAL {
            return Err(Failed::new(
                at,
                "the files that are included make more than 256 MB of text",
            ));
        }
        self.open.push(base);
        Ok(text)
    }

    /// Ends with an included file.
    pub(super) fn leave(&mut self) {
        self.open.pop();
    }
}

/// Puts arguments in the place of parameters, as long as what comes of it is no more than [`EXPANDED`].
#[derive(Debug)]
pub(super) struct Expansion {
    left: usize,
}

impl Expansion {
    pub(super) const fn new() -> Self {
        Self { left: EXPANDED }
    }

    /// A word in which each parameter is replaced by its argument.
    pub(super) fn word(
        &mut self,
        word: &Word,
        parameters: &[(String, String)],
    ) -> Result<Word, Failed> {
        self.take(WORD + word.text.len(), word.span)?;
        let mut text = word.text.clone();
        for (parameter, argument) in parameters.iter().filter(|(name, _)| !name.is_empty()) {
            let count = text.matches(parameter.as_str()).count();
            if count > 0 {
                self.take(count.saturating_mul(argument.len()), word.span)?;
                text = text.replace(parameter.as_str(), argument);
            }
        }
        let offset = word.offset.filter(|_| text == word.text);
        Ok(Word { text, span: word.span, offset })
    }

    fn take(&mut self, bytes: usize, at: Span) -> Result<(), Failed> {
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or_else(|| {
            Failed::new(at, "what macros and snippets stand for makes more than 64 MB of text")
        })?;
        Ok(())
    }
}
