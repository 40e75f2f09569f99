//! The inputs of `check` and `fmt`: where the texts come from. What they say, `cspc_core::deployment` reads.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use cspc_core::deployment::{self, Document, Form, Includes, ReadError};
use url::Url;

use super::includes::Beside;
use super::{estate, fetch, text};
use crate::exit::{Failure, visible};

/// Arguments that name inputs.
#[derive(Debug, Args)]
#[group(id = "policy-inputs")]
pub(crate) struct Arguments {
    /// Files: a policy, a response's head, an HTML page, a `_headers` file, a configuration of nginx, Apache or Caddy with what it includes, a HAR file or a plan; `-` is standard input. Or a URL, `https://…`, which is fetched
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
    #[command(flatten)]
    pub(crate) fetch: fetch::Arguments,
}

/// What to say where there is nothing to read.
pub(crate) const NO_INPUT: &str = "no input: expected a file, `-`, a URL, --policy or --header";

/// What makes a document of a text and its name.
type Reader = fn(&str, &str, Option<Form>, &mut dyn Includes) -> Result<Document, ReadError>;

fn form_parser() -> impl TypedValueParser<Value = Form> {
    let values = Form::all().map(|(_, name, help)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Form>())
}

impl Arguments {
    /// Reads all inputs for their policies.
    pub(crate) fn read(&self) -> Result<Vec<Document>, Failure> {
        let mut documents = self.documents(deployment::read_with)?;
        for url in self.urls()? {
            documents.push(document(&url, &self.fetch, deployment::read_with)?);
        }
        match documents.is_empty() {
            true => Err(Failure::new(NO_INPUT)),
            false => Ok(documents),
        }
    }

    /// Reads all inputs for all that rules judge, live hosts last; and why others could not be read.
    pub(crate) fn read_judged(
        &self,
        estate: &estate::Arguments,
    ) -> Result<(Vec<Document>, Vec<Failure>), Failure> {
        let mut documents = self.documents(deployment::read_judged_with)?;
        let urls = [self.urls()?, estate.urls()?].concat();
        let read = |url: &Url| document(url, &self.fetch, deployment::read_judged_with);
        let mut failures = Vec::new();
        for answer in estate.ask(&urls, read)? {
            match answer {
                Ok(document) => documents.push(document),
                Err(failure) if urls.len() > 1 => failures.push(failure),
                Err(failure) => return Err(failure),
            }
        }
        match documents.is_empty() && failures.is_empty() {
            true => Err(Failure::new(NO_INPUT)),
            false => Ok((documents, failures)),
        }
    }

    /// Reads all inputs that are no URLs, responses without a policy included.
    pub(crate) fn read_responses(&self) -> Result<Vec<Document>, Failure> {
        if let Some(folder) = self.inputs.iter().find(|input| input.is_dir()) {
            let name = folder.display();
            return Err(Failure::new(format!(
                "`{name}` is a folder: for one of built pages, run `cspc build {name} --emit json | cspc grade -`; for one of captured responses, `cspc grade {name}/*`"
            )));
        }
        self.documents(deployment::read_responses_with)
    }

    /// The inputs that are URLs.
    pub(crate) fn urls(&self) -> Result<Vec<Url>, Failure> {
        self.inputs.iter().filter_map(|input| url(input).transpose()).collect()
    }

    fn documents(&self, reader: Reader) -> Result<Vec<Document>, Failure> {
        let mut documents = Vec::new();
        let none = &mut Beside::new(Path::new(""));
        for text in &self.policy {
            documents.push(reader("--policy", text, Some(Form::Policy), none)?);
        }
        if !self.header.is_empty() {
            let head = self.header.join("\n");
            documents.push(reader("--header", &head, Some(Form::Headers), none)?);
        }
        for path in &self.inputs {
            if url(path)?.is_none() {
                let (name, text) = named_text(path)?;
                documents.push(reader(&name, &text, self.form, &mut Beside::new(path))?);
            }
        }
        Ok(documents)
    }

    /// The file that a document was read from, if it was one that can be written back.
    pub(crate) fn file(&self, document: &Document) -> Option<&Path> {
        let is_it = |path: &&PathBuf| path.display().to_string() == document.name;
        let file = self.inputs.iter().find(is_it)?;
        (file != Path::new("-") && !fetch::is_url(&document.name)).then_some(file)
    }
}

/// Reads a file, standard input, `-`, or a URL.
pub(crate) fn read_file(path: &Path, form: Option<Form>) -> Result<Document, Failure> {
    if let Some(url) = url(path)? {
        return document(&url, &fetch::Arguments::default(), deployment::read_with);
    }
    let (name, text) = named_text(path)?;
    Ok(deployment::read_with(&name, &text, form, &mut Beside::new(path))?)
}

/// The URL that an input is, if it is one.
fn url(input: &Path) -> Result<Option<Url>, Failure> {
    let Some(text) = input.to_str().filter(|text| fetch::is_url(text)) else { return Ok(None) };
    let url = Url::parse(text);
    url.map(Some).map_err(|error| Failure::new(format!("`{text}` is no URL: {error}")))
}

/// The response at the end of a URL's redirects.
fn document(url: &Url, arguments: &fetch::Arguments, reader: Reader) -> Result<Document, Failure> {
    let fetched = fetch::Client::new(arguments)?.fetch(url)?;
    if fetched.route.len() > 1 {
        crate::exit::say!("{}", visible(&fetch::shown(fetched.route.iter())));
    }
    let none = &mut Beside::new(Path::new(""));
    Ok(reader(url.as_str(), &fetched.to_text(), Some(Form::Headers), none)?)
}

/// The name of a file, and its text.
fn named_text(path: &Path) -> Result<(String, String), Failure> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(Failure::new(format!(
            "`{name}` is a folder: expected a file with a policy, or a plan (`cspc build {name} --emit json` makes one for a folder of pages)"
        )));
    }
    let text = text::read(path, &name)?;
    Ok((name, text))
}
