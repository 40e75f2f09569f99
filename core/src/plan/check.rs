//! What makes no sense in a rule, although the types can hold it.

use super::header::{Header, Op};
use super::status::StatusMatch;

/// Why a plan makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No request has this path once it is decoded and normalized.
    #[error(
        "`{0}` is no path that a server sees: expected one that starts with `/`, percent-decoded, \
         without `//`, `.` or `..` segments or U+0000"
    )]
    Path(String),
    /// Every path ends with the empty text, and none holds U+0000.
    #[error("`{0}` is no path suffix: expected the end of a path, such as `.js`")]
    Suffix(String),
    /// Not two tokens with a slash between them.
    #[error("`{0}` is no media type: expected one such as `text/html`, without parameters")]
    MediaType(String),
    /// Not a status that a response can have.
    #[error("`{0}` is no status: expected 100 to 599")]
    Status(u16),
    /// `set`, `default` or `add` with nothing to send.
    #[error("`{0}` has no value: expected one, or `\"op\": \"remove\"`")]
    NoValue(String),
    /// `remove` with something to send.
    #[error("`{0}` has a value, but is to be removed: expected no `value`")]
    SpareValue(String),
    /// A guard decides before there is a response.
    #[error(
        "a guard cannot ask for the type or status of a response: expected a match by path or scheme"
    )]
    GuardByResponse,
}

/// Checks that requests can have the path, once it is decoded and normalized.
///
/// # Errors
/// [`PlanError::Path`] if none can.
///
/// ```
/// use cspc_core::plan::check_path;
/// assert!(check_path("/a b/").is_ok() && check_path("a.html").is_err());
/// ```
pub fn path(path: &str) -> Result<(), PlanError> {
    let dots = |segment: &str| segment == "." || segment == "..";
    if path.starts_with('/')
        && !path.contains('\0')
        && !path.contains("//")
        && !path.split('/').any(dots)
    {
        return Ok(());
    }
    Err(PlanError::Path(path.to_owned()))
}

pub(super) fn suffix(suffix: &str) -> Result<(), PlanError> {
    if suffix.is_empty() || suffix.contains('\0') {
        return Err(PlanError::Suffix(suffix.to_owned()));
    }
    Ok(())
}

/// RFC 6838, section 4.2: the characters of type and subtype names.
pub(super) fn media_type(media_type: &str) -> Result<(), PlanError> {
    let name = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match media_type.split_once('/') {
        Some((kind, subtype)) if name(kind) && name(subtype) => Ok(()),
        _ => Err(PlanError::MediaType(media_type.to_owned())),
    }
}

pub(super) fn status(status: &StatusMatch) -> Result<(), PlanError> {
    let StatusMatch::Codes(codes) = status else { return Ok(()) };
    match codes.iter().find(|code| !(100..=599).contains(*code)) {
        Some(code) => Err(PlanError::Status(*code)),
        None => Ok(()),
    }
}

pub(super) fn header(header: &Header) -> Result<(), PlanError> {
    match (header.op == Op::Remove, header.value.is_empty()) {
        (false, true) => Err(PlanError::NoValue(header.name.to_string())),
        (true, false) => Err(PlanError::SpareValue(header.name.to_string())),
        _ => Ok(()),
    }
}
