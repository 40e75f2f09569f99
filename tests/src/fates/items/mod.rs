//! What pages are made of.

mod code;
mod documents;
mod draft;
mod requests;

use code::{
    created_event_handler, created_inline_script, created_inline_style, created_style_attribute,
    eval, event_handler, inline_script, inline_style, javascript_link, srcdoc_script,
    style_attribute, trusted_types_policy, trusted_types_sink, wasm,
};
use documents::{base, created_frame, embedded_frame, form, frame_in_frame, sandboxed_frame};
pub(super) use draft::Draft;
use draft::Made;
use requests::{
    beacon, created, created_script, created_style_sheet, data_image, fetch, fetched, media,
    module_preload, parsed, prefetch, preload, script, socket, style_sheet, track, worker,
};

use super::Item;
use super::asked::AskedRequest;

/// How an item comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// As often as chance will.
    Many,
    /// Once a page: its violations name no item.
    Once,
    /// Only where no policy requires Trusted Types: its string goes where they do.
    NoTrustedTypes,
    /// The same, once a page.
    OnceNoTrustedTypes,
    /// Only where policies speak of Trusted Types.
    TrustedTypes,
    /// The same, once a page.
    OnceTrustedTypes,
}

pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) limit: Limit,
    pub(super) weight: usize,
    make: fn(&mut Draft<'_>) -> Made,
}

const fn kind(
    name: &'static str,
    weight: usize,
    limit: Limit,
    make: fn(&mut Draft<'_>) -> Made,
) -> Kind {
    Kind { name, limit, weight, make }
}

/// THE table of items.
pub(super) static KINDS: &[Kind] = &[
    kind("script", 4, Limit::Many, script),
    kind("created script", 3, Limit::NoTrustedTypes, created_script),
    kind("import", 1, Limit::Many, |draft| {
        fetched(draft, &AskedRequest::to("script"), "script", "import", &[])
    }),
    kind("style sheet", 3, Limit::Many, style_sheet),
    kind("created style sheet", 1, Limit::Many, created_style_sheet),
    kind("image", 2, Limit::Many, |draft| {
        parsed(draft, "image", "image", |url, id| format!("<img id={id} src={url}>"))
    }),
    kind("created image", 2, Limit::Many, |draft| created(draft, "image", "image", "img", "src")),
    kind("image button", 1, Limit::Many, |draft| {
        parsed(draft, "image", "image", |url, id| format!("<input type=image id={id} src={url}>"))
    }),
    kind("SVG image", 1, Limit::Many, |draft| {
        parsed(draft, "image", "image", |url, id| {
            format!("<svg><image id={id} href={url} /></svg>")
        })
    }),
    kind("poster", 1, Limit::Many, |draft| {
        parsed(draft, "image", "image", |url, id| format!("<video id={id} poster={url}></video>"))
    }),
    kind("data image", 1, Limit::Once, data_image),
    kind("frame", 2, Limit::Many, |draft| {
        parsed(draft, "iframe", "frame", |url, id| format!("<iframe id={id} src={url}></iframe>"))
    }),
    kind("created frame", 1, Limit::Many, created_frame),
    kind("embedded frame", 3, Limit::Many, embedded_frame),
    kind("frame in a frame", 2, Limit::Many, frame_in_frame),
    kind("sandboxed frame", 1, Limit::Many, sandboxed_frame),
    kind("object", 1, Limit::Many, |draft| {
        parsed(draft, "object", "image", |url, id| {
            format!("<object id={id} type=image/gif data={url}></object>")
        })
    }),
    kind("embed", 1, Limit::Many, |draft| {
        parsed(draft, "embed", "image", |url, id| {
            format!("<embed id={id} type=image/gif src={url}>")
        })
    }),
    kind("video", 1, Limit::Many, |draft| media(draft, "video")),
    kind("audio", 1, Limit::Many, |draft| media(draft, "audio")),
    kind("track", 1, Limit::Many, track),
    kind("font", 2, Limit::Many, |draft| {
        fetched(draft, &AskedRequest::to("font"), "other", "font", &[])
    }),
    kind("fetch", 2, Limit::Many, fetch),
    kind("XMLHttpRequest", 1, Limit::Many, |draft| {
        fetched(draft, &AskedRequest::to(""), "other", "xhr", &[])
    }),
    kind("beacon", 1, Limit::Many, beacon),
    kind("event source", 1, Limit::Many, |draft| {
        fetched(draft, &AskedRequest::to(""), "events", "events", &[])
    }),
    kind("WebSocket", 2, Limit::Many, socket),
    kind("worker", 3, Limit::Many, |draft| worker(draft, "worker", "classic")),
    kind("module worker", 1, Limit::Many, |draft| worker(draft, "worker", "module")),
    kind("shared worker", 1, Limit::Many, |draft| worker(draft, "shared", "classic")),
    kind("form", 2, Limit::Many, form),
    kind("base", 2, Limit::Once, base),
    kind("preload", 1, Limit::Many, preload),
    kind("module preload", 1, Limit::Many, module_preload),
    kind("prefetch", 1, Limit::Many, prefetch),
    kind("manifest", 1, Limit::Once, |draft| {
        parsed(draft, "manifest", "manifest", |url, id| {
            format!("<link id={id} rel=manifest href={url}>")
        })
    }),
    kind("inline script", 5, Limit::Many, inline_script),
    kind("created inline script", 2, Limit::NoTrustedTypes, created_inline_script),
    kind("inline style", 4, Limit::Many, inline_style),
    kind("created inline style", 1, Limit::Many, created_inline_style),
    kind("event handler", 3, Limit::Many, event_handler),
    kind("created event handler", 1, Limit::NoTrustedTypes, created_event_handler),
    kind("style attribute", 3, Limit::Many, style_attribute),
    kind("created style attribute", 1, Limit::Many, created_style_attribute),
    kind("javascript: link", 2, Limit::OnceNoTrustedTypes, javascript_link),
    kind("srcdoc frame's script", 2, Limit::Many, srcdoc_script),
    kind("eval", 4, Limit::Once, eval),
    kind("wasm", 3, Limit::Once, wasm),
    kind("Trusted Types policy", 8, Limit::TrustedTypes, trusted_types_policy),
    kind("Trusted Types sink", 8, Limit::OnceTrustedTypes, trusted_types_sink),
];

impl Kind {
    pub(super) fn make(&self, draft: &mut Draft<'_>) -> Item {
        let Made { steps, keyword, markup, operation } = (self.make)(draft);
        Item { id: draft.id.clone(), kind: self.name, steps, keyword, markup, operation }
    }
}
