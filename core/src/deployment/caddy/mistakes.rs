//! Mistakes that show in the configuration itself.

use super::placeholder::names;
use super::request::Request;
use crate::configuration::{Caught, Sent, Trap};
use crate::deployment::directive::{Directive, Word};
use crate::deployment::traps;

/// Where a client chooses the target of a redirect, or the server that is asked.
pub(super) fn of(directives: &[Directive]) -> Vec<Caught> {
    let mut caught = Vec::new();
    for directive in directives {
        match directive.name.text.as_str() {
            "redir" => caught.extend(directive.arguments.iter().find_map(redirected)),
            "reverse_proxy" => caught.extend(directive.arguments.iter().find_map(proxied)),
            _ => {}
        }
        caught.extend(of(directive.children()));
    }
    caught
}

/// What a request says beside its path and host.
fn is_chosen(name: &str) -> bool {
    ["http.request.header.", "http.request.cookie.", "http.request.uri.query."]
        .iter()
        .any(|beginning| name.starts_with(beginning))
}

fn redirected(target: &Word) -> Option<Caught> {
    let rest = target.text.split_once("://").map_or(target.text.as_str(), |(_, rest)| rest);
    // A path that begins with two slashes is a host.
    let is_path = |name: &str| {
        rest.starts_with('{') && rest.len() == target.text.len() && name == "http.request.uri.path"
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let name = names(authority).find(|name| is_chosen(name) || is_path(name))?;
    let message = format!("`{{{name}}}` lets whoever makes the link choose where it leads");
    Some(Caught::new(Trap::OpenRedirect, target.span, message))
}

fn proxied(upstream: &Word) -> Option<Caught> {
    let name = names(&upstream.text).find(|name| is_chosen(name) || name == "http.request.host")?;
    let message = format!("`{{{name}}}` lets the client choose which server is asked");
    Some(Caught::new(Trap::ProxyToClient, upstream.span, message))
}

/// Headers that are set at once, and so stand beside those of the application.
pub(super) fn doubled(answered: &Request<'_>, caught: &mut Vec<Caught>) {
    if answered.application.is_none() {
        return;
    }
    let counts = |sent: &&Sent| {
        traps::is_one_of(&traps::PROTECTING, &sent.name) && !answered.replaces(&sent.name)
    };
    for sent in answered.place.sent.iter().filter(counts) {
        let is_known =
            |other: &Caught| (other.trap, other.at) == (Trap::DoubledByApplication, sent.at);
        if !caught.iter().any(is_known) {
            let message = format!("{} stands beside the application's own", sent.name);
            caught
                .push(Caught::new(Trap::DoubledByApplication, sent.at, message).about(&sent.name));
        }
    }
}

/// What to do about a mistake here, where the rule speaks of other servers.
pub(in crate::deployment) const fn help(trap: Trap) -> Option<&'static str> {
    match trap {
        Trap::NotOnErrors => Some(
            "set it once more in a line of its own: what stands with `defer`, `>`, `?` or `-` is lost with Caddy's own errors",
        ),
        Trap::DoubledByApplication => Some(
            "take the application's own away with `header_down -NAME` in `reverse_proxy`, or replace it with `defer`",
        ),
        Trap::ReflectedOrigin => Some(
            "compare the origin with a list, `@known header Origin https://a.example`, and send nothing otherwise",
        ),
        _ => None,
    }
}
