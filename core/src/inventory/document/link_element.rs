//! `<link>`.

use super::Document;
use super::element::add_srcset;
use super::tag::Tag;
use crate::inventory::model::Kind;

/// Adds what each of its `rel` keywords fetches.
pub(super) fn read(tag: &Tag<'_>, document: &mut Document<'_>) {
    let Some(href) = tag.get("href").or_else(|| tag.get("imagesrcset").map(|_| "".into())) else {
        return;
    };
    for rel in tag.get("rel").unwrap_or_default().split_ascii_whitespace() {
        match rel.to_ascii_lowercase().as_str() {
            "stylesheet" if tag.is_css() => document.add_style_sheet(&href, tag.start()),
            "icon" => {
                // Where no icon is for the medium, browsers ask for the one that nobody named.
                if tag.get("media").is_none() {
                    document.set_icon();
                }
                document.add_url(Kind::Image, &href, tag.offset);
            }
            "apple-touch-icon"
            | "apple-touch-icon-precomposed"
            | "mask-icon"
            | "apple-touch-startup-image" => {
                document.add_url(Kind::Image, &href, tag.offset);
            }
            "manifest" => document.add_url(Kind::Manifest, &href, tag.offset),
            "preload" => read_preload(tag, &href, document),
            "modulepreload" => read_module_preload(tag, &href, document),
            // Firefox fetches it under `connect-src`.
            "compression-dictionary" => document.add_url(Kind::Connect, &href, tag.offset),
            // Firefox fetches the next page of a series ahead, too.
            "prefetch" | "prerender" | "next" => {
                document.add_url(Kind::Prefetch, &href, tag.offset)
            }
            _ => {}
        }
    }
}

fn read_preload(tag: &Tag<'_>, href: &str, document: &mut Document<'_>) {
    let kind = match tag.get("as").unwrap_or_default().to_ascii_lowercase().as_str() {
        "script" => return document.add_script(href, tag.script_attributes(false), tag.offset),
        "style" => Kind::Style,
        "image" => {
            add_srcset(tag, "imagesrcset", document);
            Kind::Image
        }
        "font" => Kind::Font,
        "fetch" | "json" => Kind::Connect,
        "audio" | "video" | "track" => Kind::Media,
        "worker" | "sharedworker" | "serviceworker" => Kind::Worker,
        _ => return,
    };
    document.add_url(kind, href, tag.offset);
}

/// HTML, link type `modulepreload`: a script, unless it says otherwise.
fn read_module_preload(tag: &Tag<'_>, href: &str, document: &mut Document<'_>) {
    let kind = match tag.get("as").unwrap_or_default().to_ascii_lowercase().as_str() {
        "style" => Kind::Style,
        "json" => Kind::Connect,
        "worker" | "sharedworker" | "serviceworker" => Kind::Worker,
        _ => return document.add_script(href, tag.script_attributes(true), tag.offset),
    };
    document.add_url(kind, href, tag.offset);
}
