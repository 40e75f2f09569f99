//! `<Macro>` and `Use` (mod_macro): lines that are written once, with parameters.

use std::collections::BTreeMap;

use crate::deployment::directive::{Directive, Word};
use crate::deployment::include::{Expansion, Failed};

/// The macros that are defined by now, by their names in lower case.
#[derive(Debug)]
pub(super) struct Macros {
    known: BTreeMap<String, Directive>,
    /// Those that are being used, from the first one inwards.
    open: Vec<String>,
    expansion: Expansion,
}

impl Macros {
    pub(super) const fn new() -> Self {
        Self { known: BTreeMap::new(), open: Vec::new(), expansion: Expansion::new() }
    }

    /// `<Macro name $parameter …>`; a later one takes the place of an earlier.
    pub(super) fn define(&mut self, section: Directive) {
        self.known.insert(section.argument(0).to_ascii_lowercase(), section);
    }

    /// `UndefMacro name`.
    pub(super) fn undefine(&mut self, name: &str) {
        self.known.remove(&name.to_ascii_lowercase());
    }

    /// What stands in place of `Use name argument …`; `None` if nobody has defined the macro.
    pub(super) fn used(&mut self, directive: &Directive) -> Result<Option<Vec<Directive>>, Failed> {
        let failed = |message: String| Err(Failed::new(directive.span(), message));
        let name = directive.argument(0).to_ascii_lowercase();
        let Some(section) = self.known.get(&name).cloned() else { return Ok(None) };
        if self.open.contains(&name) {
            return failed(format!("the macro `{name}` uses itself"));
        }
        let texts = |words: &[Word]| words.iter().skip(1).map(|word| word.text.clone()).collect();
        let (parameters, arguments): (Vec<String>, Vec<String>) =
            (texts(&section.arguments), texts(&directive.arguments));
        if parameters.len() != arguments.len() {
            let (wants, has) = (parameters.len(), arguments.len());
            return failed(format!("the macro `{name}` has {wants} parameters, and gets {has}"));
        }
        let parameters: Vec<(String, String)> = parameters.into_iter().zip(arguments).collect();
        self.open.push(name);
        let lines = self.filled(section.children(), &parameters)?;
        self.open.pop();
        Ok(Some(lines))
    }

    fn filled(
        &mut self,
        lines: &[Directive],
        parameters: &[(String, String)],
    ) -> Result<Vec<Directive>, Failed> {
        let mut filled = Vec::new();
        for line in lines {
            let mut arguments = Vec::new();
            for word in &line.arguments {
                arguments.extend(split(word, self.expansion.word(word, parameters)?));
            }
            let name = self.expansion.word(&line.name, parameters)?;
            let block = line.children();
            let block = match line.block.is_some() {
                true => Some(self.filled(block, parameters)?),
                false => None,
            };
            let line = Directive { name, arguments, block };
            let inner = if line.is("use") { self.used(&line)? } else { None };
            filled.extend(inner.unwrap_or_else(|| vec![line]));
        }
        Ok(filled)
    }
}

/// What is put in place of a word without quotes is read as words, but for a parameter with `@`, which brings quotes.
fn split(written: &Word, filled: Word) -> Vec<Word> {
    let is_quoted = written.span.end - written.span.start > written.text.len();
    if is_quoted || written.text.starts_with('@') || filled.text == written.text {
        return vec![filled];
    }
    let word = |text: &str| Word { text: text.to_owned(), span: filled.span, offset: None };
    filled.text.split_ascii_whitespace().map(word).collect()
}
