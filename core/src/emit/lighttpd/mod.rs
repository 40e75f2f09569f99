//! lighttpd: one list of headers for each set of rules that can hold together.
//!
//! A `setenv.set-response-header` in a condition replaces the whole list of the conditions around it, so nothing can
//! be built up rule by rule. The conditions are a tree whose leaves exclude each other and hold complete lists.

mod quote;
mod tree;

use std::fmt::Write;

use super::lines::{Change, Paths, Site};
use super::{EmitError, File, GENERATED_BY, https_origin, regex};
use crate::plan::{Op, Plan, Scheme, ServerTokens};
use quote::text as quoted;
use tree::Tree;

/// The longest expression, in bytes.
const REGEX: usize = 16_000;

pub(super) fn emit(plan: &Plan, site: &Site<'_>) -> Result<Vec<File>, EmitError> {
    let mut text = format!(
        "{GENERATED_BY}: the response headers.\n\
         # In lighttpd.conf:  include \"cspc/lighttpd.conf\"\n\
         # Modules: mod_setenv{}. A setenv.set-response-header or setenv.add-response-header of your own in a\n\
         # condition replaces these lists, or is replaced: put your headers into the plan.\n",
        if plan.https_redirect.is_some() { ", mod_redirect" } else { "" }
    );
    if plan.server_tokens == Some(ServerTokens::Off) {
        text.push_str("\n# No version in the Server header.\nserver.tag = \"lighttpd\"\n");
    }
    text.push_str(&redirect(plan)?);
    text.push('\n');
    let by_scheme = site.headers.iter().any(|h| h.changes.iter().any(|c| c.scope.scheme.is_some()));
    if by_scheme {
        text.push_str("$HTTP[\"scheme\"] == \"https\" {\n");
        pages(site, Scheme::Https, 1, &mut text)?;
        text.push_str("} else {\n");
        pages(site, Scheme::Http, 1, &mut text)?;
        text.push_str("}\n");
    } else {
        pages(site, Scheme::Https, 0, &mut text)?;
    }
    Ok(vec![File::new("lighttpd.conf", text)])
}

/// Pages that rules name, by the rules that hold for them; then everything else.
fn pages(
    site: &Site<'_>,
    scheme: Scheme,
    depth: usize,
    text: &mut String,
) -> Result<(), EmitError> {
    let tab = "    ".repeat(depth);
    let mut otherwise = "";
    for (places, paths) in site.pages() {
        for expression in regex::alternations(&paths, REGEX) {
            let _ = writeln!(text, "{tab}{otherwise}$HTTP[\"url\"] =~ \"^{expression}\\z\" {{");
            leaf(site, &places, scheme, depth + 1, text)?;
            otherwise = "} else ";
        }
    }
    let tree = Tree::new(site)?;
    if otherwise.is_empty() {
        return branch(site, &tree, scheme, depth, text);
    }
    let _ = writeln!(text, "{tab}}} else {{");
    branch(site, &tree, scheme, depth + 1, text)?;
    let _ = writeln!(text, "{tab}}}");
    Ok(())
}

fn branch(
    site: &Site<'_>,
    tree: &Tree,
    scheme: Scheme,
    depth: usize,
    text: &mut String,
) -> Result<(), EmitError> {
    let tab = "    ".repeat(depth);
    match tree {
        Tree::Leaf(places) => leaf(site, places, scheme, depth, text),
        Tree::Branch { place, holds, fails } => {
            let place = site.places.get(*place);
            let expressions = match place.map(|place| &place.paths) {
                Some(Paths::Ends { prefix, suffix }) => regex::ends(prefix, suffix, REGEX),
                _ => Vec::new(),
            };
            if let Some(place) = place {
                let _ = writeln!(text, "{tab}# {}", place.describe());
            }
            let expression = expressions.join("|");
            let _ = writeln!(text, "{tab}$HTTP[\"url\"] =~ \"{expression}\" {{");
            branch(site, holds, scheme, depth + 1, text)?;
            let _ = writeln!(text, "{tab}}} else {{");
            branch(site, fails, scheme, depth + 1, text)?;
            let _ = writeln!(text, "{tab}}}");
            Ok(())
        }
    }
}

/// The lists for a set of rules.
fn leaf(
    site: &Site<'_>,
    places: &[usize],
    scheme: Scheme,
    depth: usize,
    text: &mut String,
) -> Result<(), EmitError> {
    let holds = |change: &&Change<'_>| change.scope.scheme.is_none_or(|own| own == scheme);
    let (mut set, mut added) = (Vec::new(), Vec::new());
    for header in &site.headers {
        let (mut replaces, mut values) = (false, Vec::new());
        for change in header.at(places).filter(holds) {
            if change.op != Op::Add {
                replaces = true;
                values.clear();
            }
            values.push(change.value);
        }
        // A list holds a name once: further lines stand after a comma, which means the same (RFC 9110, section 5.3).
        if replaces || !values.is_empty() {
            let line = quoted(header.name, &values.join(", "))?;
            let list = if replaces { &mut set } else { &mut added };
            list.push(format!("\"{}\" => {line}", header.name));
        }
    }
    list("set", &set, depth, text);
    list("add", &added, depth, text);
    Ok(())
}

fn list(verb: &str, entries: &[String], depth: usize, text: &mut String) {
    if entries.is_empty() {
        return;
    }
    let tab = "    ".repeat(depth);
    let _ = writeln!(text, "{tab}setenv.{verb}-response-header = (");
    for entry in entries {
        let _ = writeln!(text, "{tab}    {entry},");
    }
    let _ = writeln!(text, "{tab})");
}

fn redirect(plan: &Plan) -> Result<String, EmitError> {
    let Some(status) = plan.https_redirect else { return Ok(String::new()) };
    let origin = https_origin(plan)?.unwrap_or_else(|| "https://${url.authority}".to_owned());
    Ok(format!(
        "\n# Plain HTTP goes to HTTPS.\n$HTTP[\"scheme\"] == \"http\" {{\n    \
         url.redirect = (\"\" => \"{origin}${{url.path}}${{qsa}}\")\n    url.redirect-code = {}\n}}\n",
        u16::from(status)
    ))
}
