//! Origins, as browsers write them.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// An origin of the web as browsers serialize it (HTML, section 7.1.1), in `Origin` and for what is compared with it. Never
/// `null`, and its host has letters, digits, `-`, `.` and `_`, or is an IP address, so that no configuration has to quote it.
///
/// ```
/// use cspc_core::header::Origin;
/// let origin = Origin::of("https://APP.example:443/").unwrap();
/// assert_eq!(origin.as_str(), "https://app.example");
/// assert!(Origin::try_from("https://APP.example".to_owned()).is_err());
/// assert!(Origin::of("https://*.app.example").is_err() && Origin::of("null").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// The origin of a URL.
    ///
    /// # Errors
    /// What is wrong with it: no URL, not of the web, or of a host that no page has.
    pub fn of(url: &str) -> Result<Self, String> {
        let bad = || format!("`{url}` is no origin: expected one such as `https://app.example`");
        let parsed = Url::parse(url).map_err(|_error| bad())?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[]:".contains(&byte);
        let is_plain = parsed.host_str().is_some_and(|host| host.bytes().all(plain));
        if is_plain && matches!(parsed.scheme(), "http" | "https") {
            return Ok(Self(parsed.origin().ascii_serialization()));
        }
        Err(bad())
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
