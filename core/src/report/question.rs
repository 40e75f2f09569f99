use crate::enforce::{Destination, InlineKind, Question, Request};

/// What a question is about, in words: `the script https://a.example/a.js, after a redirect`.
pub(super) fn described(question: &Question) -> String {
    match question {
        Question::Request(request) => requested(request),
        Question::Inline(item) => {
            let what = match item.kind {
                InlineKind::Script => "the inline script",
                InlineKind::EventHandler => "the event handler",
                InlineKind::JavascriptUrl => "the URL",
                InlineKind::Style => "the inline style",
                InlineKind::StyleAttribute => "the style attribute",
            };
            let inserted = if item.parser_inserted { "" } else { ", inserted by a script" };
            let code = match &item.hash {
                Some((algorithm, value)) => format!("with the hash {}-{value}", algorithm.as_str()),
                None => format!("`{}`", item.content),
            };
            format!("{what} {code}{}{inserted}", nonce(&item.nonce))
        }
        Question::Eval(_) => "strings compiled to code, as by eval()".to_owned(),
        Question::Wasm => "WebAssembly".to_owned(),
        Question::Webrtc => "WebRTC connections".to_owned(),
        Question::Base(url) => format!("the base URL {url}"),
        Question::FormAction { url, redirect_count } => {
            format!("a form's submission to {url}{}", redirected(*redirect_count))
        }
        Question::Ancestors(chain) => {
            let origin = chain.first().and_then(Option::as_ref);
            let origin = origin.map(|url| url.origin().ascii_serialization());
            format!("embedding by {}", origin.as_deref().unwrap_or("a page of an opaque origin"))
        }
        Question::RunWorker => "running as a worker".to_owned(),
        Question::Sandbox(flag) => format!("what the sandboxing keyword {flag} allows"),
        Question::TrustedTypesSink => "strings in injection sinks, as innerHTML".to_owned(),
        Question::TrustedTypesPolicy { name, exists } => {
            let which = if *exists { "a second" } else { "the" };
            format!("{which} Trusted Types policy `{name}`")
        }
    }
}

fn requested(request: &Request) -> String {
    let what = match request.destination {
        Destination::Script => "the script",
        Destination::Style => "the style sheet",
        Destination::Image => "the image",
        Destination::Font => "the font",
        Destination::Audio | Destination::Video | Destination::Track => "the media file",
        Destination::Object | Destination::Embed => "the plug-in content",
        Destination::Frame | Destination::Iframe => "the frame",
        Destination::FencedFrame => "the fenced frame",
        Destination::Worker | Destination::SharedWorker | Destination::ServiceWorker => {
            "the worker"
        }
        Destination::Manifest => "the manifest",
        Destination::Prefetch => "the prefetch of",
        _ => "the connection to",
    };
    let integrity = match request.integrity.as_str() {
        "" => String::new(),
        integrity => format!(", with the integrity `{integrity}`"),
    };
    let Request { url, redirect_count, .. } = request;
    let nonce = nonce(&request.nonce);
    let keepalive = if request.keepalive { ", which outlives the page" } else { "" };
    format!("{what} {url}{nonce}{integrity}{}{keepalive}", redirected(*redirect_count))
}

fn nonce(nonce: &str) -> String {
    if nonce.is_empty() { String::new() } else { format!(", with the nonce `{nonce}`") }
}

const fn redirected(count: u32) -> &'static str {
    if count > 0 { ", after a redirect" } else { "" }
}
