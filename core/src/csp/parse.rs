//! From text to policies. Parsing never fails: what is wrong is found by [`issues`](super::issues).

use std::collections::BTreeSet;

use super::directive::{Directive, DirectiveSet};
use super::policy::{Delivery, Ignored, ParsedDirective, Policy, next_word};
use crate::text::Span;

/// Reads a header's value, a list of policies between commas, or the one policy of a `<meta>`
/// (CSP Level 3, section 2.2.2, "parse a response's Content Security Policies").
///
/// Spans are byte offsets in `text`. A member of the list that holds no directive is there, although browsers drop it; a
/// blank one beside others is not.
///
/// ```
/// use cspc_core::csp::{Delivery, parse_list};
/// let policies = parse_list("img-src 'self'; font-src *, script-src 'none'", Delivery::Header);
/// assert_eq!(policies.len(), 2);
/// assert_eq!(policies[0].directives[0].values().next().unwrap().text, "'self'");
/// assert_eq!(policies[1].directives[0].name_span().start, 28);
/// ```
pub fn parse_list(text: &str, delivery: Delivery) -> Vec<Policy<'_>> {
    if delivery == Delivery::Meta || !text.as_bytes().contains(&b',') {
        return vec![parse_policy(text, 0)];
    }
    let mut start = 0;
    let members = text.split(',').map(|member| {
        let policy = parse_policy(member, start);
        start += member.len() + 1;
        policy
    });
    let mut policies: Vec<Policy<'_>> = members.collect();
    // A stray comma takes nothing away from the policies beside it.
    if policies.iter().any(|policy| !policy.directives.is_empty()) {
        policies.retain(|policy| !is_blank(text, policy.span));
    }
    policies
}

fn is_blank(text: &str, span: Span) -> bool {
    text.get(span.start..span.end).is_some_and(|member| next_word(member).is_none())
}

/// "Parse a serialized CSP" (CSP Level 3, section 2.2.1).
fn parse_policy(text: &str, start: usize) -> Policy<'_> {
    let mut policy = Policy { span: Span::new(start, start + text.len()), directives: Vec::new() };
    let mut names = Names::default();
    let mut at = start;
    for token in text.split(';') {
        if let Some(mut directive) = parse_directive(token, at) {
            directive.ignored = if !token.is_ascii() {
                Some(Ignored::NonAscii)
            } else {
                names.is_known(&directive).then_some(Ignored::Duplicate)
            };
            policy.directives.push(directive);
        }
        at += token.len() + 1;
    }
    policy
}

fn parse_directive(token: &str, at: usize) -> Option<ParsedDirective<'_>> {
    let (name, start, value) = next_word(token)?;
    let trimmed_end = value.trim_ascii_end();
    let value = trimmed_end.trim_ascii_start();
    let start = at + start;
    Some(ParsedDirective {
        name,
        directive: Directive::from_name(name),
        span: Span::new(start, start + name.len() + trimmed_end.len()),
        ignored: None,
        value,
    })
}

/// The names read so far.
#[derive(Default)]
struct Names {
    known: DirectiveSet,
    unknown: BTreeSet<String>,
}

impl Names {
    /// Whether the directive's name was there already; now it is.
    fn is_known(&mut self, directive: &ParsedDirective<'_>) -> bool {
        match directive.directive {
            Some(known) => !self.known.insert(known),
            None => !self.unknown.insert(directive.name.to_ascii_lowercase()),
        }
    }
}
