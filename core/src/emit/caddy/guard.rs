//! Guards: a `redir` whose status is 403, as nothing else that answers comes before `handle` and `route` in Caddy's order
//! of directives, and a guard has to. It takes other statuses than those of redirects from variables alone.

use std::fmt::Write;

use super::super::lines::Guarded;
use super::super::{EmitError, own_origin};
use super::{Writer, from};
use crate::header::Origin;
use crate::plan::{Guard, Plan, SAFE_METHODS};

/// The lines, or nothing; adds the matchers that they name.
pub(super) fn lines(plan: &Plan, writer: &mut Writer<'_, '_>) -> Result<String, EmitError> {
    let guards = &writer.site.guards;
    if guards.is_empty() {
        return Ok(String::new());
    }
    let own = own_origin(plan)?;
    let mut text =
        "\n# Requests that change something and come from pages of other sites are refused.\n\
                    map {method} {cspc_forbidden} {\n\tdefault 403\n}\n"
            .to_owned();
    for (index, Guarded { scope, guard }) in guards.iter().enumerate() {
        if guard.is_open() {
            continue;
        }
        let later = guards.iter().skip(index + 1).map(|guarded| guarded.scope);
        let matcher = writer.matcher(*scope, later, &refused(*guard, &own));
        let _ = writeln!(text, "redir {matcher} / {{cspc_forbidden}}\nheader {matcher} -Location");
    }
    Ok(text)
}

/// The lines of a matcher for requests that a guard refuses.
fn refused(guard: Guard, own: &Origin) -> String {
    let mut lines = format!("\tnot method {}\n", SAFE_METHODS.join(" "));
    for site in guard.sites() {
        let _ = writeln!(lines, "\tnot header Sec-Fetch-Site {site}");
    }
    for origin in guard.origins(own) {
        let is_it = if origin.is_empty() { "header !Origin".to_owned() } else { from(&[origin]) };
        let _ = writeln!(lines, "\tnot {{\n\t\theader !Sec-Fetch-Site\n\t\t{is_it}\n\t}}");
    }
    lines
}
