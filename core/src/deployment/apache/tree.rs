//! Apache's language: lines, sections in angle brackets, and what is decided when the configuration is loaded: `Include`,
//! `Define`, `<IfModule>` and `<IfDefine>`.

use std::collections::BTreeSet;
use std::path::Path;

use super::header::Header;
use super::line::{Definitions, Line, next};
use super::macros::Macros;
use crate::deployment::directive::{Directive, Word};
use crate::deployment::include::{Failed, Loader};
use crate::text::Span;

/// Apache takes no longer lines, and in `.htaccess` only those of a small buffer (`MAX_STRING_LEN`).
const LINE: usize = 16 << 20;
const FOLDER_LINE: usize = 8190;

/// How deep sections may lie in each other.
const DEPTH: usize = 64;

/// Modules that are part of the program where distributions build it.
const BUILT_IN: [&str; 8] =
    ["core", "so", "http", "log_config", "logio", "version", "unixd", "watchdog"];

/// The version that `<IfVersion>` compares with: the last of 2.4.
const VERSION: [u32; 3] = [2, 4, 99];

/// Reads the first file of a configuration and all that it includes. Names of directives are in lower case, and a section
/// is a directive with a block.
pub(super) fn read(loader: &mut Loader<'_>) -> Result<Vec<Directive>, Failed> {
    Reader::new(loader).file(0)
}

/// The `.htaccess` files of a folder and of those below it, each with its folder.
pub(super) fn folder_files(root: &str, at: Span, loader: &mut Loader<'_>) -> Vec<(String, usize)> {
    let Ok(Some(bases)) = loader.include(&format!("{root}/**/.htaccess"), at) else {
        return Vec::new();
    };
    let folder = |base: usize| {
        let folder = loader.sources.at(base).0.name.strip_suffix("/.htaccess")?;
        Some((folder.to_owned(), base))
    };
    bases.into_iter().filter_map(folder).collect()
}

/// Reads a `.htaccess` that has been found.
pub(super) fn read_folder_file(
    base: usize,
    at: Span,
    loader: &mut Loader<'_>,
) -> Result<Vec<Directive>, Failed> {
    drop(loader.enter(base, at)?);
    let directives = Reader::new(loader).file(base)?;
    loader.leave();
    Ok(directives)
}

/// Whether a file of this name stands in a folder of pages.
pub(super) fn is_folder_file(name: &str) -> bool {
    let file = Path::new(name).file_name().and_then(|name| name.to_str());
    file.is_some_and(|name| name.starts_with(".ht") || name.ends_with(".htaccess"))
}

struct Reader<'r, 'l> {
    loader: &'r mut Loader<'l>,
    definitions: Definitions,
    /// Those that are loaded, without `mod_` and `_module`.
    modules: BTreeSet<String>,
    macros: Macros,
    /// How many macros are being defined around this.
    defining: usize,
    depth: usize,
}

/// A file that is being read.
struct File<'t> {
    text: &'t str,
    base: usize,
    at: usize,
    longest: usize,
}

/// What a line says.
enum Said {
    Directive(Directive),
    /// The beginning of a section.
    Open(Directive),
    /// The end of one, by its name.
    Close(Word),
}

impl File<'_> {
    /// The next line that says something.
    fn line(&mut self, definitions: &Definitions) -> Result<Option<Said>, Failed> {
        while let Some(mut line) = next(self.text, &mut self.at, self.base) {
            let blank = line.text.len() - line.text.trim_start().len();
            if line.text.len() == blank || line.text.as_bytes().get(blank) == Some(&b'#') {
                continue;
            }
            if line.text.len() > self.longest {
                let message = format!(
                    "Apache refuses a line of {} bytes: expected less than {}",
                    line.text.len(),
                    self.longest
                );
                return Err(Failed::new(line.span, message));
            }
            line.resolve(definitions);
            return said(&line).map(Some);
        }
        Ok(None)
    }

    /// The next line of a section that is left out.
    fn skip(&mut self, name: &str) -> bool {
        let mut open = 1_usize;
        while let Some(line) = next(self.text, &mut self.at, self.base) {
            let text = line.text.trim_start();
            let is_it = |text: &str| {
                let end = |c: char| c.is_ascii_whitespace() || c == '>';
                text.split(end).next().is_some_and(|word| word.eq_ignore_ascii_case(name))
            };
            if text.strip_prefix("</").is_some_and(is_it) {
                open -= 1;
                if open == 0 {
                    return true;
                }
            } else if text.strip_prefix('<').is_some_and(is_it) {
                open += 1;
            }
        }
        false
    }
}

fn said(line: &Line<'_>) -> Result<Said, Failed> {
    let text = line.text.trim_end();
    let start = text.len() - text.trim_start().len();
    let Some(section) = text.get(start..).and_then(|text| text.strip_prefix('<')) else {
        let mut words = line.words(start, text.len());
        let mut name = if words.is_empty() { Word::default() } else { words.remove(0) };
        name.text.make_ascii_lowercase();
        return Ok(Said::Directive(Directive { name, arguments: words, block: None }));
    };
    let at = line.place(start, text.len());
    let Some(end) = section.rfind('>') else {
        let name = section.split_ascii_whitespace().next().unwrap_or_default();
        let message = format!("`<{name}` is not closed: expected `>` at the end of the line");
        return Err(Failed::new(at, message));
    };
    let begin = text.len() - section.len();
    let length = section
        .find(|c: char| c.is_ascii_whitespace() || c == '>')
        .map_or(end, |length| length.min(end));
    let name = section.get(..length).unwrap_or_default().to_ascii_lowercase();
    let word = |name: &str| Word { text: name.to_owned(), span: at, offset: None };
    match name.strip_prefix('/') {
        Some(name) => Ok(Said::Close(word(name))),
        None => {
            let arguments = line.words(begin + length, begin + end);
            Ok(Said::Open(Directive { name: word(&name), arguments, block: None }))
        }
    }
}

impl<'r, 'l> Reader<'r, 'l> {
    const fn new(loader: &'r mut Loader<'l>) -> Self {
        Self {
            loader,
            definitions: Definitions::new(),
            modules: BTreeSet::new(),
            macros: Macros::new(),
            defining: 0,
            depth: 0,
        }
    }

    fn file(&mut self, base: usize) -> Result<Vec<Directive>, Failed> {
        let text = self.loader.text_at(base);
        let name = &self.loader.sources.at(base).0.name;
        let longest = if is_folder_file(name) { FOLDER_LINE } else { LINE };
        let mut file = File { text: &text, base, at: 0, longest };
        self.section(&mut file, None)
    }

    /// The lines up to the end of a section, or of the file.
    fn section(
        &mut self,
        file: &mut File<'_>,
        around: Option<&Directive>,
    ) -> Result<Vec<Directive>, Failed> {
        self.depth += 1;
        if self.depth > DEPTH {
            let at = around.map(Directive::span).unwrap_or_default();
            return Err(Failed::new(at, "sections lie too deep in each other"));
        }
        let mut directives = Vec::new();
        while let Some(said) = file.line(&self.definitions)? {
            match said {
                Said::Directive(directive) => self.directive(directive, &mut directives)?,
                Said::Open(section) => self.open(file, section, &mut directives)?,
                Said::Close(name) => {
                    closes(&name, around)?;
                    self.depth -= 1;
                    return Ok(directives);
                }
            }
        }
        self.depth -= 1;
        around.map_or(Ok(directives), |section| Err(not_closed(section)))
    }

    fn open(
        &mut self,
        file: &mut File<'_>,
        mut section: Directive,
        directives: &mut Vec<Directive>,
    ) -> Result<(), Failed> {
        match self.holds(&section) {
            None if section.is("macro") => {
                self.defining += 1;
                section.block = Some(self.section(file, Some(&section))?);
                self.defining -= 1;
                self.macros.define(section);
            }
            None => {
                section.block = Some(self.section(file, Some(&section))?);
                directives.push(section);
            }
            Some(true) => directives.extend(self.section(file, Some(&section))?),
            Some(false) if !file.skip(&section.name.text) => return Err(not_closed(&section)),
            Some(false) => {}
        }
        Ok(())
    }

    /// Whether what stands in a section is read at all; `None` for a section that requests decide about.
    fn holds(&self, section: &Directive) -> Option<bool> {
        let word = section.argument(0);
        let (is_negative, name) = word.strip_prefix('!').map_or((false, word), |name| (true, name));
        let holds = match section.name.text.as_str() {
            "ifmodule" => self.has_module(name),
            "ifdefine" => self.definitions.contains_key(name),
            "ifversion" => has_version(section),
            // Files and directives that cannot be looked for here are taken to be there.
            "iffile" | "ifdirective" | "ifsection" => true,
            _ => return None,
        };
        Some(holds != is_negative)
    }

    /// A part of a configuration says nothing of modules: there each is taken to be loaded.
    fn has_module(&self, name: &str) -> bool {
        let name = module(name);
        self.modules.is_empty() || self.modules.contains(name) || BUILT_IN.contains(&name)
    }

    fn directive(
        &mut self,
        directive: Directive,
        directives: &mut Vec<Directive>,
    ) -> Result<(), Failed> {
        match directive.name.text.as_str() {
            "include" | "includeoptional" => return self.include(directive, directives),
            "header" if Header::new(&directive).is_none() => {
                let message = "`Header` is not whole: expected an action, a name and a value";
                return Err(Failed::new(directive.span(), message));
            }
            "define" => {
                let value = directive.argument(1).to_owned();
                self.definitions.insert(directive.argument(0).to_owned(), value);
            }
            "use" if self.defining == 0 => return self.used(directive, directives),
            "undefmacro" => self.macros.undefine(directive.argument(0)),
            "undefine" => drop(self.definitions.remove(directive.argument(0))),
            "loadmodule" => drop(self.modules.insert(module(directive.argument(0)).to_owned())),
            _ => {}
        }
        directives.push(directive);
        Ok(())
    }

    /// What a macro stands for. One that nobody has defined may be in a file that nobody has brought.
    fn used(
        &mut self,
        directive: Directive,
        directives: &mut Vec<Directive>,
    ) -> Result<(), Failed> {
        let (name, at) = (directive.argument(0), directive.span());
        match self.macros.used(&directive)? {
            Some(lines) => directives.extend(lines),
            None if self.loader.skipped.is_empty() => {
                return Err(Failed::new(at, format!("there is no macro `{name}` before this")));
            }
            None => self.loader.skip(name, at),
        }
        Ok(())
    }

    fn include(
        &mut self,
        directive: Directive,
        directives: &mut Vec<Directive>,
    ) -> Result<(), Failed> {
        let at = directive.span();
        let is_optional = directive.is("includeoptional");
        let found = self.loader.include(directive.argument(0), at);
        let bases = match found {
            Err(_) if is_optional => return Ok(()),
            found => found?,
        };
        let Some(bases) = bases else {
            self.loader.skip(directive.argument(0), at);
            return Ok(());
        };
        for base in bases {
            drop(self.loader.enter(base, at)?);
            directives.extend(self.file(base)?);
            self.loader.leave();
        }
        Ok(())
    }
}

/// `mod_headers.c` and `headers_module` are the same.
fn module(name: &str) -> &str {
    let name = name.strip_suffix("_module").unwrap_or(name);
    let name = name.strip_suffix(".c").unwrap_or(name);
    name.strip_prefix("mod_").unwrap_or(name)
}

fn has_version(section: &Directive) -> bool {
    let words = || section.arguments.iter().map(|word| word.text.trim_start_matches('!'));
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let wanted = words().find(|word| number(word)).unwrap_or_default();
    let wanted: Vec<u32> = wanted.split('.').filter_map(|part| part.parse().ok()).collect();
    let order = VERSION.iter().zip(&wanted).map(|(has, wants)| has.cmp(wants));
    let order = order.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then);
    match words().find(|word| !number(word)).unwrap_or("=") {
        ">=" => order.is_ge(),
        ">" => order.is_gt(),
        "<=" => order.is_le(),
        "<" => order.is_lt(),
        _ => order.is_eq(),
    }
}

fn closes(name: &Word, around: Option<&Directive>) -> Result<(), Failed> {
    match around {
        Some(section) if section.name.text == name.text => Ok(()),
        Some(section) => {
            let message =
                format!("unexpected `</{}>`: expected `</{}>`", name.text, section.name.text);
            Err(Failed::new(name.span, message))
        }
        None => {
            let message = format!("unexpected `</{0}>`: there is no `<{0}>` before it", name.text);
            Err(Failed::new(name.span, message))
        }
    }
}

fn not_closed(section: &Directive) -> Failed {
    let name = &section.name.text;
    let at: Span = section.span();
    Failed::new(at, format!("the section `<{name}>` is not closed: expected `</{name}>`"))
}
