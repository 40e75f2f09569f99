//! Hosts on which anyone can publish scripts.
//!
//! From the documentation of these services, November 2026. Each is the beginning of addresses that anyone can get.

use std::sync::LazyLock;

use super::host_index::HostIndex;
use crate::csp::SourceExpression;

/// A host, and a folder of it.
pub(in crate::lint) type Address = (&'static str, &'static str);

/// An address, of those that anyone can get, that the expression lets through.
pub(in crate::lint) fn covered_by(expression: SourceExpression<'_>) -> Option<Address> {
    let SourceExpression::Host(source) = expression else { return None };
    // A folder counts if it is one that anyone can publish in, or one above it.
    let is_folder = |folder: &str| {
        source.path.is_none_or(|path| path.ends_with('/') && folder.starts_with(path))
    };
    BY_HOST.on(source.host).iter().find(|(_, folder)| is_folder(folder)).copied()
}

static BY_HOST: LazyLock<HostIndex<Address>> =
    LazyLock::new(|| HostIndex::new(SHARED.iter().map(|address| (address.0, *address))));

/// Where anyone can publish.
static SHARED: [Address; 22] = [
    ("cdn.jsdelivr.net", "/gh/"),
    ("cdn.jsdelivr.net", "/npm/"),
    ("fastly.jsdelivr.net", "/npm/"),
    ("unpkg.com", "/"),
    ("esm.sh", "/"),
    ("cdn.skypack.dev", "/"),
    ("jspm.dev", "/"),
    ("ga.jspm.io", "/npm:"),
    ("cdn.statically.io", "/gh/"),
    ("raw.githack.com", "/"),
    ("rawcdn.githack.com", "/"),
    ("raw.githubusercontent.com", "/"),
    ("gist.githubusercontent.com", "/"),
    ("gitcdn.xyz", "/repo/"),
    ("glcdn.githack.com", "/"),
    ("s3.amazonaws.com", "/"),
    ("storage.googleapis.com", "/"),
    ("firebasestorage.googleapis.com", "/v0/b/"),
    ("ipfs.io", "/ipfs/"),
    ("cloudflare-ipfs.com", "/ipfs/"),
    ("pastebin.com", "/raw/"),
    ("script.google.com", "/macros/"),
];
