//! `Cross-Origin-Embedder-Policy` and `Integrity-Policy`: only where nothing that the site loads is blocked by them.

use super::policy::{Policy, Uses};
use super::site::{Group, Site};
use crate::csp::{Directive, SourceExpression};
use crate::diagnostic::{Confidence, Finding, Location, Severity};
use crate::inventory::{Asset, Content, Kind};
use crate::plan::AssetUse;

/// What is loaded without asking the other site (no CORS), so that the embedder policy has a say (HTML, section 7.1.4).
const WITHOUT_CORS: [Directive; 7] = [
    Directive::DefaultSrc,
    Directive::ScriptSrc,
    Directive::StyleSrc,
    Directive::ImgSrc,
    Directive::MediaSrc,
    Directive::ObjectSrc,
    Directive::FrameSrc,
];

/// Whether no page may load anything of another site that would have to agree to be embedded; if not, what stands in the way.
pub(super) fn embedder(groups: &[Group<'_>]) -> Result<(), Vec<Finding>> {
    let foreign: Vec<(&str, &str, Option<AssetUse>)> =
        groups.iter().flat_map(|group| foreign(&group.policy)).collect();
    match foreign.first() {
        None => Ok(()),
        Some((directive, expression, asset)) => {
            Err(vec![stands_in_the_way(directive, expression, asset.clone(), foreign.len())])
        }
    }
}

fn foreign<'p>(
    policy: &'p Policy<'_>,
) -> impl Iterator<Item = (&'static str, &'p str, Option<AssetUse>)> {
    let loads = policy.iter().filter(|(directive, expression, uses)| {
        WITHOUT_CORS.contains(directive) && is_foreign(expression, uses)
    });
    loads
        .map(|(directive, expression, uses)| (directive.as_str(), expression, uses.assets().next()))
}

fn is_foreign(expression: &str, uses: &Uses<'_>) -> bool {
    match SourceExpression::parse(expression) {
        SourceExpression::Host(_) => true,
        SourceExpression::Scheme(scheme) => {
            !matches!(scheme, "data" | "blob") && !uses.is_by_default()
        }
        SourceExpression::Nonce(_) => uses.addresses().any(|address| !address.starts_with('/')),
        // What integrity stands for is asked for by CORS, or browsers refuse it.
        _ => false,
    }
}

fn stands_in_the_way(
    directive: &str,
    expression: &str,
    asset: Option<AssetUse>,
    count: usize,
) -> Finding {
    let location = asset.map(|asset| Location::at(&asset.page, asset.line, asset.column));
    let more = if count > 1 { format!(", and {} more", count - 1) } else { String::new() };
    Finding {
        rule: "build/not-isolated".into(),
        severity: Severity::Info,
        confidence: Confidence::High,
        header: Some("Cross-Origin-Embedder-Policy".into()),
        directive: Some(directive.to_owned()),
        value: Some(expression.to_owned()),
        message: format!(
            "Cross-Origin-Embedder-Policy is left out: `{expression}` would have to agree to be embedded ({directive}{more})"
        ),
        help: "keep a copy of such files on the site, and the header closes it off from others; or set it under [headers] if they all send Cross-Origin-Resource-Policy".into(),
        fix: None,
        location,
    }
}

/// Whether there are scripts in files, and each has an `integrity` attribute that browsers can check.
pub(super) fn all_scripts_have_integrity(site: &Site<'_>, groups: &[Group<'_>]) -> bool {
    let assets = site.inventory.assets().map(|(_, asset)| asset);
    let mut scripts = assets.filter(|asset| asset.kind == Kind::Script).peekable();
    let is_declared = |group: &Group<'_>| {
        let list = group.policy.list(Directive::ScriptSrc);
        list.is_some_and(|list| list.values().any(Uses::is_declared))
    };
    scripts.peek().is_some() && scripts.all(has_integrity) && !groups.iter().any(is_declared)
}

/// Integrity counts for requests by CORS alone, those of the site itself included (Subresource Integrity, section 3.9): of
/// modules, and of elements with `crossorigin`.
fn has_integrity(script: &Asset) -> bool {
    let Content::Url(_) = &script.content else { return false };
    script.script.as_ref().is_some_and(|attributes| {
        let integrity = attributes.integrity.as_deref().unwrap_or_default();
        !integrity.trim().is_empty() && (attributes.module || attributes.crossorigin.is_some())
    })
}
