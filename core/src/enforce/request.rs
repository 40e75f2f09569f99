//! What is asked: a request, an inline item, and the origin that `'self'` stands for.

use std::collections::BTreeMap;
use std::str::FromStr;

use url::Url;

use crate::csp::HashAlgorithm;

/// A request's destination (Fetch, section 2.2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// The empty string: `fetch()`, XMLHttpRequest, WebSocket, EventSource, `sendBeacon()`.
    #[default]
    Empty,
    /// `audio`.
    Audio,
    /// `audioworklet`.
    AudioWorklet,
    /// `document`: a navigation of the top-level document, which no fetch directive governs.
    Document,
    /// `embed`.
    Embed,
    /// `fencedframe`.
    FencedFrame,
    /// `font`.
    Font,
    /// `frame`.
    Frame,
    /// `iframe`.
    Iframe,
    /// `image`.
    Image,
    /// `json`.
    Json,
    /// `manifest`.
    Manifest,
    /// `object`.
    Object,
    /// `paintworklet`.
    PaintWorklet,
    /// No destination of Fetch's: the same as the initiator of that name.
    Prefetch,
    /// `report`.
    Report,
    /// `script`.
    Script,
    /// `serviceworker`.
    ServiceWorker,
    /// `sharedworker`.
    SharedWorker,
    /// `style`.
    Style,
    /// `text`.
    Text,
    /// `track`.
    Track,
    /// `video`.
    Video,
    /// `webidentity`.
    WebIdentity,
    /// `worker`.
    Worker,
    /// `xslt`.
    Xslt,
}

/// Destinations and their names.
static DESTINATIONS: [(&str, Destination); 26] = [
    ("", Destination::Empty),
    ("audio", Destination::Audio),
    ("audioworklet", Destination::AudioWorklet),
    ("document", Destination::Document),
    ("embed", Destination::Embed),
    ("fencedframe", Destination::FencedFrame),
    ("font", Destination::Font),
    ("frame", Destination::Frame),
    ("iframe", Destination::Iframe),
    ("image", Destination::Image),
    ("json", Destination::Json),
    ("manifest", Destination::Manifest),
    ("object", Destination::Object),
    ("paintworklet", Destination::PaintWorklet),
    ("prefetch", Destination::Prefetch),
    ("report", Destination::Report),
    ("script", Destination::Script),
    ("serviceworker", Destination::ServiceWorker),
    ("sharedworker", Destination::SharedWorker),
    ("style", Destination::Style),
    ("text", Destination::Text),
    ("track", Destination::Track),
    ("video", Destination::Video),
    ("webidentity", Destination::WebIdentity),
    ("worker", Destination::Worker),
    ("xslt", Destination::Xslt),
];

impl Destination {
    /// Every destination's name, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        DESTINATIONS.iter().map(|(name, _)| *name)
    }

    /// The destination of this name.
    ///
    /// ```
    /// use cspc_core::enforce::Destination;
    /// assert_eq!(Destination::from_name("sharedworker"), Some(Destination::SharedWorker));
    /// assert_eq!(Destination::from_name("Script"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        DESTINATIONS.iter().find(|(known, _)| *known == name).map(|(_, destination)| *destination)
    }

    /// Its name, as Fetch spells it.
    pub fn as_str(self) -> &'static str {
        DESTINATIONS
            .iter()
            .find(|(_, destination)| *destination == self)
            .map_or("", |(name, _)| *name)
    }

    /// Whether it is a worker's.
    pub const fn is_worker(self) -> bool {
        matches!(self, Self::ServiceWorker | Self::SharedWorker | Self::Worker)
    }

    /// Whether nothing but a script asks for it, or it is one.
    pub(super) const fn is_run_by_script(self) -> bool {
        matches!(self, Self::AudioWorklet | Self::PaintWorklet | Self::Script) || self.is_worker()
    }

    /// Whether it is script-like (Fetch, section 2.2.5).
    ///
    /// Fetch leaves `xslt` out, by which the checks of `script-src` would allow every style sheet of XSLT; every engine
    /// takes it for a script, and so does this.
    pub const fn is_script_like(self) -> bool {
        matches!(self, Self::AudioWorklet | Self::PaintWorklet | Self::Script | Self::Xslt)
            || self.is_worker()
    }
}

/// What started a request, as far as a policy asks (Fetch, section 2.2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Initiator {
    /// Nothing that a policy asks for.
    #[default]
    Other,
    /// `fetch()` and its like, whatever the destination.
    Fetch,
    /// `<link rel="prefetch">`.
    Prefetch,
    /// Prerendering.
    Prerender,
}

impl Initiator {
    /// The initiator of this name; every other is [`Initiator::Other`].
    ///
    /// ```
    /// use cspc_core::enforce::Initiator;
    /// assert_eq!(Initiator::from_name("prefetch"), Initiator::Prefetch);
    /// ```
    pub fn from_name(name: &str) -> Self {
        match name {
            "fetch" => Self::Fetch,
            "prefetch" => Self::Prefetch,
            "prerender" => Self::Prerender,
            _ => Self::Other,
        }
    }

    /// Its name; nothing for [`Initiator::Other`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Other => "",
            Self::Fetch => "fetch",
            Self::Prefetch => "prefetch",
            Self::Prerender => "prerender",
        }
    }
}

/// A request (Fetch, section 2.2.5), as far as a policy asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The current URL. A WebSocket's is matched as it stands; Fetch makes it an HTTP(S) URL first.
    pub url: Url,
    /// What it is for.
    pub destination: Destination,
    /// What started it.
    pub initiator: Initiator,
    /// The cryptographic nonce metadata; empty if there is none.
    pub nonce: String,
    /// The integrity metadata; empty if there is none.
    pub integrity: String,
    /// Whether the parser inserted the element that asks for it.
    pub parser_inserted: bool,
    /// How many redirects led to the current URL.
    pub redirect_count: u32,
    /// Whether it outlives the page: a beacon, a link's `ping`, a `fetch()` that says so.
    pub keepalive: bool,
}

impl Request {
    /// A request by the parser, without nonce, integrity or redirects.
    ///
    /// ```
    /// use cspc_core::enforce::{Destination, Request};
    /// let url = "https://cdn.example/a.js".parse().unwrap();
    /// assert!(Request::new(url, Destination::Script).parser_inserted);
    /// ```
    pub const fn new(url: Url, destination: Destination) -> Self {
        Self {
            url,
            destination,
            initiator: Initiator::Other,
            nonce: String::new(),
            integrity: String::new(),
            parser_inserted: true,
            redirect_count: 0,
            keepalive: false,
        }
    }

    /// Whether it is a resource hint.
    pub(super) fn is_prefetch(&self) -> bool {
        self.initiator == Initiator::Prefetch || self.destination == Destination::Prefetch
    }
}

/// The kinds of inline code (section 4.2.3: a *type*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InlineKind {
    /// The content of a script element: `script`.
    Script,
    /// An event handler's attribute: `script attribute`.
    EventHandler,
    /// A navigation to a `javascript:` URL: `navigation`.
    JavascriptUrl,
    /// The content of a style element: `style`.
    Style,
    /// A style attribute: `style attribute`.
    StyleAttribute,
}

impl InlineKind {
    /// Every kind and its name on the command line and in JSON.
    const NAMES: [(&'static str, Self); 5] = [
        ("script", Self::Script),
        ("event-handler", Self::EventHandler),
        ("javascript-url", Self::JavascriptUrl),
        ("style", Self::Style),
        ("style-attribute", Self::StyleAttribute),
    ];

    /// Every kind's name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().map(|(name, _)| name)
    }

    /// The kind of this name.
    ///
    /// ```
    /// use cspc_core::enforce::InlineKind;
    /// assert_eq!(InlineKind::from_name("event-handler"), Some(InlineKind::EventHandler));
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.into_iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether it is the content of an element, and so may have a nonce.
    pub(super) const fn is_element(self) -> bool {
        matches!(self, Self::Script | Self::Style)
    }

    /// Whether it runs as script.
    pub(super) const fn is_script(self) -> bool {
        matches!(self, Self::Script | Self::EventHandler | Self::JavascriptUrl)
    }
}

/// An inline item and the element it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// What it is.
    pub kind: InlineKind,
    /// The code: an element's text, an attribute's value with its references decoded, or a whole `javascript:` URL.
    pub content: String,
    /// A hash of the content, as a hash-source holds it, where that is all that is known of it.
    pub hash: Option<(HashAlgorithm, String)>,
    /// The element's nonce; empty if there is none.
    pub nonce: String,
    /// Whether the parser inserted the element.
    pub parser_inserted: bool,
    /// The element's name in lower case; if absent, what the kind suggests.
    pub tag: Option<String>,
    /// The element's attributes.
    pub attributes: BTreeMap<String, String>,
    /// Whether the tokenizer met an attribute twice.
    pub duplicate_attribute: bool,
}

impl Inline {
    /// An item that the parser inserted, of an element without nonce or other attributes.
    ///
    /// ```
    /// use cspc_core::enforce::{Inline, InlineKind};
    /// assert!(Inline::new(InlineKind::Script, "alert(1)").parser_inserted);
    /// ```
    pub fn new(kind: InlineKind, content: impl Into<String>) -> Self {
        Self {
            kind,
            content: content.into(),
            hash: None,
            nonce: String::new(),
            parser_inserted: true,
            tag: None,
            attributes: BTreeMap::new(),
            duplicate_attribute: false,
        }
    }

    /// Whether the element is a script element.
    pub(super) fn is_script_element(&self) -> bool {
        self.tag
            .as_deref()
            .map_or(self.kind == InlineKind::Script, |tag| tag.eq_ignore_ascii_case("script"))
    }
}

/// A policy's self-origin (section 2.2): what `'self'` and expressions without a scheme are relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfOrigin(Option<Tuple>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Tuple {
    scheme: String,
    host: Option<String>,
    port: Option<u16>,
}

impl SelfOrigin {
    /// An opaque origin, such as a sandboxed document's: `'self'` matches nothing.
    pub const OPAQUE: Self = Self(None);

    /// The origin of `url`; its path does not matter.
    ///
    /// A `file:` URL has a scheme, but its origin is the same as no other's, as in every engine.
    ///
    /// ```
    /// use cspc_core::enforce::SelfOrigin;
    /// let page = "https://a.example/x?y".parse().unwrap();
    /// assert_eq!(SelfOrigin::of(&page), "https://a.example".parse().unwrap());
    /// ```
    pub fn of(url: &Url) -> Self {
        Self(Some(Tuple {
            scheme: url.scheme().to_owned(),
            host: url.host_str().filter(|_| url.scheme() != "file").map(str::to_owned),
            port: url.port(),
        }))
    }

    /// Its scheme, unless it is opaque.
    pub fn scheme(&self) -> Option<&str> {
        self.0.as_ref().map(|tuple| tuple.scheme.as_str())
    }

    pub(crate) fn host(&self) -> Option<&str> {
        self.0.as_ref().and_then(|tuple| tuple.host.as_deref())
    }

    /// The port, where it is not the scheme's default.
    pub(crate) fn port(&self) -> Option<u16> {
        self.0.as_ref().and_then(|tuple| tuple.port)
    }
}

/// Reads a serialized origin or any URL; `null` is the opaque origin.
impl FromStr for SelfOrigin {
    type Err = url::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "null" { Ok(Self::OPAQUE) } else { Url::parse(text).map(|url| Self::of(&url)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_read_as_they_are_written() {
        for name in Destination::names() {
            assert_eq!(Destination::from_name(name).map(Destination::as_str), Some(name));
        }
    }
}
