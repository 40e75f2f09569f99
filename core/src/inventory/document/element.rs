//! What an element loads or runs.

use super::script_type::ScriptType;
use super::tag::{Attribute, Namespace, Start, Tag};
use super::{Document, Place, html, link_element, srcset};
use crate::inventory::event_handlers::is_event_handler;
use crate::inventory::features;
use crate::inventory::javascript::Goal;
use crate::inventory::model::Kind;
use crate::inventory::role;

/// What the text inside an element is.
pub(super) enum TextUse {
    /// Code.
    Script(Goal, Start),
    /// Data of this kind.
    Data(Kind, Start),
    /// CSS.
    Style(Start),
    /// Markup that browsers without scripting read.
    Markup,
}

impl TextUse {
    /// Adds what the text does; it begins at `place`.
    pub(super) fn read(self, content: &str, place: Place, document: &mut Document<'_>) {
        match self {
            // An empty script is nothing to run.
            Self::Script(..) | Self::Data(..) if content.is_empty() => {}
            Self::Script(goal, start) => {
                document.add_code(Kind::InlineScript, goal, content, start, place)
            }
            Self::Data(kind, start) => document.add_data(kind, content, start, place),
            Self::Style(start) => document.add_style(content, start, place),
            // Where the text is not markup to be read on its own, its elements follow.
            Self::Markup => {}
        }
    }
}

/// Adds what the element loads and runs, and tells what its text is.
pub(super) fn read(tag: &Tag<'_>, document: &mut Document<'_>) -> Option<TextUse> {
    read_attributes(tag, document);
    match (tag.namespace, tag.name) {
        (Namespace::MathMl, _) => read_math(tag, document),
        (_, "script") => return read_script(tag, document),
        (_, "style") if tag.is_css() => return Some(TextUse::Style(tag.start())),
        (Namespace::Html, "noscript") => return Some(TextUse::Markup),
        (Namespace::Svg, _) => read_svg(tag, document),
        (Namespace::Html, _) => read_html(tag, document),
    }
    None
}

/// Adds what an element loads and runs that a script makes with these attributes and this text.
pub(super) fn read_made(
    name: &str,
    attributes: &[(String, String)],
    text: Option<&str>,
    document: &mut Document<'_>,
    offset: usize,
) {
    let attributes: Vec<Attribute<'_>> =
        attributes.iter().map(|(name, value)| Attribute::decoded(name, value, offset)).collect();
    let is_svg = matches!(name, "image" | "use");
    let namespace = if is_svg { Namespace::Svg } else { Namespace::Html };
    let tag = Tag { name, namespace, attributes: &attributes, offset, made: true };
    if let Some(usage) = read(&tag, document) {
        usage.read(text.unwrap_or_default(), Place::Fixed(offset), document);
    }
    if let Some(srcdoc) = tag.srcdoc() {
        let depth = document.depth + 1;
        let outer = document.begin_nested(true);
        html::scan(document, &srcdoc, Place::Fixed(offset), depth);
        document.end_nested(outer);
    }
}

/// Handlers and styles, which any element may have.
fn read_attributes(tag: &Tag<'_>, document: &mut Document<'_>) {
    for (index, attribute) in tag.attributes.iter().enumerate() {
        let mut earlier = tag.attributes.iter().take(index);
        let is_style = attribute.is("style");
        let is_handler = is_event_handler(attribute.name);
        let may_load = || tag.namespace == Namespace::Svg && attribute.value().contains("url(");
        let matters = is_style || is_handler || may_load();
        if !matters || earlier.any(|other| other.is(attribute.name)) {
            continue;
        }
        if is_style {
            document.add_style_attribute(&attribute.value(), attribute.offset);
        } else if is_handler {
            let place = Place::Fixed(attribute.offset);
            for &feature in features::of_event(attribute.name.get(2..).unwrap_or_default()) {
                document.add_feature(feature, attribute.offset);
            }
            document.add_code(
                Kind::EventHandler,
                Goal::Classic,
                &attribute.value(),
                attribute.offset,
                place,
            );
        } else {
            document.add_css_value(&attribute.value(), attribute.offset);
        }
    }
}

/// Each element of MathML may be a link.
fn read_math(tag: &Tag<'_>, document: &mut Document<'_>) {
    if let Some(href) = tag.foreign_href() {
        document.add_javascript_url(&href, tag.offset);
    }
}

fn read_svg(tag: &Tag<'_>, document: &mut Document<'_>) {
    if matches!(tag.name, "animate" | "set") {
        return read_animation(tag, document);
    }
    let Some(href) = tag.foreign_href() else { return };
    match tag.name {
        "a" => {
            document.add_javascript_url(&href, tag.offset);
        }
        // Firefox looks into other files for the parts of gradients and patterns, too.
        "image" | "feimage" | "use" | "lineargradient" | "radialgradient" | "pattern"
            if !href.trim_start().starts_with('#') =>
        {
            document.add_url(Kind::Image, &href, tag.offset);
        }
        _ => {}
    }
}

/// An animation may put other images in the place of an image, whatever else that have addresses it animates.
fn read_animation(tag: &Tag<'_>, document: &mut Document<'_>) {
    if !tag.is("attributename", "href") && !tag.is("attributename", "xlink:href") {
        return;
    }
    for values in ["from", "to", "values"].iter().filter_map(|name| tag.get(name)) {
        for url in values.split(';').filter(|url| !url.trim_start().starts_with('#')) {
            document.add_url(Kind::Image, url, tag.offset);
        }
    }
}

fn read_html(tag: &Tag<'_>, document: &mut Document<'_>) {
    match tag.name {
        "a" | "area" => read_link(tag, document),
        "base" => tag.get("href").into_iter().for_each(|href| document.set_base(&href, tag.offset)),
        "body" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" => {
            add(tag, "background", Kind::Image, document);
        }
        "embed" => read_embedded(tag, "src", document),
        "object" => read_embedded(tag, "data", document),
        "frame" | "iframe" => read_frame(tag, document),
        "form" if !tag.is("method", "dialog") => {
            document.add_form_target(&tag.get("action").unwrap_or_default(), tag.offset);
        }
        "img" | "image" => read_image(tag, document),
        "button" | "input" => read_control(tag, document),
        "link" => link_element::read(tag, document),
        "meta" => read_meta(tag, document),
        "source" | "audio" | "video" | "track" => read_media(tag, document),
        _ => {}
    }
}

fn add(tag: &Tag<'_>, attribute: &str, kind: Kind, document: &mut Document<'_>) {
    if let Some(reference) = tag.get(attribute) {
        document.add_url(kind, &reference, tag.offset);
    }
}

pub(super) fn add_srcset(tag: &Tag<'_>, attribute: &str, document: &mut Document<'_>) {
    for url in srcset::urls(&tag.get(attribute).unwrap_or_default()) {
        document.add_url(Kind::Image, url, tag.offset);
    }
}

/// `<object>` and `<embed>`: what is no image, Chromium loads as a frame, which `frame-src` has to allow as well.
fn read_embedded(tag: &Tag<'_>, attribute: &str, document: &mut Document<'_>) {
    add(tag, attribute, Kind::Object, document);
    let declared = tag.get("type").filter(|declared| !declared.is_empty());
    let is_image = match &declared {
        Some(declared) => declared.starts_with("image/") && !declared.starts_with("image/svg"),
        None => tag.get(attribute).is_some_and(|reference| {
            let path = reference.split(['?', '#']).next().unwrap_or_default();
            role::is_image(path)
        }),
    };
    if !is_image {
        add(tag, attribute, Kind::Frame, document);
    }
}

fn read_link(tag: &Tag<'_>, document: &mut Document<'_>) {
    if let Some(href) = tag.get("href") {
        document.add_javascript_url(&href, tag.offset);
    }
    for url in tag.get("ping").unwrap_or_default().split_ascii_whitespace() {
        document.add_url(Kind::Connect, url, tag.offset);
    }
}

fn read_frame(tag: &Tag<'_>, document: &mut Document<'_>) {
    let source = tag.get("src").filter(|_| tag.srcdoc().is_none()).unwrap_or_default();
    if !document.add_javascript_url(&source, tag.offset) {
        document.add_url(Kind::Frame, &source, tag.offset);
    }
    let allow = tag.get("allow").unwrap_or_default();
    for (feature, grantee) in features::of_frame(&allow, tag.get("allowfullscreen").is_some()) {
        document.add_delegation(feature, grantee, &source, tag.offset);
    }
}

fn read_image(tag: &Tag<'_>, document: &mut Document<'_>) {
    add(tag, "src", Kind::Image, document);
    add_srcset(tag, "srcset", document);
}

fn read_control(tag: &Tag<'_>, document: &mut Document<'_>) {
    if tag.name == "input" && tag.is("type", "image") {
        add(tag, "src", Kind::Image, document);
    }
    if let Some(action) = tag.get("formaction") {
        document.add_form_target(&action, tag.offset);
    }
}

fn read_media(tag: &Tag<'_>, document: &mut Document<'_>) {
    add(tag, "src", Kind::Media, document);
    add_srcset(tag, "srcset", document);
    if tag.name == "video" {
        add(tag, "poster", Kind::Image, document);
    }
    for &feature in features::of_media(tag.name, |name| tag.get(name).is_some()) {
        document.add_feature(feature, tag.offset);
    }
}

fn read_meta(tag: &Tag<'_>, document: &mut Document<'_>) {
    let content = tag.get("content").unwrap_or_default();
    if tag.declares_policy() {
        document.add_meta_policy(&content, tag.offset);
    } else if tag.is("http-equiv", "refresh")
        && let Some(url) = refresh_url(&content)
    {
        document.add_url(Kind::Navigation, url, tag.offset);
    }
}

/// The URL of `<meta http-equiv=refresh content="5; url='/x'">` (HTML, "shared declarative refresh steps"); none if it is
/// the page's own.
fn refresh_url(content: &str) -> Option<&str> {
    let content = content.trim_ascii_start();
    let rest = content.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let has_time = rest.len() < content.len();
    if !has_time || !rest.starts_with(|c: char| matches!(c, ';' | ',') || c.is_ascii_whitespace()) {
        return None;
    }
    let rest = rest.trim_ascii_start();
    let url = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_ascii_start();
    let url = named_url(url).unwrap_or(url);
    let quoted = |quote| url.strip_prefix(quote)?.split(quote).next();
    Some(quoted('"').or_else(|| quoted('\'')).unwrap_or(url))
}

/// What follows `url =`.
fn named_url(text: &str) -> Option<&str> {
    let (name, rest) = text.split_at_checked(3)?;
    let value =
        rest.trim_ascii_start().strip_prefix('=').filter(|_| name.eq_ignore_ascii_case("url"))?;
    Some(value.trim_ascii_start())
}

/// `<script>` (HTML, "prepare the script element").
fn read_script(tag: &Tag<'_>, document: &mut Document<'_>) -> Option<TextUse> {
    let is_svg = tag.namespace == Namespace::Svg;
    let source = if is_svg { tag.foreign_href() } else { tag.get("src") };
    let kind = ScriptType::of(tag.get("type").as_deref(), tag.get("language").as_deref());
    // No browser of today runs a classic `nomodule` script, so no policy has to allow it.
    if document.is_inert()
        || kind == ScriptType::Classic && tag.get("nomodule").is_some() && !is_svg
    {
        return None;
    }
    let module = match kind {
        ScriptType::Classic => false,
        ScriptType::Module => true,
        ScriptType::ImportMap => {
            return source.is_none().then_some(TextUse::Data(Kind::ImportMap, tag.start()));
        }
        ScriptType::SpeculationRules => {
            return Some(TextUse::Data(Kind::SpeculationRules, tag.start()));
        }
        ScriptType::Data => return Some(TextUse::Data(Kind::DataBlock, tag.offset.into())),
    };
    let goal = if module { Goal::Module } else { Goal::Classic };
    let Some(source) = source else { return Some(TextUse::Script(goal, tag.start())) };
    document.add_script(&source, tag.script_attributes(module), tag.offset);
    None
}
