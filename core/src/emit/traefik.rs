//! Traefik: middlewares of the file provider, one for each route.
//!
//! The file provider runs its files through Go's templates first, in which two braces begin an action.

use std::fmt::Write;

use super::hosted::{Block, Effect, Outcome, Pattern, complete};
use super::lines::Site;
use super::yaml::text as quoted;
use super::{EmitError, File, GENERATED_BY, Server, firebase};
use crate::plan::Plan;

pub(super) fn emit(plan: &Plan, site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let mut text = format!(
        "{GENERATED_BY}: middlewares with the response headers.\n\
         # In the folder of the file provider. Give each router the middleware of its paths, as the comments say;\n\
         # a router for a path needs the rule in the comment and a higher priority than that for everything.\n\
         http:\n  middlewares:\n"
    );
    for (number, block) in complete(site, Server::Traefik)?.iter().enumerate() {
        check(block)?;
        let name = match block.pattern {
            Pattern::Everything => "cspc".to_owned(),
            _ => format!("cspc-{}", number + 1),
        };
        middleware(&name, block, &mut text);
    }
    if let Some(status) = plan.https_redirect {
        let permanent = matches!(u16::from(status), 301 | 308);
        let _ = writeln!(
            text,
            "    # For the routers of the entry point without TLS.\n    cspc-https:\n      redirectScheme:\n        \
             scheme: https\n        permanent: {permanent}"
        );
    }
    Ok(vec![File::new("traefik.yml", text)])
}

fn check(block: &Block<'_>) -> Result<(), EmitError> {
    let odd = |effect: &&Effect<'_>| effect.https && !is_strict_transport_security(effect);
    block.effects.iter().find(odd).map_or(Ok(()), |effect| {
        Err(EmitError::Unwritable {
            server: Server::Traefik,
            name: effect.name.to_owned(),
            what: "headers for HTTPS only",
            help: "only Strict-Transport-Security can be; send others over both schemes",
        })
    })
}

fn middleware(name: &str, block: &Block<'_>, text: &mut String) {
    let _ = writeln!(text, "    # {}", rule(block.pattern));
    let _ = writeln!(text, "    {name}:\n      headers:");
    let (strict, others): (Vec<_>, Vec<_>) =
        block.effects.iter().partition(|effect| is_strict_transport_security(effect));
    strict.iter().for_each(|effect| hsts(effect, text));
    if others.is_empty() {
        return;
    }
    text.push_str("        customResponseHeaders:\n");
    for effect in others {
        let _ = writeln!(text, "          {}: {}", effect.name, value(effect.value()));
    }
}

/// Traefik sends its own form of the header over TLS only.
fn is_strict_transport_security(effect: &Effect<'_>) -> bool {
    effect.https
        && effect.name.eq_ignore_ascii_case("strict-transport-security")
        && effect.outcome != Outcome::Remove
}

fn hsts(effect: &Effect<'_>, text: &mut String) {
    for part in effect.value().split(';').map(str::trim) {
        let lower = part.to_ascii_lowercase();
        let seconds = lower.strip_prefix("max-age=").map(|number| number.trim_matches('"'));
        if let Some(seconds) = seconds.and_then(|number| number.parse::<u64>().ok()) {
            let _ = writeln!(text, "        stsSeconds: {seconds}");
        } else if lower == "includesubdomains" {
            text.push_str("        stsIncludeSubdomains: true\n");
        } else if lower == "preload" {
            text.push_str("        stsPreload: true\n");
        }
    }
}

fn value(value: &str) -> String {
    quoted(value).replace("{{", "{{`{{`}}")
}

fn rule(pattern: Pattern<'_>) -> String {
    match pattern {
        Pattern::Everything => "For everything else.".to_owned(),
        Pattern::Exact(path) => format!("rule: Path(`{}`)", plain(path)),
        other => format!("rule: PathRegexp(`{}`)", plain(&firebase::expression(other))),
    }
}

/// A comment must not begin an action, nor end.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control() || c == '`', "?").replace("{{", "{ {")
}
