//! The machine formats of questions and answers: the shapes of `cspc explain --batch`, the same for every caller.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::csp::{Delivery, Policy, parse_list};
use crate::enforce::{
    Destination, EnforcedPolicy, Engine, Initiator, Inline, InlineKind, Question, Request,
    SelfOrigin, Verdict, decide,
};
use crate::text::Span;

/// A question to a set of policies, such as
/// `{"self":"https://e.example","policies":[{"value":"script-src 'self'"}],"eval":true}`.
#[derive(Clone, Debug, Deserialize)]
pub struct Explain {
    /// The serialized origin of the page, or `null` for an opaque one.
    #[serde(rename = "self")]
    pub self_origin: String,
    /// The policies in force, in any number.
    pub policies: Vec<PolicyText>,
    /// `spec`, `chromium`, `firefox` or `webkit`; `spec` if absent.
    #[serde(default)]
    pub engine: Option<String>,
    /// How many redirects led to a form's target.
    #[serde(default)]
    pub redirect_count: u32,
    /// What is asked.
    #[serde(flatten)]
    pub ask: Ask,
}

/// The value of a header or of a `<meta>`, which may be a list of policies.
#[derive(Clone, Debug, Deserialize)]
pub struct PolicyText {
    /// The text.
    pub value: String,
    /// Whether it blocks or only reports.
    #[serde(default)]
    pub disposition: DispositionName,
    /// Whether it stands in a `<meta>`, where some directives do not count.
    #[serde(default)]
    pub meta: bool,
}

impl PolicyText {
    /// A value that came this way.
    pub fn delivered(value: impl Into<String>, delivery: Delivery) -> Self {
        let disposition = match delivery {
            Delivery::ReportOnly => DispositionName::Report,
            Delivery::Header | Delivery::Meta => DispositionName::Enforce,
        };
        Self { value: value.into(), disposition, meta: delivery == Delivery::Meta }
    }

    fn delivery(&self) -> Delivery {
        match self.disposition {
            DispositionName::Report => Delivery::ReportOnly,
            DispositionName::Enforce if self.meta => Delivery::Meta,
            DispositionName::Enforce => Delivery::Header,
        }
    }
}

/// A disposition's name.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DispositionName {
    /// Violations are blocked.
    #[default]
    Enforce,
    /// Violations are only reported.
    Report,
}

/// What is asked: one key of this name.
#[derive(Clone, Debug, Deserialize)]
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
    /// May a Trusted Types policy of this name be created?
    TrustedTypesPolicy(String),
}

/// A request; `destination` has the names of the Fetch standard, and `prefetch`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RequestText {
    /// The current URL.
    pub url: String,
    /// What it is for.
    pub destination: String,
    /// `prefetch`, if the request is a resource hint.
    pub initiator: String,
    /// The nonce, or nothing.
    pub nonce: String,
    /// The integrity metadata, or nothing.
    pub integrity: String,
    /// Whether the parser inserted the element.
    pub parser_inserted: bool,
    /// How many redirects led to the URL.
    pub redirect_count: u32,
}

/// An inline item.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct InlineText {
    /// `script`, `event-handler`, `javascript-url`, `style` or `style-attribute`.
    pub kind: String,
    /// The code; for a `javascript:` URL the whole of it.
    #[serde(default)]
    pub content: String,
    /// The element's nonce, or nothing.
    #[serde(default)]
    pub nonce: String,
    /// Whether the parser inserted the element; it did unless it is said not to have.
    #[serde(default)]
    pub parser_inserted: Option<bool>,
    /// The element's name.
    #[serde(default)]
    pub tag: Option<String>,
    /// The element's attributes.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Whether one of them stood there twice.
    #[serde(default)]
    pub duplicate_attribute: bool,
}

/// `true`, or code.
#[derive(Clone, Debug, Deserialize)]
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

/// The answer: `{"allowed":false,"violations":[…],"matches":[]}`.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// Whether no enforced policy objects.
    pub allowed: bool,
    /// The objections, those that are only reported among them.
    pub violations: Vec<Objection>,
    /// The consents.
    pub matches: Vec<Consent>,
}

/// One policy's objection.
#[derive(Clone, Debug, Serialize)]
pub struct Objection {
    /// Which of the given policies, counted from 0.
    pub policy: usize,
    /// `enforce` or `report`.
    pub disposition: &'static str,
    /// The directive that a report would name.
    pub effective: &'static str,
    /// The directive that decided.
    pub directive: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Where the deciding directive stands, in bytes of the policy's value.
    pub span: [usize; 2],
    /// Where the expression stands that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<[usize; 2]>,
    /// The smallest addition that would allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_allow: Option<String>,
    /// The sample that a report would hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
}

/// One policy's consent.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// Which of the given policies, counted from 0.
    pub policy: usize,
    /// The directive that a report would name.
    pub effective: &'static str,
    /// The directive that decided.
    pub directive: &'static str,
    /// Where the deciding directive stands, in bytes of the policy's value.
    pub span: [usize; 2],
    /// Where the expression stands that allowed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<[usize; 2]>,
}

impl Explain {
    /// Asks the question.
    ///
    /// # Errors
    /// If a URL, an origin or a name in it is none.
    ///
    /// ```
    /// use cspc_core::wire::Explain;
    /// let line = r#"{"self":"https://e.example","policies":[{"value":"script-src 'self'"}],"eval":true}"#;
    /// let question: Explain = serde_json::from_str(line).unwrap();
    /// let answer = question.answer().unwrap();
    /// assert!(!answer.allowed);
    /// assert_eq!(answer.violations[0].reason, "eval-not-allowed");
    /// ```
    pub fn answer(&self) -> Result<Explained, AskError> {
        let origin =
            self.self_origin.parse::<SelfOrigin>().map_err(unreadable(&self.self_origin))?;
        let engine = self.engine.as_deref().map_or(Ok(Engine::default()), engine)?;
        let question = self.ask.question(self.redirect_count)?;
        let parsed: Vec<(usize, Delivery, Policy<'_>)> = self
            .policies
            .iter()
            .enumerate()
            .flat_map(|(index, text)| {
                let delivery = text.delivery();
                parse_list(&text.value, delivery)
                    .into_iter()
                    .map(move |policy| (index, delivery, policy))
            })
            .collect();
        let policies: Vec<_> = parsed
            .iter()
            .map(|(_, delivery, policy)| EnforcedPolicy::new(policy, *delivery))
            .collect();
        let given = |policy: usize| parsed.get(policy).map_or(policy, |(index, ..)| *index);
        Ok(Explained::new(decide(&policies, &origin, &question, engine), given))
    }
}

impl Ask {
    /// The question in the terms of [`enforce`](crate::enforce).
    fn question(&self, redirect_count: u32) -> Result<Question, AskError> {
        Ok(match self {
            Self::Request(request) => Question::Request(request.request()?),
            Self::Inline(inline) => Question::Inline(inline.inline()?),
            Self::Eval(Code::Any(_)) => Question::Eval(String::new()),
            Self::Eval(Code::Text(code)) => Question::Eval(code.clone()),
            Self::Wasm(_) => Question::Wasm,
            Self::Webrtc(_) => Question::Webrtc,
            Self::Base(base) => Question::Base(url(base)?),
            Self::FormAction(action) => Question::FormAction { url: url(action)?, redirect_count },
            Self::Ancestors(chain) => {
                let ancestor = |text: &String| (text != "null").then(|| url(text)).transpose();
                Question::Ancestors(chain.iter().map(ancestor).collect::<Result<_, _>>()?)
            }
            Self::TrustedTypesPolicy(name) => {
                Question::TrustedTypesPolicy { name: name.clone(), exists: false }
            }
        })
    }
}

impl RequestText {
    fn request(&self) -> Result<Request, AskError> {
        let destination = Destination::from_name(&self.destination).ok_or_else(|| {
            unknown(&self.destination, "a destination of the Fetch standard", Destination::names())
        })?;
        Ok(Request {
            url: url(&self.url)?,
            destination,
            initiator: Initiator::from_name(&self.initiator),
            nonce: self.nonce.clone(),
            integrity: self.integrity.clone(),
            parser_inserted: self.parser_inserted,
            redirect_count: self.redirect_count,
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
            nonce: self.nonce.clone(),
            parser_inserted: self.parser_inserted.unwrap_or(true),
            tag: self.tag.clone(),
            attributes: self.attributes.clone(),
            duplicate_attribute: self.duplicate_attribute,
        })
    }
}

impl Explained {
    /// The verdict, with the policies counted as they were given.
    fn new(verdict: Verdict, given: impl Fn(usize) -> usize) -> Self {
        let violations = verdict.violations.into_iter().map(|violation| Objection {
            policy: given(violation.policy),
            disposition: violation.disposition.as_str(),
            effective: violation.effective.as_str(),
            directive: violation.directive.as_str(),
            reason: violation.reason.as_str(),
            span: offsets(violation.directive_span),
            expression: violation.expression.map(offsets),
            would_allow: violation.would_allow,
            sample: violation.sample,
        });
        let matches = verdict.matches.into_iter().map(|consent| Consent {
            policy: given(consent.policy),
            effective: consent.effective.as_str(),
            directive: consent.directive.as_str(),
            span: offsets(consent.directive_span),
            expression: consent.expression.map(offsets),
        });
        Self {
            allowed: verdict.allowed,
            violations: violations.collect(),
            matches: matches.collect(),
        }
    }
}

fn offsets(span: Span) -> [usize; 2] {
    [span.start, span.end]
}

fn engine(name: &str) -> Result<Engine, AskError> {
    Engine::from_name(name)
        .ok_or_else(|| unknown(name, "an engine", Engine::ALL.into_iter().map(Engine::as_str)))
}

fn url(text: &str) -> Result<Url, AskError> {
    Url::parse(text).map_err(unreadable(text))
}

fn unreadable(text: &str) -> impl FnOnce(url::ParseError) -> AskError {
    move |error| AskError::Url { text: text.to_owned(), error }
}

fn unknown(text: &str, what: &'static str, names: impl Iterator<Item = &'static str>) -> AskError {
    let quoted: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    AskError::Name { text: text.to_owned(), what, expected: quoted.join(", ") }
}
