//! Questions in JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::csp::{HashAlgorithm, SourceExpression};
use crate::enforce::{Destination, Engine, Initiator, Inline, InlineKind, Question, Request};

/// A question: what is asked, and what two of the questions say beside it.
///
/// ```
/// use cspc_core::wire::Asked;
/// let asked: Asked = serde_json::from_str(r#"{"form_action":"https://a.example/","redirect_count":1}"#).unwrap();
/// assert_eq!(asked.redirect_count, 1);
/// ```
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Asked {
    /// What is asked.
    #[serde(flatten)]
    pub ask: Ask,
    /// How many redirects led to a form's target.
    #[serde(default, skip_serializing_if = "is_default")]
    pub redirect_count: u32,
    /// Whether there is a Trusted Types policy of the name already.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exists: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What is asked: one key of this name.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// May this be fetched?
    Request(RequestText),
    /// May this inline item run or apply?
    Inline(InlineText),
    /// May a string be compiled to code? `true`, or the string.
    Eval(Code),
    /// May WebAssembly be compiled?
    Wasm(bool),
    /// May WebRTC connect?
    Webrtc(bool),
    /// May this be the document's base URL?
    Base(String),
    /// May a form be submitted to this URL?
    FormAction(String),
    /// May these embed the document, the nearest first?
    Ancestors(Vec<String>),
    /// May a worker that came with these policies run?
    RunWorker(bool),
    /// Is this, one of HTML's sandboxing keywords, allowed to the document?
    Sandbox(String),
    /// May a string go where scripts can be injected?
    TrustedTypesSink(bool),
    /// May a Trusted Types policy of this name be created?
    TrustedTypesPolicy(String),
}

/// A request; `destination` has the names of the Fetch standard, and `prefetch`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct RequestText {
    /// The current URL; one that starts with a slash is relative to the page.
    pub url: String,
    /// What it is for.
    pub destination: String,
    /// `prefetch`, if the request is a resource hint.
    #[serde(skip_serializing_if = "is_default")]
    pub initiator: String,
    /// The nonce, or nothing.
    #[serde(skip_serializing_if = "is_default")]
    pub nonce: String,
    /// The integrity metadata, or nothing.
    #[serde(skip_serializing_if = "is_default")]
    pub integrity: String,
    /// Whether the parser inserted the element.
    #[serde(skip_serializing_if = "is_default")]
    pub parser_inserted: bool,
    /// How many redirects led to the URL.
    #[serde(skip_serializing_if = "is_default")]
    pub redirect_count: u32,
    /// Whether it outlives the page, as a beacon does.
    #[serde(skip_serializing_if = "is_default")]
    pub keepalive: bool,
}

/// An inline item.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct InlineText {
    /// `script`, `event-handler`, `javascript-url`, `style` or `style-attribute`.
    pub kind: String,
    /// The code; for a `javascript:` URL the whole of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub content: String,
    /// A hash of the code, such as `sha256-…`, where that is all that is known of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hash: Option<String>,
    /// The element's nonce, or nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nonce: String,
    /// Whether the parser inserted the element; it did unless it is said not to have.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parser_inserted: Option<bool>,
    /// The element's name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tag: Option<String>,
    /// The element's attributes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attributes: BTreeMap<String, String>,
    /// Whether one of them stood there twice.
    #[serde(default, skip_serializing_if = "is_default")]
    pub duplicate_attribute: bool,
}

/// `true`, or code.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Code {
    /// Some code.
    Any(bool),
    /// This code.
    Text(String),
}

/// Why a question cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// A URL that no parser takes.
    #[error("`{text}` is not a URL: {error}")]
    Url {
        /// As it was written.
        text: String,
        /// What is wrong with it.
        error: url::ParseError,
    },
    /// A name that is not one of a list.
    #[error("`{text}` is not {what}: expected one of {expected}")]
    Name {
        /// As it was written.
        text: String,
        /// What was expected.
        what: &'static str,
        /// The names there are.
        expected: String,
    },
}

impl Asked {
    /// The question in the terms of [`enforce`](crate::enforce), of a page of this origin.
    pub(super) fn question(&self, page: &str) -> Result<Question, AskError> {
        let url = |text: &String| url(text, page);
        Ok(match &self.ask {
            Ask::Request(request) => Question::Request(request.request(page)?),
            Ask::Inline(inline) => Question::Inline(inline.inline()?),
            Ask::Eval(Code::Any(_)) => Question::Eval(String::new()),
            Ask::Eval(Code::Text(code)) => Question::Eval(code.clone()),
            Ask::Wasm(_) => Question::Wasm,
            Ask::Webrtc(_) => Question::Webrtc,
            Ask::Base(base) => Question::Base(url(base)?),
            Ask::FormAction(action) => {
                Question::FormAction { url: url(action)?, redirect_count: self.redirect_count }
            }
            Ask::Ancestors(chain) => {
                let ancestor = |text: &String| (text != "null").then(|| url(text)).transpose();
                Question::Ancestors(chain.iter().map(ancestor).collect::<Result<_, _>>()?)
            }
            Ask::RunWorker(_) => Question::RunWorker,
            Ask::Sandbox(flag) => Question::Sandbox(flag.clone()),
            Ask::TrustedTypesSink(_) => Question::TrustedTypesSink,
            Ask::TrustedTypesPolicy(name) => {
                Question::TrustedTypesPolicy { name: name.clone(), exists: self.exists }
            }
        })
    }
}

impl From<&Question> for Asked {
    fn from(question: &Question) -> Self {
        let (mut redirects, mut taken) = (0, false);
        let ask = match question {
            Question::Request(request) => Ask::Request(request.into()),
            Question::Inline(item) => Ask::Inline(item.into()),
            Question::Eval(code) if code.is_empty() => Ask::Eval(Code::Any(true)),
            Question::Eval(code) => Ask::Eval(Code::Text(code.clone())),
            Question::Wasm => Ask::Wasm(true),
            Question::Webrtc => Ask::Webrtc(true),
            Question::Base(url) => Ask::Base(url.to_string()),
            Question::FormAction { url, redirect_count } => {
                redirects = *redirect_count;
                Ask::FormAction(url.to_string())
            }
            Question::Ancestors(chain) => Ask::Ancestors(chain.iter().map(ancestor).collect()),
            Question::RunWorker => Ask::RunWorker(true),
            Question::Sandbox(flag) => Ask::Sandbox(flag.clone()),
            Question::TrustedTypesSink => Ask::TrustedTypesSink(true),
            Question::TrustedTypesPolicy { name, exists } => {
                taken = *exists;
                Ask::TrustedTypesPolicy(name.clone())
            }
        };
        Self { ask, redirect_count: redirects, exists: taken }
    }
}

fn ancestor(url: &Option<Url>) -> String {
    url.as_ref().map_or_else(|| "null".to_owned(), |url| url.origin().ascii_serialization())
}

impl From<&Request> for RequestText {
    fn from(request: &Request) -> Self {
        Self {
            url: request.url.to_string(),
            destination: request.destination.as_str().to_owned(),
            initiator: request.initiator.as_str().to_owned(),
            nonce: request.nonce.clone(),
            integrity: request.integrity.clone(),
            parser_inserted: request.parser_inserted,
            redirect_count: request.redirect_count,
            keepalive: request.keepalive,
        }
    }
}

impl From<&Inline> for InlineText {
    fn from(item: &Inline) -> Self {
        Self {
            kind: item.kind.as_str().to_owned(),
            content: item.content.clone(),
            hash: item
                .hash
                .as_ref()
                .map(|(algorithm, value)| format!("{}-{value}", algorithm.as_str())),
            nonce: item.nonce.clone(),
            parser_inserted: (!item.parser_inserted).then_some(false),
            tag: item.tag.clone(),
            attributes: item.attributes.clone(),
            duplicate_attribute: item.duplicate_attribute,
        }
    }
}

impl RequestText {
    fn request(&self, page: &str) -> Result<Request, AskError> {
        let destination = Destination::from_name(&self.destination).ok_or_else(|| {
            unknown(&self.destination, "a destination of the Fetch standard", Destination::names())
        })?;
        Ok(Request {
            url: url(&self.url, page)?,
            destination,
            initiator: Initiator::from_name(&self.initiator),
            nonce: self.nonce.clone(),
            integrity: self.integrity.clone(),
            parser_inserted: self.parser_inserted,
            redirect_count: self.redirect_count,
            keepalive: self.keepalive,
        })
    }
}

impl InlineText {
    fn inline(&self) -> Result<Inline, AskError> {
        let kind = InlineKind::from_name(&self.kind)
            .ok_or_else(|| unknown(&self.kind, "a kind of inline code", InlineKind::names()))?;
        Ok(Inline {
            kind,
            content: self.content.clone(),
            hash: self.hash.as_deref().map(hash).transpose()?,
            nonce: self.nonce.clone(),
            parser_inserted: self.parser_inserted.unwrap_or(true),
            tag: self.tag.clone(),
            attributes: self.attributes.clone(),
            duplicate_attribute: self.duplicate_attribute,
        })
    }
}

pub(super) fn engine(name: &str) -> Result<Engine, AskError> {
    Engine::from_name(name)
        .ok_or_else(|| unknown(name, "an engine", Engine::ALL.into_iter().map(Engine::as_str)))
}

fn hash(text: &str) -> Result<(HashAlgorithm, String), AskError> {
    match SourceExpression::parse(&format!("'{text}'")) {
        SourceExpression::Hash(algorithm, value) => Ok((algorithm, value.to_owned())),
        _ => Err(unknown(text, "a hash", ["sha256-…", "sha384-…", "sha512-…"].into_iter())),
    }
}

/// A URL. Only one that starts with a slash is relative to the page: a host without a scheme would be a path there.
fn url(text: &str, page: &str) -> Result<Url, AskError> {
    let base = if text.starts_with('/') { Url::parse(page).ok() } else { None };
    Url::options().base_url(base.as_ref()).parse(text).map_err(unreadable(text))
}

pub(super) fn unreadable(text: &str) -> impl FnOnce(url::ParseError) -> AskError {
    move |error| AskError::Url { text: text.to_owned(), error }
}

fn unknown(text: &str, what: &'static str, names: impl Iterator<Item = &'static str>) -> AskError {
    let quoted: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    AskError::Name { text: text.to_owned(), what, expected: quoted.join(", ") }
}
