//! What a browser may ask its policies.

use url::Url;

use super::request::{Destination, Inline, Request};
use super::url_match::Target;

/// What a browser may ask its policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// May this be fetched? (Section 4.1.2.)
    Request(Request),
    /// May this run or apply? (Sections 4.2.3 and 4.2.4.)
    Inline(Inline),
    /// May this string be compiled to code? (Section 4.4.1.)
    Eval(String),
    /// May WebAssembly be compiled? (Section 4.5.1.)
    Wasm,
    /// May WebRTC connect? (Section 4.3.1.)
    Webrtc,
    /// May this be the document's base URL? (Section 6.3.1.)
    Base(Url),
    /// May a form be submitted to here? (Section 6.4.1.)
    FormAction {
        /// Where to.
        url: Url,
        /// How many redirects led there.
        redirect_count: u32,
    },
    /// May these embed the document, the nearest first? None for an opaque origin. (Section 6.4.2.)
    Ancestors(Vec<Option<Url>>),
    /// May a worker that came with these policies run? (Section 6.3.2.)
    RunWorker,
    /// Is this, one of HTML's sandboxing keywords, allowed to the document? (Section 6.3.2.)
    Sandbox(String),
    /// May a string go where scripts can be injected, without a Trusted Types policy that makes it safe? (Trusted Types,
    /// section 4.2.1.)
    TrustedTypesSink,
    /// May this Trusted Types policy be created? (Trusted Types, section 4.2.2.)
    TrustedTypesPolicy {
        /// Its name.
        name: String,
        /// Whether there is one of this name already.
        exists: bool,
    },
}

impl Question {
    /// HTML's sandboxing keyword without which a sandboxed document does nothing of the kind.
    pub(super) fn sandbox_flag(&self) -> Option<&'static str> {
        let runs_script = match self {
            Self::Request(request) => request.destination.is_run_by_script(),
            Self::Inline(item) => item.kind.is_script(),
            Self::Eval(_) | Self::Wasm => true,
            Self::FormAction { .. } => return Some("allow-forms"),
            _ => false,
        };
        runs_script.then_some("allow-scripts")
    }

    /// The URL that is requested.
    pub(super) fn target(&self) -> Option<Target<'_>> {
        match self {
            Self::Request(request) => {
                let frame = matches!(request.destination, Destination::Frame | Destination::Iframe);
                let other_process = matches!(
                    request.destination,
                    Destination::Object | Destination::Embed | Destination::SharedWorker
                );
                let target = Target::new(&request.url, request.redirect_count);
                Some(target.navigating(frame).in_other_process(frame || other_process))
            }
            Self::FormAction { url, redirect_count } => {
                Some(Target::new(url, *redirect_count).navigating(true))
            }
            _ => None,
        }
    }
}
