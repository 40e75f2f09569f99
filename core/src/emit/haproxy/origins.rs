//! Which origins requests come from: kept in a variable, as rules for responses do not see the request.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::lines::{Scope, Site};
use super::WORDS;
use crate::header::Origin;

/// The lists of origins that rules ask for.
fn lists<'a>(site: &Site<'a>) -> BTreeSet<&'a [Origin]> {
    site.scopes().map(|scope| scope.origins).filter(|origins| !origins.is_empty()).collect()
}

/// The name of what holds for requests of the scope's origins, if it asks for some.
pub(super) fn term(site: &Site<'_>, scope: Scope<'_>) -> Option<String> {
    if scope.origins.is_empty() {
        return None;
    }
    let number = lists(site).iter().position(|origins| *origins == scope.origins)?;
    Some(format!("cspc_from_{}", number + 1))
}

/// The conditions, or nothing.
pub(super) fn acls(site: &Site<'_>) -> String {
    let lists = lists(site);
    if lists.is_empty() {
        return String::new();
    }
    let mut text =
        "\n# Which origin asks.\nhttp-request set-var(txn.cspc_from) req.fhdr(origin)\n".to_owned();
    for (index, origins) in lists.iter().enumerate() {
        for some in origins.chunks(WORDS) {
            let words: Vec<&str> = some.iter().map(Origin::as_str).collect();
            let _ = writeln!(
                text,
                "acl cspc_from_{} var(txn.cspc_from) -m str -- {}",
                index + 1,
                words.join(" ")
            );
        }
    }
    text
}
