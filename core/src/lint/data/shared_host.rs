//! Hosts on which anyone can publish scripts.
//!
//! From the documentation of these services, November 2026. Each is the beginning of addresses that anyone can get.

use crate::csp::{HostSource, SourceExpression};

/// A host, and a folder of it.
pub(in crate::lint) type Address = (&'static str, &'static str);

/// An address, of those that anyone can get, that the expression lets through.
pub(in crate::lint) fn covered_by(expression: SourceExpression<'_>) -> Option<Address> {
    let SourceExpression::Host(source) = expression else { return None };
    SHARED.iter().find(|shared| covers(source, **shared)).copied()
}

fn covers(source: HostSource<'_>, (host, folder): Address) -> bool {
    let is_host = match source.host.strip_prefix('*') {
        Some("") => false,
        Some(suffix) => {
            let end = host.len().checked_sub(suffix.len()).and_then(|at| host.get(at..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(suffix))
        }
        None => source.host.eq_ignore_ascii_case(host),
    };
    // A folder counts if it is one that anyone can publish in, or one above it.
    let is_folder = |path: &str| path.ends_with('/') && folder.starts_with(path);
    is_host && source.path.is_none_or(is_folder)
}

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
