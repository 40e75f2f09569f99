//! What the names of elements tell.

use super::foreign::Namespace;
use super::tag::Attribute;

/// Whether an element of this name can load or run something by its own attributes or text.
pub(super) fn is_of_interest(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"a" | b"area"
            | b"audio"
            | b"base"
            | b"body"
            | b"button"
            | b"embed"
            | b"form"
            | b"frame"
            | b"iframe"
            | b"image"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"noscript"
            | b"object"
            | b"script"
            | b"source"
            | b"style"
            | b"table"
            | b"tbody"
            | b"td"
            | b"tfoot"
            | b"th"
            | b"thead"
            | b"tr"
            | b"track"
            | b"video"
    )
}

/// Whether an element of this name leaves the parser in the head (HTML, sections 13.2.6.4.2 to 13.2.6.4.6).
pub(super) fn may_stand_in_head(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"base"
            | b"basefont"
            | b"bgsound"
            | b"head"
            | b"html"
            | b"link"
            | b"meta"
            | b"noframes"
            | b"noscript"
            | b"script"
            | b"style"
            | b"template"
            | b"title"
    )
}

/// How the text in an element is read that holds no markup (HTML, sections 13.2.6.2 and 13.2.6.4).
pub(super) enum TextKind {
    /// A script, in which comments count.
    Script,
    /// Up to the element's end tag.
    Raw,
    /// Up to the end of the page.
    Plain,
}

/// How the text in an element of this name is read, where it is no markup.
pub(super) fn text_kind(name: &str) -> Option<TextKind> {
    match name.as_bytes() {
        b"script" => Some(TextKind::Script),
        b"iframe" | b"noembed" | b"noframes" | b"noscript" | b"style" | b"textarea" | b"title"
        | b"xmp" => Some(TextKind::Raw),
        b"plaintext" => Some(TextKind::Plain),
        _ => None,
    }
}

/// Whether an element of this name ends the foreign content around it (HTML, section 13.2.6.5).
pub(super) fn breaks_out(name: &str, attributes: &[Attribute<'_>]) -> bool {
    match name.as_bytes() {
        b"b" | b"big" | b"blockquote" | b"body" | b"br" | b"center" | b"code" | b"dd" | b"div"
        | b"dl" | b"dt" | b"em" | b"embed" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6"
        | b"head" | b"hr" | b"i" | b"img" | b"li" | b"listing" | b"menu" | b"meta" | b"nobr"
        | b"ol" | b"p" | b"pre" | b"ruby" | b"s" | b"small" | b"span" | b"strike" | b"strong"
        | b"sub" | b"sup" | b"table" | b"tt" | b"u" | b"ul" | b"var" => true,
        b"font" => {
            ["color", "face", "size"].iter().any(|name| attributes.iter().any(|own| own.is(name)))
        }
        _ => false,
    }
}

/// The same name, if an element of this name and namespace holds HTML (HTML, section 13.2.6: MathML text integration
/// points and HTML integration points).
pub(super) fn integration_point(
    namespace: Namespace,
    name: &str,
    attributes: &[Attribute<'_>],
) -> Option<&'static str> {
    let names: &[&'static str] = match namespace {
        Namespace::Html => &[],
        Namespace::Svg => &["desc", "foreignobject", "title"],
        Namespace::MathMl => &["annotation-xml", "mi", "mn", "mo", "ms", "mtext"],
    };
    let found = names.iter().copied().find(|point| *point == name)?;
    let holds_html = |encoding: &Attribute<'_>| {
        encoding.is("encoding")
            && ["text/html", "application/xhtml+xml"]
                .iter()
                .any(|kind| encoding.value().eq_ignore_ascii_case(kind))
    };
    (found != "annotation-xml" || attributes.iter().any(holds_html)).then_some(found)
}
