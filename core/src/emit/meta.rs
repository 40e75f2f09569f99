//! HTML: what of the headers may stand in a page, as `<meta>` elements.

use std::fmt::Write;

use super::check::finding;
use super::hosted::{Effect, Outcome, Pattern, complete};
use super::lines::Site;
use super::{EmitError, File, GENERATED_BY, Server};
use crate::csp::{Delivery, parse_list};
use crate::diagnostic::Finding;

pub(super) fn emit(site: &Site<'_>, findings: &mut Vec<Finding>) -> Result<Vec<File>, EmitError> {
    let mut text = format!(
        "<!-- {}: copy the lines into the <head> of each page, first of all -->\n",
        GENERATED_BY.trim_start_matches("# ")
    );
    let mut lost = Vec::new();
    let blocks = complete(site, Server::Meta)?;
    let everything = if blocks.len() == 1 { "every page" } else { "every other page" };
    for block in blocks {
        let elements: String =
            block.effects.iter().filter_map(|effect| element(effect, &mut lost)).collect();
        if !elements.is_empty() {
            let paths = match block.pattern {
                Pattern::Everything => everything.to_owned(),
                other => other.describe(),
            };
            let _ = write!(text, "\n<!-- {} -->\n{elements}", escaped(&paths).replace("--", "- -"));
        }
    }
    lost.sort_unstable();
    lost.dedup();
    if !lost.is_empty() {
        findings.push(finding(
            Server::Meta,
            &format!("elements cannot do all that headers can; lost: {}", lost.join(", ")),
            "send these as response headers, from any server or host that can",
        ));
    }
    Ok(vec![File::new("meta.html", text)])
}

fn element(effect: &Effect<'_>, lost: &mut Vec<String>) -> Option<String> {
    let value = effect.value();
    if effect.outcome == Outcome::Remove {
        return None;
    }
    if effect.name.eq_ignore_ascii_case("content-security-policy") {
        return policies(value, lost);
    }
    if effect.name.eq_ignore_ascii_case("referrer-policy") {
        return Some(format!("<meta name=\"referrer\" content=\"{}\">\n", escaped(value)));
    }
    lost.push(effect.name.to_owned());
    None
}

/// One element for each policy, without the directives that browsers ignore there (CSP3, section 3.3).
fn policies(value: &str, lost: &mut Vec<String>) -> Option<String> {
    let mut elements = String::new();
    for policy in parse_list(value, Delivery::Header) {
        let mut kept = Vec::new();
        for directive in policy.counting() {
            if directive.directive.is_some_and(|known| !known.in_meta()) {
                lost.push(format!("`{}`", directive.name.to_ascii_lowercase()));
            } else {
                kept.push(directive.to_string());
            }
        }
        if !kept.is_empty() {
            let _ = writeln!(
                elements,
                "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
                escaped(&kept.join("; "))
            );
        }
    }
    (!elements.is_empty()).then_some(elements)
}

/// A text in an attribute of HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
