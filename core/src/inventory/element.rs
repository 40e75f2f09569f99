//! What an element loads or runs.

use std::borrow::Cow;

use super::document::{Document, Place};
use super::event_handlers::is_event_handler;
use super::features;
use super::html;
use super::javascript::Goal;
use super::model::{Kind, ScriptAttributes};
use super::srcset;

/// A start tag.
pub(super) struct Tag<'a> {
    /// The name in lower case.
    pub(super) name: &'a str,
    /// Whether it is an SVG element.
    pub(super) svg: bool,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Where it stands in the page.
    pub(super) offset: usize,
    /// Whether a script made it, rather than the parser.
    pub(super) made: bool,
}

/// An attribute.
pub(super) struct Attribute<'a> {
    /// The name as written.
    pub(super) name: &'a str,
    /// The value, decoded.
    pub(super) value: Cow<'a, str>,
    /// Where it stands in the page.
    pub(super) offset: usize,
}

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

/// Where an element stands, and what it says of itself if it has a nonce.
pub(super) struct Start {
    pub(super) offset: usize,
    pub(super) attributes: Option<Box<ScriptAttributes>>,
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

impl From<usize> for Start {
    fn from(offset: usize) -> Self {
        Self { offset, attributes: None }
    }
}

impl Tag<'_> {
    /// Where it stands, with its nonce.
    fn start(&self) -> Start {
        let attributes = self.get("nonce").map(|_| Box::new(script_attributes(self, false)));
        Start { offset: self.offset, attributes }
    }

    /// The value of the first attribute of this name (HTML drops repeated ones).
    fn get(&self, name: &str) -> Option<&str> {
        let found =
            self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        found.map(|attribute| &*attribute.value)
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
    }

    /// Whether it declares a policy of the page's own. One that a script makes holds from then on, which reading does not
    /// tell.
    pub(super) fn declares_policy(&self) -> bool {
        self.name == "meta" && self.is("http-equiv", "content-security-policy") && !self.made
    }

    /// The document inside an `<iframe srcdoc>`.
    pub(super) fn srcdoc(&self) -> Option<&str> {
        (self.name == "iframe").then(|| self.get("srcdoc")).flatten()
    }
}

/// Whether an element of this name can load or run something by its own attributes or text.
pub(super) fn is_of_interest(name: &str) -> bool {
    matches!(
        name,
        "a" | "area"
            | "audio"
            | "base"
            | "body"
            | "button"
            | "embed"
            | "form"
            | "frame"
            | "iframe"
            | "image"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "noscript"
            | "object"
            | "script"
            | "source"
            | "style"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "track"
            | "video"
    )
}

/// Whether an element of this name leaves the parser in the head (HTML, sections 13.2.6.4.2 to 13.2.6.4.6).
pub(super) fn may_stand_in_head(name: &str) -> bool {
    matches!(
        name,
        "base"
            | "basefont"
            | "bgsound"
            | "head"
            | "html"
            | "link"
            | "meta"
            | "noframes"
            | "noscript"
            | "script"
            | "style"
            | "template"
            | "title"
    )
}

/// Adds what the element loads and runs, and tells what its text is.
pub(super) fn read(tag: &Tag<'_>, document: &mut Document<'_>) -> Option<TextUse> {
    read_attributes(tag, document);
    match tag.name {
        "script" => return read_script(tag, document),
        "style" if is_css(tag) => return Some(TextUse::Style(tag.start())),
        "noscript" => return Some(TextUse::Markup),
        _ if tag.svg => read_svg(tag, document),
        _ => read_html(tag, document),
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
    let attributes = attributes
        .iter()
        .map(|(name, value)| Attribute { name, value: value.into(), offset })
        .collect();
    let tag = Tag { name, svg: matches!(name, "image" | "use"), attributes, offset, made: true };
    if let Some(usage) = read(&tag, document) {
        usage.read(text.unwrap_or_default(), Place::Fixed(offset), document);
    }
    if let Some(srcdoc) = tag.srcdoc() {
        html::scan(document, srcdoc, Place::Fixed(offset), 1);
    }
}

/// Handlers and styles, which any element may have.
fn read_attributes(tag: &Tag<'_>, document: &mut Document<'_>) {
    for (index, attribute) in tag.attributes.iter().enumerate() {
        let mut earlier = tag.attributes.iter().take(index);
        let is_style = attribute.name.eq_ignore_ascii_case("style");
        let matters = is_style
            || is_event_handler(attribute.name)
            || tag.svg && attribute.value.contains("url(");
        if !matters || earlier.any(|other| other.name.eq_ignore_ascii_case(attribute.name)) {
            continue;
        }
        if is_style {
            document.add_style_attribute(&attribute.value, attribute.offset);
        } else if is_event_handler(attribute.name) {
            let place = Place::Fixed(attribute.offset);
            for &feature in features::of_event(attribute.name.get(2..).unwrap_or_default()) {
                document.add_feature(feature, attribute.offset);
            }
            document.add_code(
                Kind::EventHandler,
                Goal::Classic,
                &attribute.value,
                attribute.offset,
                place,
            );
        } else {
            document.add_css_value(&attribute.value, attribute.offset);
        }
    }
}

fn read_svg(tag: &Tag<'_>, document: &mut Document<'_>) {
    let Some(href) = tag.get("href").or_else(|| tag.get("xlink:href")) else { return };
    match tag.name {
        "a" => {
            document.add_javascript_url(href, tag.offset);
        }
        // Firefox looks into other files for the parts of gradients and patterns, too.
        "image" | "feimage" | "use" | "lineargradient" | "radialgradient" | "pattern"
            if !href.trim_start().starts_with('#') =>
        {
            document.add_url(Kind::Image, href, tag.offset);
        }
        _ => {}
    }
}

fn read_html(tag: &Tag<'_>, document: &mut Document<'_>) {
    match tag.name {
        "a" | "area" => read_link(tag, document),
        "base" => tag.get("href").into_iter().for_each(|href| document.set_base(href, tag.offset)),
        "body" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" => {
            add(tag, "background", Kind::Image, document);
        }
        "embed" => add(tag, "src", Kind::Object, document),
        "object" => add(tag, "data", Kind::Object, document),
        "frame" | "iframe" => read_frame(tag, document),
        "form" if !tag.is("method", "dialog") => {
            document.add_form_target(tag.get("action").unwrap_or_default(), tag.offset);
        }
        "img" | "image" => read_image(tag, document),
        "button" | "input" => read_control(tag, document),
        "link" => read_link_element(tag, document),
        "meta" => read_meta(tag, document),
        "source" | "audio" | "video" | "track" => read_media(tag, document),
        _ => {}
    }
}

fn add(tag: &Tag<'_>, attribute: &str, kind: Kind, document: &mut Document<'_>) {
    if let Some(reference) = tag.get(attribute) {
        document.add_url(kind, reference, tag.offset);
    }
}

fn add_srcset(tag: &Tag<'_>, attribute: &str, document: &mut Document<'_>) {
    for url in tag.get(attribute).into_iter().flat_map(srcset::urls) {
        document.add_url(Kind::Image, url, tag.offset);
    }
}

fn read_link(tag: &Tag<'_>, document: &mut Document<'_>) {
    if let Some(href) = tag.get("href") {
        document.add_javascript_url(href, tag.offset);
    }
    for url in tag.get("ping").into_iter().flat_map(str::split_ascii_whitespace) {
        document.add_url(Kind::Connect, url, tag.offset);
    }
}

fn read_frame(tag: &Tag<'_>, document: &mut Document<'_>) {
    let source = if tag.srcdoc().is_some() { "" } else { tag.get("src").unwrap_or_default() };
    if !document.add_javascript_url(source, tag.offset) {
        document.add_url(Kind::Frame, source, tag.offset);
    }
    let allow = tag.get("allow").unwrap_or_default();
    for (feature, grantee) in features::of_frame(allow, tag.get("allowfullscreen").is_some()) {
        document.add_delegation(feature, grantee, source, tag.offset);
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
        document.add_form_target(action, tag.offset);
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
        document.add_meta_policy(content, tag.offset);
    } else if tag.is("http-equiv", "refresh")
        && let Some(url) = refresh_url(content)
    {
        document.add_url(Kind::Navigation, url, tag.offset);
    }
}

/// The URL of `<meta http-equiv=refresh content="5; url='/x'">` (HTML, "shared declarative refresh steps").
fn refresh_url(content: &str) -> Option<&str> {
    let rest = content
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c.is_ascii_whitespace());
    let rest = rest.trim_start_matches([';', ',']).trim_start();
    let (name, value) = rest.split_once('=')?;
    let url = name.trim().eq_ignore_ascii_case("url").then_some(value)?.trim();
    let quoted = |quote| url.strip_prefix(quote)?.split(quote).next();
    Some(quoted('"').or_else(|| quoted('\'')).unwrap_or(url))
}

/// `<link>`: by each of its `rel` keywords that fetches.
fn read_link_element(tag: &Tag<'_>, document: &mut Document<'_>) {
    let Some(href) = tag.get("href").or_else(|| tag.get("imagesrcset").map(|_| "")) else { return };
    for rel in tag.get("rel").unwrap_or_default().split_ascii_whitespace() {
        match rel.to_ascii_lowercase().as_str() {
            "stylesheet" if is_css(tag) => document.add_style_sheet(href, tag.start()),
            "icon" => {
                // Where no icon is for the medium, browsers ask for the one that nobody named.
                if tag.get("media").is_none() {
                    document.set_icon();
                }
                document.add_url(Kind::Image, href, tag.offset);
            }
            "apple-touch-icon"
            | "apple-touch-icon-precomposed"
            | "mask-icon"
            | "apple-touch-startup-image" => {
                document.add_url(Kind::Image, href, tag.offset);
            }
            "manifest" => document.add_url(Kind::Manifest, href, tag.offset),
            "preload" => read_preload(tag, href, document),
            "modulepreload" => read_module_preload(tag, href, document),
            // Firefox fetches it under `connect-src`.
            "compression-dictionary" => document.add_url(Kind::Connect, href, tag.offset),
            "prefetch" | "prerender" => document.add_url(Kind::Prefetch, href, tag.offset),
            _ => {}
        }
    }
}

fn read_preload(tag: &Tag<'_>, href: &str, document: &mut Document<'_>) {
    let kind = match tag.get("as").unwrap_or_default().to_ascii_lowercase().as_str() {
        "script" => return document.add_script(href, script_attributes(tag, false), tag.offset),
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
        _ => return document.add_script(href, script_attributes(tag, true), tag.offset),
    };
    document.add_url(kind, href, tag.offset);
}

fn script_attributes(tag: &Tag<'_>, module: bool) -> ScriptAttributes {
    let owned = |name| tag.get(name).map(str::to_owned);
    ScriptAttributes {
        integrity: owned("integrity"),
        crossorigin: owned("crossorigin"),
        nonce: owned("nonce"),
        module,
        parser_inserted: !tag.made,
    }
}

/// `<script>` (HTML, "prepare the script element").
fn read_script(tag: &Tag<'_>, document: &mut Document<'_>) -> Option<TextUse> {
    let source =
        if tag.svg { tag.get("href").or_else(|| tag.get("xlink:href")) } else { tag.get("src") };
    let kind = script_type(tag);
    // No browser of today runs a classic `nomodule` script, so no policy has to allow it.
    if document.is_inert()
        || kind == ScriptType::Classic && tag.get("nomodule").is_some() && !tag.svg
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
    document.add_script(source, script_attributes(tag, module), tag.offset);
    None
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScriptType {
    Classic,
    Module,
    ImportMap,
    SpeculationRules,
    Data,
}

fn script_type(tag: &Tag<'_>) -> ScriptType {
    script_type_of(tag.get("type"), tag.get("language"))
}

/// Whether a `<script>` with these attributes is run, and is no data.
pub(super) fn is_run(kind: Option<&str>, language: Option<&str>) -> bool {
    matches!(script_type_of(kind, language), ScriptType::Classic | ScriptType::Module)
}

fn script_type_of(kind: Option<&str>, language: Option<&str>) -> ScriptType {
    let declared = match (kind, language) {
        (Some(""), _) | (None, None | Some("")) => return ScriptType::Classic,
        (Some(declared), _) => {
            declared.trim_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase()
        }
        (None, Some(language)) => format!("text/{}", language.to_ascii_lowercase()),
    };
    match declared.as_str() {
        "module" => ScriptType::Module,
        "importmap" => ScriptType::ImportMap,
        "speculationrules" => ScriptType::SpeculationRules,
        media_type if is_javascript(media_type) => ScriptType::Classic,
        _ => ScriptType::Data,
    }
}

/// A JavaScript MIME type's essence (MIME Sniffing, section 4.6).
fn is_javascript(media_type: &str) -> bool {
    let Some((kind, name)) = media_type.split_once('/') else { return false };
    match kind {
        "application" => {
            matches!(name, "ecmascript" | "javascript" | "x-ecmascript" | "x-javascript")
        }
        "text" => matches!(
            name,
            "ecmascript"
                | "javascript"
                | "javascript1.0"
                | "javascript1.1"
                | "javascript1.2"
                | "javascript1.3"
                | "javascript1.4"
                | "javascript1.5"
                | "jscript"
                | "livescript"
                | "x-ecmascript"
                | "x-javascript"
        ),
        _ => false,
    }
}

/// Whether a style sheet's type is absent or CSS; any other one is not applied.
fn is_css(tag: &Tag<'_>) -> bool {
    tag.get("type")
        .is_none_or(|declared| declared.is_empty() || declared.eq_ignore_ascii_case("text/css"))
}
