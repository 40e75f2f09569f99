//! What the names of elements tell.

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

/// Whether an element of this name, of those that matter, ends all foreign content around it (HTML, section 13.2.6.5);
/// the tokenizer ends but the innermost.
pub(super) fn breaks_out(name: &str) -> bool {
    matches!(name, "body" | "embed" | "img" | "meta" | "table")
}
