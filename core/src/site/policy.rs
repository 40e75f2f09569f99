//! How policies are made, by the owner's word.

use serde::Deserialize;

use crate::diagnostic::Location;
use crate::header::HeaderValue;

/// How inline code and files of code are allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// The strictest one that is enough for each page.
    #[default]
    Auto,
    /// Inline code by the hash of each script and style, files of code by their addresses.
    Hash,
    /// Scripts and styles by the nonce of the response, where the page has a place for one; the rest as by [`Self::Hash`].
    Nonce,
    /// As by [`Self::Hash`], but files of code by the origins that they come from: for sites whose file names change.
    Allowlist,
}

impl Strategy {
    /// Every strategy.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Hash, Self::Nonce, Self::Allowlist];

    /// Its name on the command line and in the site file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Hash => "hash",
            Self::Nonce => "nonce",
            Self::Allowlist => "allowlist",
        }
    }
}

/// That scripts are to make markup and code of trusted types alone, and where that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedTypes {
    /// The names of policies that scripts create beside those found.
    pub policies: Vec<String>,
    /// Its place.
    pub location: Location,
}

/// A policy that is not compiled but in force, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnforcedText {
    /// The value of its header.
    pub policy: HeaderValue,
    /// Its place.
    pub location: Location,
}
