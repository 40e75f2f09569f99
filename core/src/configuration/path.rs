//! Paths as servers see them.

/// A request's path, percent-decoded, without its query, `//`, `.` and `..` segments, as nginx and Apache match it.
/// `None` if it leaves the site or is no text.
///
/// ```
/// use cspc_core::configuration::normalized;
/// assert_eq!(normalized("//%61dmin/./x/../y/?q").as_deref(), Some("/admin/y/"));
/// assert_eq!(normalized("/../x"), None);
/// ```
pub fn normalized(path: &str) -> Option<String> {
    cleaned(&decoded(path.split(['?', '#']).next()?)?)
}

/// A decoded path without `//`, `.` and `..` segments; `None` if it leaves the site.
pub(crate) fn cleaned(path: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    let mut is_folder = true;
    for segment in path.split('/') {
        is_folder = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            segment => segments.push(segment),
        }
    }
    let end = if is_folder && !segments.is_empty() { "/" } else { "" };
    Some(format!("/{}{end}", segments.join("/")))
}

/// A path with percent-encoded bytes decoded; `None` if that is no text.
pub(crate) fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
    }
    String::from_utf8(bytes).ok()
}
