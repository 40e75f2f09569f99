//! What a plan asks of a server beside headers by rule.

use serde::{Deserialize, Serialize};

/// An attribute to be put on each cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CookieAttribute {
    /// Sent over HTTPS only.
    Secure,
    /// Not to be read by scripts.
    HttpOnly,
    /// Not sent with requests from other sites at all.
    #[serde(rename = "SameSite=Strict")]
    SameSiteStrict,
    /// Sent from other sites with top-level navigations only.
    #[serde(rename = "SameSite=Lax")]
    SameSiteLax,
}

impl CookieAttribute {
    /// Its name in lower case, and as it is written in a cookie.
    pub const fn as_written(self) -> (&'static str, &'static str) {
        match self {
            Self::Secure => ("secure", "Secure"),
            Self::HttpOnly => ("httponly", "HttpOnly"),
            Self::SameSiteStrict => ("samesite", "SameSite=Strict"),
            Self::SameSiteLax => ("samesite", "SameSite=Lax"),
        }
    }
}

/// A redirect's status: 301, 302, 307 or 308.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct RedirectStatus(u16);

impl TryFrom<u16> for RedirectStatus {
    type Error = String;
    fn try_from(code: u16) -> Result<Self, String> {
        match code {
            301 | 302 | 307 | 308 => Ok(Self(code)),
            _ => Err(format!("`{code}` is not a redirect's status: expected 301, 302, 307 or 308")),
        }
    }
}

impl From<RedirectStatus> for u16 {
    fn from(status: RedirectStatus) -> Self {
        status.0
    }
}

/// Whether the server names its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerTokens {
    /// As the server likes.
    On,
    /// No version.
    Off,
}
