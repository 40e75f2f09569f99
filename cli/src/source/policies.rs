//! The inputs of `check` and `fmt`: policies, in whatever form they are written down.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cspc_core::csp::Delivery;
use cspc_core::inventory::{SiteOrigin, read_page};
use cspc_core::lint::{Extent, Field, Response, delivery_of};
use cspc_core::plan::Plan;
use serde::Deserialize;

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
    #[arg(long = "as", value_enum, value_name = "KIND")]
    kind: Option<Kind>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A policy alone
    Policy,
    /// The head of a response: header lines
    Headers,
    /// A page with policies in `<meta>`
    Html,
    /// A `_headers` file: header lines under the paths that they are for
    HeadersFile,
    /// An HTTP archive (HAR)
    Har,
    /// A plan in the format cspc.plan/1
    Plan,
}

/// A text with the responses that it tells of.
#[derive(Debug)]
pub(crate) struct Document {
    /// The file, or the option that held it.
    pub(crate) name: String,
    /// The file, if it can be written back.
    pub(crate) path: Option<PathBuf>,
    /// The whole text, in which offsets count.
    pub(crate) text: String,
    pub(crate) answers: Vec<Answer>,
    pub(crate) kind: Kind,
}

impl Document {
    /// The document with another text of the same kind.
    pub(crate) fn read_again(&self, text: String) -> Result<Self, Failure> {
        let document = parse(self.kind, &self.name, &text)?;
        Ok(Self { path: self.path.clone(), ..document })
    }
}

/// What is known of one response.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// What tells it apart from the others of the document.
    pub(crate) name: Option<String>,
    pub(crate) fields: Vec<Located>,
    extent: Extent,
}

/// A header or `<meta>` policy, and where in the document its value begins.
#[derive(Debug)]
pub(crate) struct Located {
    name: String,
    pub(crate) text: String,
    /// How a policy is delivered; `None` for other headers.
    pub(crate) delivery: Option<Delivery>,
    /// Offset in the text; `None` if the value is not there as it is, but escaped.
    pub(crate) offset: Option<usize>,
}

impl Located {
    fn policy(text: &str, delivery: Delivery, offset: Option<usize>) -> Self {
        Self { name: String::new(), text: text.to_owned(), delivery: Some(delivery), offset }
    }

    fn header(name: &str, value: &str, offset: Option<usize>) -> Self {
        let (value, skipped) = unwrapped(value);
        let offset = offset.map(|offset| offset + skipped);
        let delivery = delivery_of(name);
        Self { name: name.to_owned(), text: value.to_owned(), delivery, offset }
    }
}

impl Answer {
    /// The response as rules take it.
    pub(crate) fn response(&self) -> Response<'_> {
        let fields = self.fields.iter().map(|field| match field.delivery {
            Some(delivery) => Field::Policy { text: &field.text, delivery },
            None => Field::Header { name: &field.name, value: &field.text },
        });
        Response { fields: fields.collect(), extent: self.extent }
    }

    fn has_policy(&self) -> bool {
        self.fields.iter().any(|field| field.delivery.is_some())
    }
}

impl Arguments {
    /// Reads all inputs.
    pub(crate) fn read(&self) -> Result<Vec<Document>, Failure> {
        let mut documents = Vec::new();
        for text in &self.policy {
            documents.push(parse(Kind::Policy, "--policy", text)?);
        }
        if !self.header.is_empty() {
            documents.push(parse(Kind::Headers, "--header", &self.header.join("\n"))?);
        }
        for path in &self.inputs {
            documents.push(read_file(path, self.kind)?);
        }
        match documents.is_empty() {
            true => Err(Failure::new("no input: expected a file, `-`, --policy or --header")),
            false => Ok(documents),
        }
    }
}

pub(crate) fn read_file(path: &Path, kind: Option<Kind>) -> Result<Document, Failure> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(Failure::new(format!(
            "`{name}` is a folder: expected a file with a policy (`cspc build {name}` makes policies for a folder of pages)"
        )));
    }
    let text = read(path, &name)?;
    let mut document = read_text(&name, &text, kind)?;
    document.path = (path != Path::new("-")).then(|| path.to_owned());
    Ok(document)
}

/// Reads a text; the name says what it is where `kind` does not.
pub(crate) fn read_text(name: &str, text: &str, kind: Option<Kind>) -> Result<Document, Failure> {
    let known = kind.unwrap_or_else(|| detect(name, text));
    if kind.is_none() && known == Kind::Policy && text.trim_start().starts_with(NO_POLICY) {
        return Err(Failure::new(format!(
            "`{name}` looks like no input that cspc knows: if it is a policy, say so with --as policy"
        )));
    }
    parse(known, name, text)
}

fn parse(kind: Kind, name: &str, text: &str) -> Result<Document, Failure> {
    let answers = match kind {
        Kind::Policy => vec![policy(text)],
        Kind::Headers => vec![head(name, text)?],
        Kind::Html => vec![html(name, text)?],
        Kind::HeadersFile => headers_file(name, text)?,
        Kind::Har => har(name, text)?,
        Kind::Plan => plan(name, text)?,
    };
    Ok(Document { name: name.to_owned(), path: None, text: text.to_owned(), answers, kind })
}

fn read(path: &Path, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let outcome = if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map(|_length| ())
    } else {
        fs::read(path).map(|content| bytes = content)
    };
    outcome.map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("`{name}` is not text: byte {at} is not UTF-8"))
    })
}

/// What no policy begins with, however badly it is written: comments, markup and settings of other formats.
const NO_POLICY: [char; 8] = ['#', '/', '!', '=', '-', '[', '@', '%'];

fn detect(name: &str, text: &str) -> Kind {
    let start = text.trim_start();
    let path = Path::new(name);
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let is_policy_line =
        |line: &str| delivery_of(line.split(':').next().unwrap_or_default().trim()).is_some();
    if path.file_name().is_some_and(|name| name == "_headers") {
        Kind::HeadersFile
    } else if start.starts_with('{') {
        let is_har = extension == "har"
            || start.get(1..).is_some_and(|rest| rest.trim_start().starts_with("\"log\""));
        if is_har { Kind::Har } else { Kind::Plan }
    } else if start.starts_with('<') || matches!(extension, "html" | "htm") {
        Kind::Html
    } else if start.starts_with("HTTP/") || start.lines().any(is_policy_line) {
        let is_path = |line: &str| line.starts_with('/') || line.starts_with("https://");
        if start.lines().next().is_some_and(is_path) { Kind::HeadersFile } else { Kind::Headers }
    } else {
        Kind::Policy
    }
}

/// What browsers' consoles write before the part of a policy that blocked something, and what ends it.
static CONSOLE: [(&str, char); 3] = [
    ("Content Security Policy directive: \"", '"'),
    ("violates the following directive: “", '”'),
    ("violates the following directive: \"", '"'),
];

/// A policy alone, or one in the message of a browser's console.
fn policy(text: &str) -> Answer {
    let quoted = CONSOLE.iter().find_map(|(mark, end)| {
        let start = text.find(mark)? + mark.len();
        let length = text.get(start..)?.find(*end)?;
        Some((text.get(start..start + length)?, start))
    });
    let extent = if quoted.is_some() { Extent::Excerpt } else { Extent::Policies };
    let (value, offset) = quoted.unwrap_or_else(|| unwrapped(text));
    let policy = Located::policy(value, Delivery::Header, Some(offset));
    Answer { fields: vec![policy], extent, name: None }
}

/// A value without what YAML or a programming language puts around it, and how much was before it.
fn unwrapped(text: &str) -> (&str, usize) {
    let start = text.len() - text.trim_start().len();
    let mut value = text.trim();
    let mut skipped = start;
    for mark in [">-", "|-", ">", "|"] {
        if let Some(rest) = value.strip_prefix(mark)
            && rest.starts_with(['\n', '\r'])
        {
            skipped += mark.len();
            value = rest;
            break;
        }
    }
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = quoted.filter(|inner| !inner.contains('"')) {
        skipped += 1;
        value = inner;
    }
    (value, skipped)
}

/// Header lines up to the first blank one. A line that begins with white space goes on with the value before.
fn head(name: &str, text: &str) -> Result<Answer, Failure> {
    let is_head = text.trim_start().starts_with("HTTP/");
    let mut answer = Answer {
        extent: if is_head { Extent::Head } else { Extent::Policies },
        ..Answer::default()
    };
    let mut lines = lines(text).peekable();
    while let Some((start, line)) = lines.next() {
        if line.trim().is_empty() && !answer.fields.is_empty() {
            break;
        }
        let mut end = start + line.len();
        while let Some((at, next)) = lines.next_if(|(_, next)| is_continued(next)) {
            end = at + next.len();
        }
        let whole = text.get(start..end).unwrap_or_default();
        if let Some((field, value)) = whole.split_once(':')
            && !field.starts_with("HTTP/")
        {
            let offset = Some(start + field.len() + 1);
            answer.fields.push(Located::header(field.trim().trim_matches('"'), value, offset));
        }
    }
    if !answer.has_policy() && !is_head {
        return Err(Failure::new(format!("there is no Content-Security-Policy in `{name}`")));
    }
    Ok(answer)
}

fn is_continued(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !line.trim().is_empty()
}

/// The lines with their offsets.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

/// Header lines, indented under the paths that they are for; each path is a response of its own.
fn headers_file(name: &str, text: &str) -> Result<Vec<Answer>, Failure> {
    let mut answers: Vec<Answer> = Vec::new();
    for (start, line) in lines(text) {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            answers.push(Answer { name: Some(content.to_owned()), ..Answer::default() });
        } else if let (Some(answer), Some((field, value))) =
            (answers.last_mut(), line.split_once(':'))
        {
            let offset = Some(start + field.len() + 1);
            answer.fields.push(Located::header(field.trim(), value, offset));
        }
    }
    answers.retain(Answer::has_policy);
    if answers.is_empty() {
        return Err(Failure::new(format!("there is no Content-Security-Policy in `{name}`")));
    }
    Ok(answers)
}

fn html(name: &str, text: &str) -> Result<Answer, Failure> {
    let page = read_page("/", text.as_bytes(), &SiteOrigin::unknown());
    let mut from = 0;
    let mut fields = Vec::new();
    for policy in &page.meta_policies {
        // Where references were decoded, the policy does not stand in the page as it is.
        let offset = text.get(from..).and_then(|rest| rest.find(policy)).map(|at| from + at);
        from = offset.map_or(from, |offset| offset + policy.len());
        fields.push(Located::policy(policy, Delivery::Meta, offset));
    }
    if fields.is_empty() {
        return Err(Failure::new(format!(
            "there is no policy in a <meta> of `{name}`; a page's policy may be in its headers: check those, too"
        )));
    }
    Ok(Answer { fields, ..Answer::default() })
}

/// What is read of an HTTP archive.
#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Received,
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct Received {
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

impl Received {
    /// Whether it is a page, which is what policies are for.
    fn is_page(&self) -> bool {
        let is_html = |header: &Header| {
            header.name.eq_ignore_ascii_case("content-type")
                && header.value.trim_start().to_ascii_lowercase().starts_with("text/html")
        };
        self.headers.iter().any(is_html)
    }
}

fn har(name: &str, text: &str) -> Result<Vec<Answer>, Failure> {
    let har: Har = parsed(name, text)?;
    let mut answers = Vec::new();
    for entry in har.log.entries.iter().filter(|entry| entry.response.is_page()) {
        let headers = entry.response.headers.iter();
        let fields = headers.map(|header| Located::header(&header.name, &header.value, None));
        let url = Some(entry.request.url.clone());
        answers.push(Answer { name: url, fields: fields.collect(), extent: Extent::Head });
    }
    if answers.is_empty() {
        return Err(Failure::new(format!("there is no page among the responses in `{name}`")));
    }
    Ok(answers)
}

/// Each rule of a plan answers for responses of its own.
fn plan(name: &str, text: &str) -> Result<Vec<Answer>, Failure> {
    let plan: Plan = parsed(name, text)?;
    let mut answers = Vec::new();
    for (index, rule) in plan.rules.iter().enumerate() {
        let headers = rule.headers.iter();
        let fields = headers
            .map(|header| Located::header(header.name.as_str(), header.value.as_str(), None));
        let answer = Answer {
            name: Some(format!("rules/{index}")),
            fields: fields.collect(),
            extent: Extent::Policies,
        };
        if answer.has_policy() {
            answers.push(answer);
        }
    }
    Ok(answers)
}

pub(crate) fn parsed<'t, T: Deserialize<'t>>(name: &str, text: &'t str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        Failure::new(format!("{name}:{}:{}: {error}", error.line(), error.column()))
    })
}
