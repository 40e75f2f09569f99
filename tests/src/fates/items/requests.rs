//! Items that load something.

use serde_json::json;

use super::draft::{Draft, Made, attributes, quoted};
use crate::fates::asked::{Asked, AskedRequest};
use crate::fates::targets::{as_socket, pick, url};
use crate::fates::{Evidence, Step};

pub(super) fn parsed(
    draft: &mut Draft<'_>,
    destination: &str,
    served_as: &str,
    markup: fn(&str, &str) -> String,
) -> Made {
    let (url, steps) = draft.route(served_as, &AskedRequest::by_parser(destination), true);
    Made { steps, markup: markup(&quoted(url.as_str()), &draft.id), ..Made::default() }
}

pub(super) fn created(
    draft: &mut Draft<'_>,
    destination: &str,
    served_as: &str,
    tag: &str,
    attribute: &str,
) -> Made {
    let (url, steps) = draft.route(served_as, &AskedRequest::to(destination), true);
    let attributes = json!({ attribute: url });
    let operation = json!({ "operation": "element", "id": draft.id, "tag": tag, "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

/// By an operation that takes a URL.
pub(super) fn fetched(
    draft: &mut Draft<'_>,
    request: &AskedRequest,
    served_as: &str,
    operation: &str,
    more: &[(&str, &str)],
) -> Made {
    let (url, steps) = draft.route(served_as, request, true);
    let mut value = json!({ "operation": operation, "id": draft.id, "url": url });
    for (name, text) in more {
        value[*name] = json!(text);
    }
    Made { steps, operation: Some(value), ..Made::default() }
}

pub(super) fn fetch(draft: &mut Draft<'_>) -> Made {
    let mode = pick(draft.rng, &["cors", "no-cors"]);
    fetched(draft, &AskedRequest::to(""), "other", "fetch", &[("mode", mode)])
}

pub(super) fn beacon(draft: &mut Draft<'_>) -> Made {
    let request = AskedRequest { keepalive: true, ..AskedRequest::to("") };
    fetched(draft, &request, "other", "beacon", &[])
}

pub(super) fn script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let integrity = draft.integrity(&draft.code());
    let request = AskedRequest {
        nonce: nonce.clone(),
        integrity: integrity.clone(),
        ..AskedRequest::by_parser("script")
    };
    // Integrity is of what is at the end of a redirect, whose code is another.
    let (url, steps) = draft.route("script", &request, integrity.is_empty());
    let kind = pick(draft.rng, &["", "", "", "module", "text/javascript"]);
    let timing = pick(draft.rng, &["", "", " async", " defer"]);
    let cross = if integrity.is_empty() { "" } else { "anonymous" };
    let written = attributes(&[
        ("id", &draft.id),
        ("src", url.as_str()),
        ("nonce", &nonce),
        ("integrity", &integrity),
        ("crossorigin", cross),
        ("type", kind),
    ]);
    Made { steps, markup: format!("<script{written}{timing}></script>"), ..Made::default() }
}

pub(super) fn created_script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let integrity = draft.integrity(&draft.code());
    let request = AskedRequest {
        nonce: nonce.clone(),
        integrity: integrity.clone(),
        ..AskedRequest::to("script")
    };
    let (url, steps) = draft.route("script", &request, integrity.is_empty());
    let mut attributes =
        json!({ "src": url, "nonce": nonce, "type": pick(draft.rng, &["", "module"]) });
    if !integrity.is_empty() {
        attributes["integrity"] = json!(integrity);
        attributes["crossorigin"] = json!("anonymous");
    }
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "script", "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn style_sheet(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let integrity = draft.integrity("");
    let request = AskedRequest {
        nonce: nonce.clone(),
        integrity: integrity.clone(),
        ..AskedRequest::by_parser("style")
    };
    let (url, steps) = draft.route("style", &request, true);
    let cross = if integrity.is_empty() { "" } else { "anonymous" };
    let written = attributes(&[
        ("id", &draft.id),
        ("rel", "stylesheet"),
        ("href", url.as_str()),
        ("nonce", &nonce),
        ("integrity", &integrity),
        ("crossorigin", cross),
    ]);
    Made { steps, markup: format!("<link{written}>"), ..Made::default() }
}

pub(super) fn created_style_sheet(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let request = AskedRequest { nonce: nonce.clone(), ..AskedRequest::to("style") };
    let (url, steps) = draft.route("style", &request, true);
    let attributes = json!({ "rel": "stylesheet", "href": url, "nonce": nonce });
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "link", "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn data_image(draft: &mut Draft<'_>) -> Made {
    let data = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    let asked = Asked::Request(AskedRequest { url: url(data), ..AskedRequest::to("image") });
    let step = Step { asked, document: None, evidence: Evidence::Ran(draft.part("loaded")) };
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "img", "attributes": { "src": data }, "waits": ["load", "error"] });
    Made { steps: vec![step], keyword: Some("data"), operation: Some(operation), ..Made::default() }
}

pub(super) fn media(draft: &mut Draft<'_>, tag: &str) -> Made {
    let (url, steps) = draft.route("other", &AskedRequest::to(tag), true);
    let operation = json!({ "operation": "element", "id": draft.id, "tag": tag, "attributes": { "preload": "auto", "src": url }, "waits": ["loadeddata", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn track(draft: &mut Draft<'_>) -> Made {
    let (url, steps) = draft.route("other", &AskedRequest::to("track"), true);
    let operation = json!({ "operation": "track", "id": draft.id, "attributes": { "default": "", "src": url } });
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn socket(draft: &mut Draft<'_>) -> Made {
    let id = draft.id.clone();
    let url = as_socket(&draft.target("other", &id));
    draft.clues.urls.push(url.clone());
    let steps = vec![AskedRequest::to("").seen(url.clone(), 0, id)];
    let operation = json!({ "operation": "socket", "id": draft.id, "url": url });
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn worker(draft: &mut Draft<'_>, operation: &str, kind: &str) -> Made {
    let id = draft.id.clone();
    let url = draft.own_target("worker", &id);
    let destination = if operation == "shared" { "sharedworker" } else { "worker" };
    let mut steps = draft.sink();
    steps.push(AskedRequest::to(destination).seen(url.clone(), 0, id));
    let operation = json!({ "operation": operation, "id": draft.id, "url": url, "type": kind });
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn preload(draft: &mut Draft<'_>) -> Made {
    let destination = pick(draft.rng, &["script", "style", "image", "font", "fetch"]);
    let request = AskedRequest::to(if destination == "fetch" { "" } else { destination });
    let (url, steps) = draft.route("other", &request, true);
    let cross = if ["font", "fetch"].contains(&destination) { "anonymous" } else { "" };
    let mut attributes = json!({ "rel": "preload", "as": destination, "href": url });
    if !cross.is_empty() {
        attributes["crossorigin"] = json!(cross);
    }
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "link", "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}

/// HTML, "process a modulepreload": whoever makes the element, its request is not the parser's.
pub(super) fn module_preload(draft: &mut Draft<'_>) -> Made {
    let (url, steps) = draft.route("script", &AskedRequest::to("script"), true);
    let markup = format!("<link id={} rel=modulepreload href={}>", draft.id, quoted(url.as_str()));
    Made { steps, markup, ..Made::default() }
}

pub(super) fn prefetch(draft: &mut Draft<'_>) -> Made {
    let request = AskedRequest { initiator: "prefetch".to_owned(), ..AskedRequest::to("") };
    let (url, steps) = draft.route("other", &request, true);
    let attributes = json!({ "rel": "prefetch", "href": url });
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "link", "attributes": attributes, "waits": ["load", "error"] });
    Made { steps, operation: Some(operation), ..Made::default() }
}
