//! Inline code, code made of strings, and Trusted Types.

use serde_json::json;

use super::draft::{Draft, Made, attributes, quoted};
use crate::fates::asked::{Asked, AskedInline};
use crate::fates::targets::{chance, pick};
use crate::fates::{Evidence, Step};

fn ran(draft: &Draft<'_>, inline: AskedInline) -> Step {
    let evidence = Evidence::Ran(draft.id.clone());
    Step { asked: Asked::Inline(inline), document: None, evidence }
}

fn inline(kind: &str, content: &str, nonce: &str, parser_inserted: bool) -> AskedInline {
    AskedInline {
        kind: kind.to_owned(),
        content: content.to_owned(),
        nonce: nonce.to_owned(),
        parser_inserted,
        attributes: Default::default(),
    }
}

pub(super) fn inline_script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    // A parser turns every end of a line into a line feed.
    let end = pick(draft.rng, &["", "", "\n", "\r\n", " // é"]);
    let written = format!("{}{end}", draft.code());
    let content = written.replace("\r\n", "\n");
    draft.hint_hash(&content);
    let mut asked = inline("script", &content, &nonce, true);
    let extra = pick(draft.rng, &["", "", "", "x", "a <Script b"]);
    if !extra.is_empty() {
        asked.attributes.insert("data-x".to_owned(), extra.to_owned());
    }
    let kind = pick(draft.rng, &["", "", "module"]);
    let attributes =
        attributes(&[("id", &draft.id), ("nonce", &nonce), ("type", kind), ("data-x", extra)]);
    let script = format!("<script{attributes}>{written}</script>");
    let markup = if chance(draft.rng, 15) && !written.contains("//") {
        format!("<svg>{script}</svg>")
    } else {
        script
    };
    Made { steps: vec![ran(draft, asked)], markup, ..Made::default() }
}

pub(super) fn created_inline_script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let code = draft.code();
    draft.hint_hash(&code);
    let steps = vec![ran(draft, inline("script", &code, &nonce, false))];
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "script", "attributes": { "nonce": nonce }, "text": code });
    Made { steps, operation: Some(operation), ..Made::default() }
}

/// An element that shows whether the style named after the item is applied.
fn styled(id: &str) -> String {
    format!("<p data-styled={id}></p>")
}

pub(super) fn inline_style(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let id = &draft.id;
    let content = format!("[data-styled=\"{id}\"] {{ --ran: {id} }}\n");
    let attributes = attributes(&[("id", id), ("nonce", &nonce)]);
    let markup = format!("{}<style{attributes}>{content}</style>", styled(id));
    draft.hint_hash(&content);
    Made {
        steps: vec![ran(draft, inline("style", &content, &nonce, true))],
        markup,
        ..Made::default()
    }
}

pub(super) fn created_inline_style(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let id = &draft.id;
    let content = format!("[data-styled=\"{id}\"] {{ --ran: {id} }}");
    let operation = json!({ "operation": "element", "id": id, "tag": "style", "attributes": { "nonce": nonce }, "text": content });
    let markup = styled(id);
    draft.hint_hash(&content);
    let steps = vec![ran(draft, inline("style", &content, &nonce, false))];
    Made { steps, markup, operation: Some(operation), ..Made::default() }
}

pub(super) fn event_handler(draft: &mut Draft<'_>) -> Made {
    let code = draft.code();
    draft.hint_hash(&code);
    let markup = format!("<p id={} onclick={}></p>", draft.id, quoted(&code));
    let operation = json!({ "operation": "click", "id": draft.id });
    let steps = vec![ran(draft, inline("event-handler", &code, "", true))];
    Made { steps, markup, operation: Some(operation), ..Made::default() }
}

pub(super) fn created_event_handler(draft: &mut Draft<'_>) -> Made {
    let code = draft.code();
    draft.hint_hash(&code);
    let operation = json!({ "operation": "element", "id": draft.id, "tag": "p", "attributes": { "onclick": code }, "clicks": true });
    let steps = vec![ran(draft, inline("event-handler", &code, "", false))];
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn style_attribute(draft: &mut Draft<'_>) -> Made {
    let id = &draft.id;
    let style = format!("--ran: {id}");
    let markup = format!("<p id={id} data-styled={id} style={}></p>", quoted(&style));
    draft.hint_hash(&style);
    let steps = vec![ran(draft, inline("style-attribute", &style, "", true))];
    Made { steps, markup, ..Made::default() }
}

pub(super) fn created_style_attribute(draft: &mut Draft<'_>) -> Made {
    let id = draft.id.clone();
    let style = format!("--ran: {id}");
    draft.hint_hash(&style);
    let attributes = json!({ "data-styled": id, "style": style });
    let operation =
        json!({ "operation": "element", "id": id, "tag": "p", "attributes": attributes });
    let steps = vec![ran(draft, inline("style-attribute", &style, "", false))];
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn javascript_link(draft: &mut Draft<'_>) -> Made {
    let address = format!("javascript:void(cspcRan('{}'))", draft.id);
    draft.hint_hash(&address);
    let markup = format!("<a id={} href={}></a>", draft.id, quoted(&address));
    let operation = json!({ "operation": "follow", "id": draft.id });
    let steps = vec![ran(draft, inline("javascript-url", &address, "", false))];
    Made { steps, markup, operation: Some(operation), keyword: Some("inline") }
}

pub(super) fn srcdoc_script(draft: &mut Draft<'_>) -> Made {
    let nonce = draft.nonce();
    let code = format!("parent.{}", draft.code());
    draft.hint_hash(&code);
    let attributes = attributes(&[("id", &draft.id), ("nonce", &nonce)]);
    let document = format!("<script{attributes}>{code}</script>");
    let markup = format!("<iframe srcdoc={}></iframe>", quoted(&document));
    let steps = vec![ran(draft, inline("script", &code, &nonce, true))];
    Made { steps, markup, ..Made::default() }
}

pub(super) fn eval(draft: &mut Draft<'_>) -> Made {
    let code = draft.code();
    let by = pick(draft.rng, &["eval", "eval", "function", "timeout"]);
    let mut steps = if draft.trusted_types {
        // A string that Trusted Types keep out does not run, for which there is no sign of its own.
        let evidence = Evidence::Ran(draft.id.clone());
        vec![Step { asked: Asked::Sink, document: None, evidence }]
    } else {
        Vec::new()
    };
    steps.push(Step {
        asked: Asked::Eval { source: code.clone() },
        document: None,
        evidence: Evidence::Ran(draft.id.clone()),
    });
    let operation = json!({ "operation": "code", "id": draft.id, "by": by, "code": code });
    Made { steps, keyword: Some("eval"), operation: Some(operation), ..Made::default() }
}

pub(super) fn wasm(draft: &mut Draft<'_>) -> Made {
    let evidence = Evidence::Ran(draft.id.clone());
    let operation = json!({ "operation": "wasm", "id": draft.id });
    let steps = vec![Step { asked: Asked::Wasm, document: None, evidence }];
    Made { steps, keyword: Some("wasm-eval"), operation: Some(operation), ..Made::default() }
}

pub(super) fn trusted_types_policy(draft: &mut Draft<'_>) -> Made {
    let name = pick(draft.rng, &["one", "two", "One", "a#b", "a b", "default-1"]).to_owned();
    // What exists depends on which of the same name came first and was allowed: each name is the item's own, mostly.
    let name = format!("{name}{}", draft.id);
    draft.clues.names.push(name.clone());
    let asked = Asked::TrustedTypesPolicy { name: name.clone(), exists: false };
    let evidence = Evidence::Ran(draft.part("passed"));
    let operation = json!({ "operation": "policy", "id": draft.id, "name": name });
    let steps = vec![Step { asked, document: None, evidence }];
    Made { steps, operation: Some(operation), ..Made::default() }
}

pub(super) fn trusted_types_sink(draft: &mut Draft<'_>) -> Made {
    let operation = json!({ "operation": "sink", "id": draft.id });
    Made { steps: draft.sink(), operation: Some(operation), ..Made::default() }
}
