//! What the names of elements tell.

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
