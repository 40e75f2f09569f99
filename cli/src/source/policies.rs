//! The inputs of `check` and `fmt`: where the texts come from. What they say, `cspc_core::deployment` reads.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use cspc_core::deployment::{self, Document, Form};

use crate::exit::Failure;

/// Arguments that name inputs.
#[derive(Debug, Args)]
#[group(id = "policy-inputs")]
pub(crate) struct Arguments {
    /// Files: a policy, a response's head, an HTML page, a `_headers` file, a HAR file or a plan; `-` is standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// A policy itself
    #[arg(long, value_name = "TEXT")]
    policy: Vec<String>,
    /// A response header, such as 'Content-Security-Policy: default-src *'
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// What the files are, where cspc would guess otherwise
    #[arg(long = "as", value_name = "KIND", value_parser = form_parser())]
    form: Option<Form>,
}

fn form_parser() -> impl TypedValueParser<Value = Form> {
    let values = Form::all().map(|(_, name, help)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Form>())
}

impl Arguments {
    /// Reads all inputs.
    pub(crate) fn read(&self) -> Result<Vec<Document>, Failure> {
        let mut documents = Vec::new();
        for text in &self.policy {
            documents.push(deployment::read("--policy", text, Some(Form::Policy))?);
        }
        if !self.header.is_empty() {
            let head = self.header.join("\n");
            documents.push(deployment::read("--header", &head, Some(Form::Headers))?);
        }
        for path in &self.inputs {
            documents.push(read_file(path, self.form)?);
        }
        match documents.is_empty() {
            true => Err(Failure::new("no input: expected a file, `-`, --policy or --header")),
            false => Ok(documents),
        }
    }

    /// The file that a document was read from, if it was one that can be written back.
    pub(crate) fn file(&self, document: &Document) -> Option<&Path> {
        let is_it = |path: &&PathBuf| path.display().to_string() == document.name;
        let file = self.inputs.iter().find(is_it)?;
        (file != Path::new("-")).then_some(file)
    }
}

/// Reads a file, or standard input, `-`.
pub(crate) fn read_file(path: &Path, form: Option<Form>) -> Result<Document, Failure> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(Failure::new(format!(
            "`{name}` is a folder: expected a file with a policy (`cspc build {name}` makes policies for a folder of pages)"
        )));
    }
    Ok(deployment::read(&name, &read(path, &name)?, form)?)
}

fn read(path: &Path, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let outcome = if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map(|_length| ())
    } else {
        fs::read(path).map(|content| bytes = content)
    };
    outcome.map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(Failure::new(format!(
            "`{name}` is text in UTF-16: save it as UTF-8, as with `iconv -f utf-16 -t utf-8`"
        )));
    }
    // A byte order mark says nothing in UTF-8, and is no part of a policy.
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("`{name}` is not text: byte {at} is not UTF-8"))
    })
}
