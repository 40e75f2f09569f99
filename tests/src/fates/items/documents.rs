//! Frames, forms and the base URL.

use serde_json::json;
use url::Url;

use super::draft::{Draft, Made, quoted};
use super::requests::created;
use crate::fates::asked::{Asked, AskedRequest, Carrier, Delivered};
use crate::fates::policies::frame_ancestors;
use crate::fates::targets::{chance, pick, target, with_query};
use crate::fates::{Evidence, Step};

pub(super) fn created_frame(draft: &mut Draft<'_>) -> Made {
    created(draft, "iframe", "frame", "iframe", "src")
}

/// The frame's own policies on who may embed it.
fn framing_policies(draft: &mut Draft<'_>, ancestors: &[Url]) -> Vec<Delivered> {
    let count = pick(draft.rng, &[1, 1, 1, 2]);
    let policies = (0..count)
        .map(|_| Delivered { by: Carrier::Header, policy: frame_ancestors(draft.rng, ancestors) });
    policies.collect()
}

/// A frame at `place` that shows by a request whether it is shown, and the question of its ancestors.
fn framed(draft: &mut Draft<'_>, place: Url, id: &str, ancestors: Vec<Url>) -> (Url, Step) {
    let policies = framing_policies(draft, &ancestors);
    let shown = draft.part("shown");
    let mut inner = place.clone();
    inner.set_path("/");
    let inner = with_query(inner, &[("as", "image"), ("id", &shown)]);
    let mut query = vec![("as", "shown"), ("id", id), ("inner", inner.as_str())];
    query.extend(policies.iter().map(|delivered| ("csp", delivered.policy.as_str())));
    let url = with_query(place, &query);
    let step = Step {
        asked: Asked::Ancestors { urls: ancestors },
        document: Some((url.clone(), policies)),
        evidence: Evidence::Seen(shown),
    };
    (url, step)
}

pub(super) fn embedded_frame(draft: &mut Draft<'_>) -> Made {
    let place = target(draft.rng, draft.page);
    draft.clues.urls.push(place.clone());
    let id = draft.id.clone();
    let ancestors = vec![draft.page.clone()];
    let (url, shown) = framed(draft, place, &id, ancestors);
    let steps = vec![AskedRequest::by_parser("iframe").seen(url.clone(), 0, id), shown];
    let markup = format!("<iframe id={} src={}></iframe>", draft.id, quoted(url.as_str()));
    Made { steps, markup, ..Made::default() }
}

pub(super) fn frame_in_frame(draft: &mut Draft<'_>) -> Made {
    let outer = target(draft.rng, draft.page);
    draft.clues.urls.push(outer.clone());
    // Neither may be plain HTTP inside of HTTPS.
    let place = target(draft.rng, &outer);
    let (id, inner_id) = (draft.id.clone(), draft.part("inner"));
    let ancestors = vec![outer.clone(), draft.page.clone()];
    let (inner, shown) = framed(draft, place, &inner_id, ancestors);
    let outer = with_query(outer, &[("as", "outer"), ("id", &id), ("inner", inner.as_str())]);
    let steps = vec![AskedRequest::by_parser("iframe").seen(outer.clone(), 0, id), shown];
    let markup = format!("<iframe id={} src={}></iframe>", draft.id, quoted(outer.as_str()));
    Made { steps, markup, ..Made::default() }
}

pub(super) fn sandboxed_frame(draft: &mut Draft<'_>) -> Made {
    let flags = ["allow-scripts", "allow-same-origin", "ALLOW-SCRIPTS", "allow-forms", "unknown"];
    let mut policy = "sandbox".to_owned();
    for flag in flags {
        if chance(draft.rng, 50) {
            policy.push(' ');
            policy.push_str(flag);
        }
    }
    let place = target(draft.rng, draft.page);
    draft.clues.urls.push(place.clone());
    let part = draft.part("sandbox");
    let mut inner = place.clone();
    inner.set_path("/");
    let inner = with_query(inner, &[("as", "image"), ("id", &part)]);
    let id = draft.id.clone();
    let query = [("as", "sandboxed"), ("id", &id), ("csp", &policy), ("inner", inner.as_str())];
    let url = with_query(place, &query);
    let document = Some((url.clone(), vec![Delivered { by: Carrier::Header, policy }]));
    let mut steps = vec![AskedRequest::by_parser("iframe").seen(url.clone(), 0, id)];
    steps.extend(["allow-scripts", "allow-same-origin"].map(|flag| Step {
        asked: Asked::Sandbox { flag: flag.to_owned() },
        document: document.clone(),
        evidence: Evidence::Seen(format!("{part}.{flag}")),
    }));
    let markup = format!("<iframe id={} src={}></iframe>", draft.id, quoted(url.as_str()));
    Made { steps, markup, ..Made::default() }
}

/// Into a frame, so that `frame-src` has its say as well.
pub(super) fn form(draft: &mut Draft<'_>) -> Made {
    let method = pick(draft.rng, &["get", "post"]);
    let (url, requests) = draft.route("frame", &AskedRequest::to("iframe"), true);
    let mut steps = Vec::new();
    for request in requests {
        let Asked::Request(asked) = &request.asked else { continue };
        let asked =
            Asked::FormAction { url: asked.url.clone(), redirect_count: asked.redirect_count };
        // Both are asked of one request: either alone shows nothing.
        steps.push(Step { asked, ..request.clone() });
        steps.push(request);
    }
    let operation = json!({ "operation": "form", "id": draft.id, "url": url, "method": method });
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn base(draft: &mut Draft<'_>) -> Made {
    let id = draft.id.clone();
    let url = draft.target("other", &id);
    let step = Step {
        asked: Asked::Base { url: url.clone() },
        document: None,
        evidence: Evidence::Base(url.clone()),
    };
    let markup = format!("<base id={} href={}>", draft.id, quoted(url.as_str()));
    Made { steps: vec![step], markup, ..Made::default() }
}
