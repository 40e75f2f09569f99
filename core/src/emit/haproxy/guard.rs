//! Guards: which one holds is kept in a variable in the plan's order, then requests are denied by it.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::lines::{Guarded, Site};
use super::super::{EmitError, own_origin};
use super::terms;
use crate::plan::{Guard, Plan, SAFE_METHODS, Unmarked};

/// The lines, or nothing.
pub(super) fn lines(plan: &Plan, site: &Site<'_>) -> Result<String, EmitError> {
    if site.guards.is_empty() {
        return Ok(String::new());
    }
    let mut text = format!(
        "\n# Requests that change something and come from pages of other sites are refused; the last guard decides.\n\
         acl cspc_safe method {}\n\
         acl cspc_site req.fhdr(sec-fetch-site) -m found\n\
         acl cspc_origin req.fhdr(origin) -m found\n\
         acl cspc_own_origin req.fhdr(origin) -m str -- {}\n",
        SAFE_METHODS.join(" "),
        own_origin(plan)?
    );
    for Guarded { scope, guard } in &site.guards {
        let terms = terms(site, *scope);
        let condition =
            if terms.is_empty() { String::new() } else { format!(" if {}", terms.join(" ")) };
        let _ = writeln!(text, "http-request set-var(txn.cspc_guard) str({guard}){condition}");
    }
    let guards: BTreeSet<Guard> = site.guards.iter().map(|guarded| guarded.guard).collect();
    for guard in guards.into_iter().filter(|guard| !guard.is_open()) {
        let deny = format!(
            "http-request deny deny_status 403 if !cspc_safe {{ var(txn.cspc_guard) -m str {guard} }}"
        );
        let sites = guard.sites().join(" ");
        let _ = writeln!(
            text,
            "{deny} cspc_site !{{ req.fhdr(sec-fetch-site) -m str {sites} }}\n\
             {deny} !cspc_site cspc_origin !cspc_own_origin"
        );
        if guard.unmarked == Unmarked::Refuse {
            let _ = writeln!(text, "{deny} !cspc_site !cspc_origin");
        }
    }
    Ok(text)
}
