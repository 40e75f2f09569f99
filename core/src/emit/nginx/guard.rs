//! Guards: maps that say of the request whether it is refused, and an `if` that does it.

use super::super::lines::{Guarded, Site};
use super::super::{EmitError, own_origin, regex};
use super::decision::{Decision, Step};
use super::maps::{Maps, Outcome};
use super::paths::Kinds;
use super::quote::key;
use crate::header::Origin;
use crate::plan::{Guard, Plan, SAFE_METHODS, Unmarked};

/// What stands in the `server` block, or nothing.
pub(super) fn lines<'a>(
    plan: &Plan,
    site: &Site<'a>,
    kinds: &Kinds,
    maps: &mut Maps,
) -> Result<String, EmitError> {
    if site.guards.is_empty() {
        return Ok(String::new());
    }
    let own = own_origin(plan)?;
    let step = |Guarded { scope, guard }: &Guarded<'a>| Step {
        scope: *scope,
        outcome: maps.passes(*guard, &own),
    };
    let steps: Vec<Step<'_>> = site.guards.iter().map(step).collect();
    let word = Decision { site, kinds, name: "guard", maps }.word(&steps, &Outcome::Text("1"))?;
    let safe = SAFE_METHODS.join("|");
    let entries =
        ["volatile".to_owned(), "default 0".to_owned(), format!("\"~^(?!(?:{safe}) ).* 0\\z\" 1")];
    // An error page is asked for anew, as GET: what was known of the request does not hold for it.
    let comment = "1 for requests that change something and do not pass.";
    maps.define("cspc_refused");
    maps.map(comment, &format!("\"$request_method {word}\""), "cspc_refused", &entries);
    Ok("\n# Requests that change something and come from pages of other sites.\n\
        if ($cspc_refused) {\n    return 403;\n}\n"
        .to_owned())
}

impl Maps {
    /// Whether a request passes a guard: 1 or 0.
    fn passes(&mut self, guard: Guard, own: &Origin) -> Outcome<'static> {
        if guard.is_open() {
            return Outcome::Text("1");
        }
        let name = format!("cspc_guard_{}", guard.to_string().replace('-', "_"));
        if self.define(&name) {
            let unmarked = if guard.unmarked == Unmarked::Pass { "" } else { "_marked" };
            let by_origin = format!("cspc_guard_origin{unmarked}");
            self.passes_by_origin(&by_origin, &guard.origins(own));
            let entries = guard.sites().iter().map(|site| format!("{site} 1"));
            let heads = ["default 0".to_owned(), format!("\"\" ${by_origin}")];
            let entries: Vec<String> = heads.into_iter().chain(entries).collect();
            let comment = "1 for requests of these pages (`none`: of the user), by Fetch Metadata.";
            self.map(comment, "$http_sec_fetch_site", &name, &entries);
        }
        Outcome::Variable(name)
    }

    fn passes_by_origin(&mut self, name: &str, origins: &[&str]) {
        if self.define(name) {
            let entry = |origin: &&str| match *origin {
                "" => "\"\" 1".to_owned(),
                origin => format!("{} 1", key(&format!("~^{}\\z", regex::escape(origin)))),
            };
            let heads = ["default 0".to_owned()].into_iter();
            let entries: Vec<String> = heads.chain(origins.iter().map(entry)).collect();
            let comment = "1 for the site's own pages, for browsers that send no Sec-Fetch-Site.";
            self.map(comment, "$http_origin", name, &entries);
        }
    }
}
