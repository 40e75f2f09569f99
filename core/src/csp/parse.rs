//! From text to policies. Parsing never fails: what is wrong is an [`Issue`](super::Issue).

use std::collections::HashSet;

use super::directive::Directive;
use super::issue::{self, Issue, IssueCode};
use super::policy::{Delivery, ParsedDirective, Policy, Value};
use crate::text::Span;

/// Reads a header's value, a list of policies between commas, or the one policy of a `<meta>`
/// (CSP Level 3, section 2.2.2, "parse a response's Content Security Policies").
///
/// Spans are byte offsets in `text`. A member of the list that holds no directive is there, with the issue `empty-policy`,
/// although browsers drop it; a blank one beside others is dropped.
///
/// ```
/// use cspc_core::csp::{Delivery, parse_list};
/// let policies = parse_list("img-src 'self'; font-src *, script-src 'none'", Delivery::Header);
/// assert_eq!(policies.len(), 2);
/// assert_eq!(policies[0].directives[0].values[0].text, "'self'");
/// assert_eq!(policies[1].directives[0].name_span.start, 28);
/// ```
pub fn parse_list(text: &str, delivery: Delivery) -> Vec<Policy<'_>> {
    let whole = Token { text, start: 0 };
    match delivery {
        Delivery::Meta => vec![parse_policy(whole, delivery)],
        Delivery::Header | Delivery::ReportOnly => {
            let mut policies: Vec<Policy<'_>> =
                whole.split(b',').map(|member| parse_policy(member, delivery)).collect();
            // A stray comma takes nothing away from the policies beside it.
            if policies.iter().any(|policy| !policy.directives.is_empty()) {
                policies.retain(|policy| !is_blank(text, policy.span));
            }
            policies
        }
    }
}

fn is_blank(text: &str, span: Span) -> bool {
    text.get(span.start..span.end).is_some_and(|member| member.chars().all(is_white_space))
}

/// A piece of the text with its place in the whole.
#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Token<'a> {
    const fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }

    /// The pieces between separators.
    fn split(self, separator: u8) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        self.text.split(char::from(separator)).map(move |text| {
            let piece = Self { text, start };
            start += text.len() + 1;
            piece
        })
    }

    /// The words between ASCII white space.
    fn words(self) -> impl Iterator<Item = Self> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let trimmed = rest.text.trim_start_matches(is_white_space);
            let start = rest.start + (rest.text.len() - trimmed.len());
            let length = trimmed.find(is_white_space).unwrap_or(trimmed.len());
            let (word, after) = trimmed.split_at_checked(length)?;
            rest = Self { text: after, start: start + length };
            (!word.is_empty()).then_some(Self { text: word, start })
        })
    }
}

/// ASCII white space (Infra, section 4.6).
const fn is_white_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{C}' | '\r' | ' ')
}

/// "Parse a serialized CSP" (CSP Level 3, section 2.2.1).
fn parse_policy(text: Token<'_>, delivery: Delivery) -> Policy<'_> {
    let mut policy = Policy { span: text.span(), directives: Vec::new(), issues: Vec::new() };
    let mut seen = HashSet::new();
    for token in text.split(b';') {
        if !token.text.is_ascii() {
            policy.issues.push(Issue::new(IssueCode::NonAsciiDirective, token.trimmed().span()));
            continue;
        }
        let Some(mut directive) = parse_directive(token) else { continue };
        directive.duplicate = !seen.insert(directive.name.to_ascii_lowercase());
        if directive.duplicate {
            policy.issues.push(Issue::new(IssueCode::DuplicateDirective, directive.name_span));
        } else {
            issue::check(&directive, delivery, &mut policy.issues);
        }
        policy.directives.push(directive);
    }
    if policy.directives.is_empty() {
        policy.issues.push(Issue::new(IssueCode::EmptyPolicy, policy.span));
    }
    policy
}

impl Token<'_> {
    fn trimmed(self) -> Self {
        let text = self.text.trim_start_matches(is_white_space);
        let start = self.start + (self.text.len() - text.len());
        Self { text: text.trim_end_matches(is_white_space), start }
    }
}

fn parse_directive(token: Token<'_>) -> Option<ParsedDirective<'_>> {
    let mut words = token.words();
    let name = words.next()?;
    let values: Vec<Value<'_>> =
        words.map(|word| Value { text: word.text, span: word.span() }).collect();
    let end = values.last().map_or(name.span().end, |value| value.span.end);
    Some(ParsedDirective {
        name: name.text,
        name_span: name.span(),
        span: Span::new(name.start, end),
        directive: Directive::from_name(name.text),
        values,
        duplicate: false,
    })
}
