//! The inputs of `check`: policies, in whatever form they are written down.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cspc_core::csp::Delivery;
use cspc_core::inventory::{SiteOrigin, read_page};
use cspc_core::plan::Plan;

use crate::exit::Failure;

/// Arguments that name inputs.
#[derive(Debug, Args)]
#[group(id = "policy-inputs")]
pub(crate) struct Arguments {
    /// Files: a policy, a response's head, an HTML page, a `_headers` file or a plan; `-` is standard input
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
    /// Header lines, one a line
    Headers,
    /// A page with policies in `<meta>`
    Html,
    /// A plan in the format cspc.plan/1
    Plan,
}

/// The policies of one response.
#[derive(Debug)]
pub(crate) struct Response {
    /// The file, or the option that held them.
    pub(crate) name: String,
    /// The whole text, in which offsets count.
    pub(crate) text: String,
    /// Its policies.
    pub(crate) policies: Vec<Located>,
}

/// A policy and where in its response's text it begins.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) text: String,
    pub(crate) delivery: Delivery,
    /// Offset in the text; `None` if the policy is not there as it is, but escaped.
    pub(crate) offset: Option<usize>,
}

impl Arguments {
    /// Reads all inputs.
    pub(crate) fn read(&self) -> Result<Vec<Response>, Failure> {
        let mut responses = Vec::new();
        responses.extend(self.policy.iter().map(|text| plain("--policy", text)));
        if !self.header.is_empty() {
            responses.push(headers("--header", &self.header.join("\n"))?);
        }
        for path in &self.inputs {
            let name = path.display().to_string();
            let text = read(path, &name)?;
            responses.extend(self.parse(&name, &text)?);
        }
        match responses.is_empty() {
            true => {
                Err(Failure::new("nothing to check: expected a file, `-`, --policy or --header"))
            }
            false => Ok(responses),
        }
    }

    fn parse(&self, name: &str, text: &str) -> Result<Vec<Response>, Failure> {
        match self.kind.unwrap_or_else(|| detect(name, text)) {
            Kind::Policy => Ok(vec![plain(name, text)]),
            Kind::Headers => Ok(vec![headers(name, text)?]),
            Kind::Html => Ok(vec![html(name, text)?]),
            Kind::Plan => plan(name, text),
        }
    }
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

fn detect(name: &str, text: &str) -> Kind {
    let start = text.trim_start();
    let extension =
        Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if start.starts_with('{') {
        Kind::Plan
    } else if start.starts_with('<') || matches!(extension, "html" | "htm") {
        Kind::Html
    } else if start
        .lines()
        .any(|line| delivery_of(line.split(':').next().unwrap_or_default()).is_some())
        || start.starts_with("HTTP/")
    {
        Kind::Headers
    } else {
        Kind::Policy
    }
}

/// The delivery of a policy in a header of this name.
fn delivery_of(name: &str) -> Option<Delivery> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("content-security-policy") {
        Some(Delivery::Header)
    } else if name.eq_ignore_ascii_case("content-security-policy-report-only") {
        Some(Delivery::ReportOnly)
    } else {
        None
    }
}

fn plain(name: &str, text: &str) -> Response {
    let policy = Located { text: text.to_owned(), delivery: Delivery::Header, offset: Some(0) };
    Response { name: name.to_owned(), text: text.to_owned(), policies: vec![policy] }
}

fn headers(name: &str, text: &str) -> Result<Response, Failure> {
    let mut policies = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((field, value)) = line.split_once(':')
            && let Some(delivery) = delivery_of(field)
        {
            let offset = Some(start + field.len() + 1);
            policies.push(Located { text: value.trim_end().to_owned(), delivery, offset });
        }
        start += line.len();
    }
    if policies.is_empty() {
        return Err(Failure::new(format!("there is no Content-Security-Policy in `{name}`")));
    }
    Ok(Response { name: name.to_owned(), text: text.to_owned(), policies })
}

fn html(name: &str, text: &str) -> Result<Response, Failure> {
    let page = read_page("/", text.as_bytes(), &SiteOrigin::unknown());
    // Where references were decoded, the policy does not stand in the page as it is.
    let located = |policy: String| Located {
        offset: text.find(&policy),
        text: policy,
        delivery: Delivery::Meta,
    };
    let policies: Vec<Located> = page.meta_policies.into_iter().map(located).collect();
    if policies.is_empty() {
        return Err(Failure::new(format!("there is no policy in a <meta> of `{name}`")));
    }
    Ok(Response { name: name.to_owned(), text: text.to_owned(), policies })
}

/// Each rule of a plan answers for responses of its own.
fn plan(name: &str, text: &str) -> Result<Vec<Response>, Failure> {
    let plan: Plan = serde_json::from_str(text).map_err(|error| {
        Failure::new(format!("{name}:{}:{}: {error}", error.line(), error.column()))
    })?;
    let mut responses = Vec::new();
    for (index, rule) in plan.rules.iter().enumerate() {
        for header in &rule.headers {
            if let Some(delivery) = delivery_of(header.name.as_str()) {
                let text = header.value.as_str().to_owned();
                let policy = Located { text: text.clone(), delivery, offset: Some(0) };
                responses.push(Response {
                    name: format!("{name}#rules/{index}"),
                    text,
                    policies: vec![policy],
                });
            }
        }
    }
    Ok(responses)
}
