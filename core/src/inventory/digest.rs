//! Hashes of inline code, as Content-Security-Policy spells them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The hash-source for `content`, without its quotes (CSP Level 3, section 2.3.1).
///
/// ```
/// assert_eq!(cspc_core::inventory::sha256(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
/// ```
pub fn sha256(content: impl AsRef<[u8]>) -> String {
    let mut hash = String::from("sha256-");
    STANDARD.encode_string(Sha256::digest(content.as_ref()), &mut hash);
    hash
}
