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

/// Whether an element of this name is never open: it has no content, or another is open in its place.
pub(super) fn is_empty(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"area"
            | b"base"
            | b"basefont"
            | b"bgsound"
            | b"body"
            | b"br"
            | b"col"
            | b"embed"
            | b"frame"
            | b"head"
            | b"hr"
            | b"html"
            | b"image"
            | b"img"
            | b"input"
            | b"keygen"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// Whether an element of this name is formatting (HTML, section 13.2.4.3).
pub(super) fn is_formatting(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"a" | b"b"
            | b"big"
            | b"code"
            | b"em"
            | b"font"
            | b"i"
            | b"nobr"
            | b"s"
            | b"small"
            | b"strike"
            | b"strong"
            | b"tt"
            | b"u"
    )
}

/// Whether formatting elements that ended with one around them are made anew before an element of this name (HTML, section
/// 13.2.6.4.7).
pub(super) fn reconstructs_formatting(name: &str) -> bool {
    let is_ordinary = !is_special(name) && text_kind(name).is_none();
    is_ordinary || matches!(name, "applet" | "button" | "marquee" | "object" | "select")
}

/// Whether formatting outside an element of this name is not made anew in it (HTML, section 13.2.4.3, "markers").
pub(super) fn has_marker(name: &str) -> bool {
    bounds_scope(name) && !matches!(name, "select" | "table")
}

/// Whether an element of this name is special, of those that may be open (HTML, section 13.2.4.2).
pub(super) fn is_special(name: &str) -> bool {
    is_table_part(name)
        || bounds_scope(name)
        || matches!(
            name.as_bytes(),
            b"address"
                | b"article"
                | b"aside"
                | b"blockquote"
                | b"button"
                | b"center"
                | b"colgroup"
                | b"dd"
                | b"details"
                | b"dir"
                | b"div"
                | b"dl"
                | b"dt"
                | b"fieldset"
                | b"figcaption"
                | b"figure"
                | b"footer"
                | b"form"
                | b"frameset"
                | b"h1"
                | b"h2"
                | b"h3"
                | b"h4"
                | b"h5"
                | b"h6"
                | b"header"
                | b"hgroup"
                | b"li"
                | b"listing"
                | b"main"
                | b"menu"
                | b"nav"
                | b"ol"
                | b"p"
                | b"pre"
                | b"search"
                | b"section"
                | b"summary"
                | b"ul"
        )
}

/// Whether an element of this name is a part of a table, or one, and may be open.
pub(super) fn is_table_part(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"caption" | b"table" | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead" | b"tr"
    )
}

/// Whether nothing around an element of this name is in scope (HTML, section 13.2.4.2).
pub(super) fn bounds_scope(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"applet"
            | b"caption"
            | b"marquee"
            | b"object"
            | b"select"
            | b"table"
            | b"td"
            | b"template"
            | b"th"
    )
}
