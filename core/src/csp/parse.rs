//! From text to policies. Parsing never fails: what is wrong is found by [`issues`](super::issues).

use std::collections::BTreeSet;

use memchr::memchr;

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
    policies(text, delivery).collect()
}

/// The policies of such a text, each read when it is asked for.
pub(crate) fn policies(text: &str, delivery: Delivery) -> impl Iterator<Item = Policy<'_>> {
    let separator = (delivery != Delivery::Meta).then_some(b',');
    // A stray comma takes nothing away from the policies beside it.
    let has_some = text.bytes().any(|byte| !byte.is_ascii_whitespace() && !b";,".contains(&byte));
    let mut start = 0;
    let placed = split(text, separator).map(move |member| {
        let place = start;
        start += member.len() + 1;
        (member, place)
    });
    let counting = placed.filter(move |(member, _)| !has_some || next_word(member).is_some());
    counting.map(|(member, start)| parse_policy(member, start))
}

/// The parts of a text between ASCII characters of one kind; without a kind, the text itself.
fn split(text: &str, separator: Option<u8>) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let at = separator.and_then(|separator| memchr(separator, text.as_bytes()));
        let (part, more) = at.and_then(|at| text.split_at_checked(at)).unzip();
        rest = more.and_then(|more| more.get(1..));
        Some(part.unwrap_or(text))
    })
}

/// As many directives as most policies have at most.
const USUAL: usize = 16;

/// "Parse a serialized CSP" (CSP Level 3, section 2.2.1).
fn parse_policy(text: &str, start: usize) -> Policy<'_> {
    let directives = Vec::with_capacity(USUAL);
    let mut policy = Policy { span: Span::new(start, start + text.len()), directives };
    let mut names = Names::default();
    let mut at = start;
    for token in split(text, Some(b';')) {
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
