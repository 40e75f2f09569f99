//! Names and values of headers, as types that cannot hold what would break out of a header line.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A field name: a token of RFC 9110, section 5.6.2. Compared without regard to case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HeaderName(String);

/// A field value: no control bytes but the tab, no white space at its ends (RFC 9110, section 5.5).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HeaderValue(String);

/// Why a text is no header name or value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The name is empty or has a byte that is not allowed in a token.
    #[error("`{0}` is not a header name")]
    Name(String),
    /// The value has a control byte: written into a configuration it could start a new header.
    #[error("a header value cannot hold the control character U+{0:04X}")]
    Control(u32),
}

const fn is_token_byte(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'#'
            | b'$'
            | b'%'
            | b'&'
            | b'\''
            | b'*'
            | b'+'
            | b'-'
            | b'.'
            | b'^'
            | b'_'
            | b'`'
            | b'|'
            | b'~'
    ) || byte.is_ascii_alphanumeric()
}

impl HeaderName {
    /// Takes a token.
    ///
    /// # Errors
    /// [`HeaderError::Name`] if `name` is not one.
    pub fn new(name: impl Into<String>) -> Result<Self, HeaderError> {
        let name = name.into();
        if name.is_empty() || !name.bytes().all(is_token_byte) {
            return Err(HeaderError::Name(name));
        }
        Ok(Self(name))
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for HeaderName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for HeaderName {}

impl HeaderValue {
    /// Takes a value; white space at its ends, which no client would see, is cut off.
    ///
    /// # Errors
    /// [`HeaderError::Control`] if it holds a control character.
    pub fn new(value: impl AsRef<str>) -> Result<Self, HeaderError> {
        let value = value.as_ref().trim_matches([' ', '\t']);
        match value.chars().find(|c| c.is_ascii_control() && *c != '\t') {
            Some(c) => Err(HeaderError::Control(c.into())),
            None => Ok(Self(value.to_owned())),
        }
    }

    /// The value.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value without a byte.
    pub const fn empty() -> Self {
        Self(String::new())
    }

    /// Whether there is no byte in it.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for HeaderName {
    type Error = HeaderError;
    fn try_from(name: String) -> Result<Self, HeaderError> {
        Self::new(name)
    }
}

impl TryFrom<String> for HeaderValue {
    type Error = HeaderError;
    fn try_from(value: String) -> Result<Self, HeaderError> {
        Self::new(value)
    }
}

impl From<HeaderName> for String {
    fn from(name: HeaderName) -> Self {
        name.0
    }
}

impl From<HeaderValue> for String {
    fn from(value: HeaderValue) -> Self {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_hold_a_second_header() {
        assert_eq!(HeaderValue::new("a\r\nX: y"), Err(HeaderError::Control(13)));
        assert_eq!(HeaderValue::new("a\0"), Err(HeaderError::Control(0)));
        assert!(HeaderValue::new("tab\tand ümlaut").is_ok());
    }

    #[test]
    fn a_name_is_a_token() {
        assert!(HeaderName::new("X-Frame-Options").is_ok());
        for bad in ["", "X Y", "X:", "X\n", "ü"] {
            assert_eq!(HeaderName::new(bad), Err(HeaderError::Name(bad.into())));
        }
    }
}
