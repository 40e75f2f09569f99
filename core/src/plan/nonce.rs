//! Nonces, which a server makes anew for each response.

use serde::{Deserialize, Serialize};

/// What stands for the nonce in a policy: `'nonce-CSPC_NONCE'`. It is spelled as a nonce, so that a policy with it is one.
pub const NONCE: &str = "CSPC_NONCE";

/// The source expression in a policy for which servers write one with the nonce that they make.
///
/// ```
/// use cspc_core::plan::{NONCE, NONCE_SOURCE};
/// assert_eq!(NONCE_SOURCE, format!("'nonce-{NONCE}'"));
/// ```
pub const NONCE_SOURCE: &str = "'nonce-CSPC_NONCE'";

/// The fewest bytes of a text that stands for the nonce: shorter ones occur by chance.
const FEWEST: usize = 8;

/// The most: what servers look for in each page is short.
const MOST: usize = 200;

/// The text that stands for the nonce in pages, as in `<script nonce="CSPC_NONCE">`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NonceText(String);

impl NonceText {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for NonceText {
    fn default() -> Self {
        Self(NONCE.to_owned())
    }
}

impl TryFrom<String> for NonceText {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if (FEWEST..=MOST).contains(&text.len()) && !text.contains(char::is_control) {
            return Ok(Self(text));
        }
        Err(format!(
            "`{text}` cannot stand for a nonce: expected {FEWEST} to {MOST} bytes on one line that occur nowhere else, such as `{NONCE}`"
        ))
    }
}

impl From<NonceText> for String {
    fn from(text: NonceText) -> Self {
        text.0
    }
}
