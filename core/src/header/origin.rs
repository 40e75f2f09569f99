//! Origins, as browsers write them.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Position, Url};

/// An origin of the web as browsers serialize it (HTML, section 7.1.1), in `Origin` and for what is compared with it. Never
/// `null`, and its host has letters, digits, `-`, `.` and `_`, or is an IP address, so that no configuration has to quote it.
///
/// ```
/// use cspc_core::header::Origin;
/// let origin = Origin::of("https://APP.example:443/").unwrap();
/// assert_eq!(origin.as_str(), "https://app.example");
/// assert!(Origin::try_from("https://APP.example".to_owned()).is_err());
/// for bad in ["https://*.app.example", "null", "ftp://a", "https://a/b", "https://a/?q", "https://u@a"] {
///     assert!(Origin::of(bad).is_err(), "{bad}");
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// Takes an origin however it is written, with or without a slash after it.
    ///
    /// # Errors
    /// What is wrong with it: no URL, not of the web, of a host that no page has, or more than an origin.
    pub fn of(text: &str) -> Result<Self, String> {
        let expected = "expected an origin such as `https://shop.example`";
        let url = Url::parse(text)
            .map_err(|error| format!("`{text}` is no URL ({error}): {expected}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("`{text}` is not of the web: {expected}"));
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[]:".contains(&byte);
        if !url.host_str().is_some_and(|host| host.bytes().all(plain)) {
            return Err(format!("`{text}` has the host of no page: {expected}"));
        }
        let origin = url.origin().ascii_serialization();
        let rest = &url[Position::BeforePath..];
        if rest != "/" {
            return Err(format!(
                "`{rest}` in `{text}` is no part of an origin: expected `{origin}`"
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("a user's name is no part of an origin: expected `{origin}`"));
        }
        Ok(Self(origin))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = String;
    /// Takes an origin that is written as browsers write it.
    fn try_from(text: String) -> Result<Self, String> {
        let origin = Self::of(&text)?;
        if origin.0 == text {
            return Ok(origin);
        }
        Err(format!("`{text}` never stands in `Origin`: expected `{origin}`"))
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
