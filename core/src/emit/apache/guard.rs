//! Guards: `<If>` sections, which Apache looks at with the path decoded and normalized, also for what is proxied, and in
//! each a `Redirect` that is none. `Require` would replace what the owner requires, or be replaced by it.

use super::super::lines::{Guarded, Place, Scope, Site};
use super::super::{EmitError, Server, own_origin};
use super::quote::word;
use super::{Context, from, list, paths, request_terms};
use crate::header::Origin;
use crate::plan::{Guard, Plan, SAFE_METHODS};

/// The longest line of a folder's file, in bytes.
const LINE: usize = 8190;

/// The sections, or nothing.
pub(super) fn sections(
    plan: &Plan,
    site: &Site<'_>,
    context: Context,
) -> Result<String, EmitError> {
    if site.guards.is_empty() {
        return Ok(String::new());
    }
    let own = own_origin(plan)?;
    let mut text =
        "\n# Requests that change something and come from pages of other sites are refused.\n"
            .to_owned();
    for (index, Guarded { scope, guard }) in site.guards.iter().enumerate() {
        if guard.is_open() {
            continue;
        }
        let mut terms = terms(site, *scope);
        for later in site.guards.iter().skip(index + 1) {
            terms.push(format!("!({})", self::terms(site, later.scope).join(" && ")));
        }
        terms.push(refused(*guard, &own));
        let line = format!("<If {}>", word(&terms.join(" && ")));
        if context == Context::Folder && line.len() > LINE {
            return Err(EmitError::Unwritable {
                server: Server::Htaccess,
                name: site.place(*scope).map_or_else(|| "guard".to_owned(), Place::describe),
                what: "guards for so many paths",
                help: "guard folders, or put the guards into the server's configuration",
            });
        }
        text.push_str(&format!("{line}\n    Redirect 403 /\n</If>\n"));
    }
    Ok(text)
}

/// What has to hold of the request for a guard to stand there.
fn terms(site: &Site<'_>, scope: Scope<'_>) -> Vec<String> {
    let place = site.place(scope).and_then(paths::request_term);
    place.into_iter().chain(request_terms(scope)).collect()
}

/// What holds of the requests that a guard refuses. The functions do not tell caches that the response depends on the
/// headers: no response to such a request is kept.
fn refused(guard: Guard, own: &Origin) -> String {
    let site = "req_novary('Sec-Fetch-Site')";
    format!(
        "!(%{{REQUEST_METHOD}} -in {{{}}}) && !({site} -in {{{}}}) && \
         !({site} == '' && {})",
        list(&SAFE_METHODS),
        list(guard.sites()),
        from(&guard.origins(own))
    )
}
