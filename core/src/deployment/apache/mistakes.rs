//! Mistakes that show in Apache's own directives.

use super::rewrite;
use crate::configuration::{Caught, Pattern, Trap};
use crate::deployment::directive::{Directive, Word};
use crate::deployment::traps::loose_origin;

/// Everything that is found in a configuration, in the order of the text.
pub(super) fn of(directives: &[Directive]) -> Vec<Caught> {
    let mut caught = Vec::new();
    walk(directives, false, &mut caught);
    caught
}

fn walk(directives: &[Directive], is_in_section: bool, caught: &mut Vec<Caught>) {
    for directive in directives {
        match directive.name.text.as_str() {
            "rewriterule" => caught.extend(rewritten(directive)),
            "rewritecond" => caught.extend(condition(directive)),
            "setenvif" | "setenvifnocase" => {
                caught.extend(loose(directive));
                caught.extend(raw_path(directive).filter(|_| !is_in_section));
            }
            _ => {}
        }
        let is_host = matches!(directive.name.text.as_str(), "virtualhost" | "if");
        walk(directive.children(), is_in_section || !is_host, caught);
    }
}

/// A rule whose target begins with what the client says.
fn rewritten(directive: &Directive) -> Option<Caught> {
    let target = directive.arguments.get(1)?;
    let (_, rest) = target.text.split_once("://")?;
    let authority = rest.split('/').next().unwrap_or_default();
    let chosen = ["%{HTTP_HOST}", "%{HTTP:", "%{QUERY_STRING}", "$"];
    let part = chosen.into_iter().find(|part| authority.contains(part))?;
    let part = if part == "$" { "$1" } else { part.trim_end_matches(':') };
    if rewrite::flags(directive.argument(2))
        .iter()
        .any(|flag| matches!(flag.as_str(), "P" | "proxy"))
    {
        let message = format!("`{part}` lets the client choose which server is asked");
        let help = "write the server's name down, or look it up in a `RewriteMap`";
        return Some(Caught::new(Trap::ProxyToClient, target.span, message).with_help(help));
    }
    let message = format!("`{part}` lets whoever makes the link choose where it leads");
    let help = "redirect to a host that is written down, or to `%{SERVER_NAME}` with `UseCanonicalName On`";
    Some(Caught::new(Trap::OpenRedirect, target.span, message).with_help(help))
}

fn condition(directive: &Directive) -> Option<Caught> {
    let text = directive.argument(0).to_ascii_uppercase();
    let pattern = directive.arguments.get(1)?;
    match text.as_str() {
        "%{HTTP_ORIGIN}" | "%{HTTP:ORIGIN}" => loose_pattern(pattern),
        "%{HTTP_REFERER}" if pattern.text == "!^$" => {
            let message = "a page can be made to send no referrer, and passes this check";
            Some(Caught::new(Trap::RefererNone, directive.span(), message))
        }
        _ => None,
    }
}

/// `SetEnvIf Origin "shop.example" …`.
fn loose(directive: &Directive) -> Option<Caught> {
    let is_asked =
        ["origin", "referer"].contains(&directive.argument(0).to_ascii_lowercase().as_str());
    loose_pattern(directive.arguments.get(1).filter(|_| is_asked)?)
}

fn loose_pattern(pattern: &Word) -> Option<Caught> {
    loose_origin(pattern.span, pattern.text.trim_start_matches('!'))
}

/// Outside of sections, the path is the one that was sent.
fn raw_path(directive: &Directive) -> Option<Caught> {
    let pattern = directive.arguments.get(1)?;
    let is_path = directive.argument(0).eq_ignore_ascii_case("request_uri");
    let is_some = Pattern::new(&pattern.text, false).is_match("") == Some(false);
    let message = "outside of a section `Request_URI` is the path as it was sent: `/%61dmin` and `//admin` are other ones";
    (is_path && is_some).then(|| Caught::new(Trap::RawPath, pattern.span, message))
}
