//! Envoy: a virtual host whose routes carry the headers, the most specific first.

use std::fmt::Write;

use super::hosted::{Block, Outcome, Pattern, complete, encoded};
use super::lines::Site;
use super::yaml::text as quoted;
use super::{EmitError, File, GENERATED_BY, Server, regex};
use crate::plan::Plan;

pub(super) fn emit(plan: &Plan, site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let mut text = format!(
        "{GENERATED_BY}: a route configuration with the response headers.\n\
         # In the HTTP connection manager, as route_config; put your cluster in place of `site`. Set there as well,\n\
         # or a client dodges the paths:  normalize_path: true  merge_slashes: true\n\
         #   path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT\n\
         # Errors for which there is no route need local_reply_config with the same headers.\n\
         name: cspc\nvirtual_hosts:\n- name: site\n  domains: [\"*\"]\n"
    );
    if plan.https_redirect.is_some() {
        text.push_str("  require_tls: ALL\n");
    }
    text.push_str("  routes:\n");
    let blocks = complete(site, Server::Envoy)?;
    for block in &blocks {
        route(block, &mut text);
    }
    if !blocks.iter().any(|block| block.pattern == Pattern::Everything) {
        text.push_str("  - match: { prefix: \"/\" }\n    route: { cluster: site }\n");
    }
    Ok(vec![File::new("envoy.yaml", text)])
}

fn route(block: &Block<'_>, text: &mut String) {
    let _ = writeln!(text, "  - match: {}\n    route: {{ cluster: site }}", matcher(block.pattern));
    let (removed, sent): (Vec<_>, Vec<_>) =
        block.effects.iter().partition(|effect| effect.outcome == Outcome::Remove);
    if !removed.is_empty() {
        text.push_str("    response_headers_to_remove:\n");
        for effect in removed {
            let _ = writeln!(text, "    - {}", quoted(effect.name));
        }
    }
    if !sent.is_empty() {
        text.push_str("    response_headers_to_add:\n");
    }
    for effect in sent {
        let action = match effect.outcome {
            Outcome::Add(_) => "APPEND_IF_EXISTS_OR_ADD",
            _ => "OVERWRITE_IF_EXISTS_OR_ADD",
        };
        // Envoy reads values as a format, in which `%` begins something.
        let value = quoted(&effect.value().replace('%', "%%"));
        let _ = writeln!(
            text,
            "    - header: {{ key: {}, value: {value} }}\n      append_action: {action}",
            quoted(effect.name)
        );
    }
}

fn matcher(pattern: Pattern<'_>) -> String {
    let expression =
        |expression: String| format!("{{ safe_regex: {{ regex: {} }} }}", quoted(&expression));
    let literal = |text: &str| regex::escape(&encoded(text));
    match pattern {
        Pattern::Everything | Pattern::Below("") => "{ prefix: \"/\" }".to_owned(),
        Pattern::Exact(path) => format!("{{ path: {} }}", quoted(&encoded(path))),
        Pattern::Below(prefix) => {
            format!("{{ path_separated_prefix: {} }}", quoted(&encoded(prefix)))
        }
        Pattern::Ending(suffix) => expression(format!(".*{}", literal(suffix))),
        Pattern::Between(prefix, suffix) => {
            expression(format!("{}/.*{}", literal(prefix), literal(suffix)))
        }
    }
}
