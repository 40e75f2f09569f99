//! Questions as the vectors of browsers hold them.

use std::collections::BTreeMap;

use cspc_core::csp::{Delivery, Policy, parse_list};
use cspc_core::enforce::{
    Destination, EnforcedPolicy, Engine, Initiator, Inline, InlineKind, Question, Request,
    SelfOrigin, Verdict, decide,
};
use serde::{Deserialize, Serialize};
use url::Url;

/// How a header or element carries a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// `Content-Security-Policy`.
    Header,
    /// `<meta http-equiv>`.
    Meta,
    /// `Content-Security-Policy-Report-Only`.
    ReportOnly,
}

impl From<Carrier> for Delivery {
    fn from(carrier: Carrier) -> Self {
        match carrier {
            Carrier::Header => Self::Header,
            Carrier::Meta => Self::Meta,
            Carrier::ReportOnly => Self::ReportOnly,
        }
    }
}

/// One policy of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// How it comes.
    pub by: Carrier,
    /// The serialized policy.
    pub policy: String,
}

/// A question that a browser answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Asked {
    /// [`Question::Request`].
    Request(AskedRequest),
    /// [`Question::Inline`].
    Inline(AskedInline),
    /// [`Question::Eval`].
    Eval {
        /// The string.
        source: String,
    },
    /// [`Question::Wasm`].
    Wasm,
    /// [`Question::Base`].
    Base {
        /// The URL.
        url: Url,
    },
    /// [`Question::FormAction`].
    FormAction {
        /// Where to.
        url: Url,
        /// After so many redirects.
        redirect_count: u32,
    },
    /// [`Question::Ancestors`].
    Ancestors {
        /// The nearest first.
        urls: Vec<Url>,
    },
    /// [`Question::Sandbox`].
    Sandbox {
        /// The keyword.
        flag: String,
    },
    /// [`Question::TrustedTypesSink`].
    Sink,
    /// [`Question::TrustedTypesPolicy`].
    TrustedTypesPolicy {
        /// Its name.
        name: String,
        /// Whether there is one already.
        exists: bool,
    },
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedRequest {
    /// Its current URL.
    pub url: Url,
    /// Its destination.
    pub destination: String,
    /// What started it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub initiator: String,
    /// Its nonce.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nonce: String,
    /// Its integrity metadata.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub integrity: String,
    /// Whether the parser inserted it.
    #[serde(default)]
    pub parser_inserted: bool,
    /// After so many redirects.
    #[serde(default)]
    pub redirect_count: u32,
    /// Whether it outlives the page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keepalive: bool,
}

/// An inline item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedInline {
    /// Its kind.
    pub kind: String,
    /// The code.
    pub content: String,
    /// The element's nonce.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nonce: String,
    /// Whether the parser inserted it.
    #[serde(default)]
    pub parser_inserted: bool,
    /// The element's other attributes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl Asked {
    /// The question.
    ///
    /// # Panics
    /// On names that the library does not know.
    pub fn question(&self) -> Question {
        match self.clone() {
            Self::Request(asked) => Question::Request(Request {
                url: asked.url,
                destination: Destination::from_name(&asked.destination).expect("a destination"),
                initiator: Initiator::from_name(&asked.initiator),
                nonce: asked.nonce,
                integrity: asked.integrity,
                parser_inserted: asked.parser_inserted,
                redirect_count: asked.redirect_count,
                keepalive: asked.keepalive,
            }),
            Self::Inline(asked) => Question::Inline(Inline {
                nonce: asked.nonce,
                parser_inserted: asked.parser_inserted,
                attributes: asked.attributes,
                ..Inline::new(InlineKind::from_name(&asked.kind).expect("a kind"), asked.content)
            }),
            Self::Eval { source } => Question::Eval(source),
            Self::Wasm => Question::Wasm,
            Self::Base { url } => Question::Base(url),
            Self::FormAction { url, redirect_count } => {
                Question::FormAction { url, redirect_count }
            }
            Self::Ancestors { urls } => Question::Ancestors(urls.into_iter().map(Some).collect()),
            Self::Sandbox { flag } => Question::Sandbox(flag),
            Self::Sink => Question::TrustedTypesSink,
            Self::TrustedTypesPolicy { name, exists } => {
                Question::TrustedTypesPolicy { name, exists }
            }
        }
    }

    /// What the library answers for a document at `url` with these policies.
    pub fn verdict(&self, policies: &[Delivered], url: &Url, engine: Engine) -> Verdict {
        let parsed: Vec<(Policy<'_>, Delivery)> = policies
            .iter()
            .flat_map(|delivered| {
                let delivery = delivered.by.into();
                let list = parse_list(&delivered.policy, delivery);
                list.into_iter().map(move |policy| (policy, delivery))
            })
            .collect();
        let enforced: Vec<_> = parsed
            .iter()
            .map(|(policy, delivery)| EnforcedPolicy::new(policy, *delivery))
            .collect();
        decide(&enforced, &SelfOrigin::of(url), &self.question(), engine)
    }
}
