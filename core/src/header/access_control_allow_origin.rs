//! `Access-Control-Allow-Origin` (Fetch, section 3.3.3).

use std::fmt;

use url::Url;

use super::field::{Header, Parsed, Problem, trimmed};

/// Which origins may read a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessControlAllowOrigin<'a> {
    /// All of them, without cookies.
    Any,
    /// Those of sandboxed frames and local files: anyone can have one.
    Null,
    /// This one.
    Origin(&'a str),
}

impl<'a> Header<'a> for AccessControlAllowOrigin<'a> {
    const NAME: &'static str = "Access-Control-Allow-Origin";

    /// Browsers compare the text with the origin that asks: a list, a pattern or a path never matches.
    ///
    /// ```
    /// use cspc_core::header::{AccessControlAllowOrigin, Header};
    /// assert_eq!(AccessControlAllowOrigin::parse("*").value, Some(AccessControlAllowOrigin::Any));
    /// assert!(AccessControlAllowOrigin::parse("https://*.a.example").value.is_none());
    /// ```
    fn parse(value: &'a str) -> Parsed<Self> {
        let (span, text) = trimmed(value, 0);
        match text {
            "*" => Parsed { value: Some(Self::Any), issues: Vec::new() },
            "null" => Parsed { value: Some(Self::Null), issues: Vec::new() },
            "" => Parsed::nothing(Problem::Empty, span),
            _ if is_origin(text) => Parsed { value: Some(Self::Origin(text)), issues: Vec::new() },
            _ => Parsed::nothing(Problem::InvalidValue, span),
        }
    }
}

/// Whether the text is an origin as browsers serialize it.
fn is_origin(text: &str) -> bool {
    let is_same = |url: Url| url.origin().ascii_serialization() == text;
    !text.contains('*') && Url::parse(text).is_ok_and(is_same)
}

impl fmt::Display for AccessControlAllowOrigin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "*",
            Self::Null => "null",
            Self::Origin(origin) => origin,
        })
    }
}
