//! Policies in a form that two people would write alike.

use std::borrow::Cow;

use super::cover::covers;
use super::policy::{Ignored, ParsedDirective, Policy, Source};
use super::source_expression::SourceExpression;

/// How policies are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Directives in the order of the table, what does not count left out, names and keywords in lower case.
    #[default]
    Canonical,
    /// The same with as few characters as can be.
    Minified,
    /// The same with a directive a line.
    Lines,
    /// The canonical form without sources that another source of the list covers.
    Normalized,
}

impl Style {
    /// What stands between directives, and between policies.
    const fn separators(self) -> (&'static str, &'static str) {
        match self {
            Self::Canonical | Self::Normalized => ("; ", ", "),
            Self::Minified => (";", ","),
            Self::Lines => (";\n", ",\n"),
        }
    }
}

/// Writes policies so that every browser reads them as it reads the original.
///
/// Left out are repeated directives and values, and `'none'` beside others. Directives that browsers do not know stay, as
/// do those with characters beyond ASCII, of which Firefox drops less than the specification says. What covers what is
/// looked at in lists of up to 500 sources.
///
/// ```
/// use cspc_core::csp::{Delivery, Style, format, parse_list};
/// let policies = parse_list("IMG-src HTTPS://A.example 'SELF';;default-src 'none'; img-src *", Delivery::Header);
/// assert_eq!(format(&policies, Style::Canonical), "default-src 'none'; img-src https://a.example 'self'");
/// assert_eq!(format(&policies, Style::Minified), "default-src;img-src https://a.example 'self'");
/// let policies = parse_list("img-src https://a.example/logo.png https: data:", Delivery::Header);
/// assert_eq!(format(&policies, Style::Normalized), "img-src https: data:");
/// ```
pub fn format(policies: &[Policy<'_>], style: Style) -> String {
    let (_, between) = style.separators();
    let kept = policies.iter().filter(|policy| !policy.directives.is_empty());
    kept.map(|policy| format_policy(policy, style)).collect::<Vec<_>>().join(between)
}

fn format_policy(policy: &Policy<'_>, style: Style) -> String {
    let is_kept = |it: &&ParsedDirective<'_>| it.ignored != Some(Ignored::Duplicate);
    let mut kept: Vec<&ParsedDirective<'_>> = policy.directives.iter().filter(is_kept).collect();
    // Unknown ones come last, in their own order. Of those with characters beyond ASCII a browser may read what comes
    // first, so they keep their places.
    if kept.iter().all(|directive| directive.ignored.is_none()) {
        kept.sort_by_key(|directive| directive.directive.map_or(u8::MAX, |known| known as u8));
    }
    let (between, _) = style.separators();
    kept.into_iter().map(|it| format_directive(it, style)).collect::<Vec<_>>().join(between)
}

fn format_directive(directive: &ParsedDirective<'_>, style: Style) -> String {
    if directive.ignored.is_some() {
        return directive.to_string();
    }
    let mut text = directive.name.to_ascii_lowercase();
    for value in values(directive, style) {
        text.push(' ');
        text.push_str(&value);
    }
    text
}

fn values<'a>(directive: &ParsedDirective<'a>, style: Style) -> Vec<Cow<'a, str>> {
    let takes_list = directive.directive.is_some_and(super::Directive::takes_source_list);
    if !takes_list {
        return directive.values().map(|value| value.text.into()).collect();
    }
    let mut seen = std::collections::BTreeSet::new();
    let sources: Vec<Source<'a>> =
        directive.sources().filter(|source| seen.insert(source.normalized())).collect();
    let is_alone = sources.len() == 1;
    let is_none = |source: &Source<'_>| source.expression == SourceExpression::None;
    if sources.iter().all(is_none) {
        return if style == Style::Minified { Vec::new() } else { vec!["'none'".into()] };
    }
    let counting = sources.into_iter().filter(|source| is_alone || !is_none(source));
    let mut kept: Vec<Source<'a>> = counting.collect();
    if style == Style::Normalized {
        leave_out_covered(&mut kept);
    }
    kept.into_iter().map(|source| source.normalized()).collect()
}

/// Longer lists are of no person's writing, and comparing each source with each would take long.
const MOST_COMPARED: usize = 500;

fn leave_out_covered(sources: &mut Vec<Source<'_>>) {
    if sources.len() <= MOST_COMPARED {
        let all: Vec<_> = sources.iter().map(|source| source.expression).collect();
        sources.retain(|source| !all.iter().any(|wide| covers(wide, &source.expression)));
    }
}
