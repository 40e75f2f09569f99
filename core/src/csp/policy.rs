//! Policies as they are written: directives and values with their places.

use std::borrow::Cow;
use std::fmt;

use super::directive::Directive;
use super::source_expression::SourceExpression;
use crate::text::Span;

/// How a policy reaches the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// The header `Content-Security-Policy`.
    #[default]
    Header,
    /// `<meta http-equiv>`: some directives do not count, and a comma does not begin another policy.
    Meta,
    /// The header `Content-Security-Policy-Report-Only`.
    ReportOnly,
}

/// A serialized policy, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy<'a> {
    /// All of its text.
    pub span: Span,
    /// Its directives as written, those that browsers ignore included.
    pub directives: Vec<ParsedDirective<'a>>,
}

/// A directive as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsedDirective<'a> {
    /// The name as written.
    pub name: &'a str,
    /// Which directive it is, if any.
    pub directive: Option<Directive>,
    /// Name and values.
    pub span: Span,
    /// Why browsers take no notice of it, if they do not.
    pub ignored: Option<Ignored>,
    /// What follows the name, without the white space around it.
    pub(super) value: &'a str,
}

/// Why the parsing algorithm passes over a directive (CSP Level 3, section 2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// An earlier directive has the same name.
    Duplicate,
    /// It holds a character beyond ASCII.
    NonAscii,
}

/// One value of a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// As written.
    pub text: &'a str,
    /// Where it stands.
    pub span: Span,
}

impl<'a> Value<'a> {
    /// What it means in a source list.
    pub fn source_expression(&self) -> SourceExpression<'a> {
        SourceExpression::parse(self.text)
    }
}

/// A value of a source list, with its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// As written, and where.
    pub value: Value<'a>,
    /// What it means.
    pub expression: SourceExpression<'a>,
}

impl<'a> Source<'a> {
    /// Whether both are the same expression, written perhaps in another case.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let (text, other_text) = (self.value.text, other.value.text);
        text == other_text
            || text.eq_ignore_ascii_case(other_text) && self.normalized() == other.normalized()
    }

    /// The expression with what means the same in any case in lower case: keywords, schemes and hosts, and not the
    /// values of nonces and hashes, nor paths.
    pub(crate) fn normalized(&self) -> Cow<'a, str> {
        let text = self.value.text;
        let kept = match self.expression {
            SourceExpression::Invalid(_) => return text.into(),
            SourceExpression::Nonce(value) | SourceExpression::Hash(_, value) => value.len() + 1,
            SourceExpression::Host(host) => host.path.map_or(0, str::len),
            _ => 0,
        };
        let (prefix, kept) = text.split_at_checked(text.len() - kept).unwrap_or((text, ""));
        if prefix.bytes().any(|byte| byte.is_ascii_uppercase()) {
            (prefix.to_ascii_lowercase() + kept).into()
        } else {
            text.into()
        }
    }
}

impl<'a> ParsedDirective<'a> {
    /// Where the name stands.
    pub const fn name_span(&self) -> Span {
        Span::new(self.span.start, self.span.start + self.name.len())
    }

    /// The values, in order.
    ///
    /// ```
    /// use cspc_core::csp::{Delivery, parse_list};
    /// let policies = parse_list("img-src  'self' data:", Delivery::Header);
    /// let values: Vec<&str> = policies[0].directives[0].values().map(|value| value.text).collect();
    /// assert_eq!(values, ["'self'", "data:"]);
    /// ```
    pub const fn values(&self) -> Values<'a> {
        Values { rest: self.value, start: self.span.end - self.value.len() }
    }

    /// The values with their meaning, if the directive takes a source list; none if it does not.
    pub fn sources(&self) -> impl Iterator<Item = Source<'a>> {
        let takes_list = self.directive.is_some_and(Directive::takes_source_list);
        let values = if takes_list { self.values() } else { Values { rest: "", start: 0 } };
        values.map(|value| Source { value, expression: value.source_expression() })
    }

    /// What stands at the place of a value.
    pub(crate) fn text(&self, span: Span) -> Option<&'a str> {
        let start = self.span.end.checked_sub(self.value.len())?;
        self.value.get(span.start.checked_sub(start)?..span.end.checked_sub(start)?)
    }

    /// Whether there is no value at all.
    pub const fn is_empty(&self) -> bool {
        self.value.is_empty()
    }
}

/// The values of a directive, split as they are asked for.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    rest: &'a str,
    start: usize,
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (word, start, rest) = next_word(self.rest)?;
        let start = self.start + start;
        let span = Span::new(start, start + word.len());
        self.start += self.rest.len() - rest.len();
        self.rest = rest;
        Some(Value { text: word, span })
    }
}

/// The first word between ASCII white space (Infra, section 4.6), where it begins, and what follows it.
pub(super) fn next_word(text: &str) -> Option<(&str, usize, &str)> {
    let start = text.bytes().position(|byte| !is_space(byte))?;
    let (_, from_word) = text.split_at_checked(start)?;
    let length = from_word.bytes().position(is_space);
    let (word, rest) = from_word.split_at_checked(length.unwrap_or(from_word.len()))?;
    Some((word, start, rest))
}

/// Whether it is ASCII white space, which most bytes are too large to be.
const fn is_space(byte: u8) -> bool {
    byte <= b' ' && byte.is_ascii_whitespace()
}

impl<'a> Policy<'a> {
    /// The directives that browsers take notice of, unknown ones included.
    pub fn counting(&self) -> impl Iterator<Item = &ParsedDirective<'a>> {
        self.directives.iter().filter(|directive| directive.ignored.is_none())
    }

    /// Whether browsers find no directive in it, and drop it.
    pub fn is_empty(&self) -> bool {
        self.counting().next().is_none()
    }

    /// The directive of this kind that counts.
    pub fn get(&self, directive: Directive) -> Option<&ParsedDirective<'a>> {
        self.counting().find(|found| found.directive == Some(directive))
    }

    /// The directive that decides in the place of `directive`: itself, or the first one present that it falls back to
    /// (CSP Level 3, section 6.8.3).
    ///
    /// ```
    /// use cspc_core::csp::{Delivery, Directive, parse_list};
    /// let policies = parse_list("default-src 'none'; script-src a", Delivery::Header);
    /// let decides = policies[0].effective(Directive::ScriptSrcElem).unwrap();
    /// assert_eq!(decides.name, "script-src");
    /// ```
    pub fn effective(&self, directive: Directive) -> Option<&ParsedDirective<'a>> {
        directive.fallback_list().find_map(|next| self.get(next))
    }
}

/// The serialized policy: names in lower case, one space between values, `; ` between directives.
impl fmt::Display for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, directive) in self.directives.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            write!(f, "{directive}")?;
        }
        Ok(())
    }
}

/// The serialized directive: its name in lower case, one space between values.
impl fmt::Display for ParsedDirective<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name.to_ascii_lowercase())?;
        self.values().try_for_each(|value| write!(f, " {}", value.text))
    }
}
