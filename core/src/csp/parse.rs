//! From text to policies. Parsing never fails: what is wrong is found by [`issues`](super::issues).

use std::collections::BTreeSet;

use memchr::{memchr, memchr_iter};

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
    if delivery == Delivery::Meta || memchr(b',', text.as_bytes()).is_none() {
        return vec![parse_policy(text, 0)];
    }
    let mut start = 0;
    let members = split(text, b',').map(|member| {
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

/// More directives than policies have; room for them is made as they are read.
const MANY: usize = 64;

/// The parts of a text between ASCII characters of one kind.
fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let at = memchr(separator, text.as_bytes());
        let (part, more) = at.and_then(|at| text.split_at_checked(at)).unzip();
        rest = more.and_then(|more| more.get(1..));
        Some(part.unwrap_or(text))
    })
}

/// "Parse a serialized CSP" (CSP Level 3, section 2.2.1).
fn parse_policy(text: &str, start: usize) -> Policy<'_> {
    let tokens = memchr_iter(b';', text.as_bytes()).count() + 1;
    let directives = Vec::with_capacity(tokens.min(MANY));
    let mut policy = Policy { span: Span::new(start, start + text.len()), directives };
    let mut names = Names::default();
    let mut at = start;
    for token in split(text, b';') {
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
