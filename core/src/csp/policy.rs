//! Policies as they are written: directives and values with their places.

use std::fmt;

use super::directive::Directive;
use super::issue::Issue;
use super::source_expression::SourceExpression;
use crate::text::Span;

/// How a policy reaches the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Its directives as written, those that do not count included.
    pub directives: Vec<ParsedDirective<'a>>,
    /// What is wrong with it, in the order of the text.
    pub issues: Vec<Issue>,
}

/// A directive as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedDirective<'a> {
    /// The name as written.
    pub name: &'a str,
    /// Where the name stands.
    pub name_span: Span,
    /// Name and values.
    pub span: Span,
    /// Which directive it is, if any.
    pub directive: Option<Directive>,
    /// The values, in order.
    pub values: Vec<Value<'a>>,
    /// Whether an earlier directive of the same name takes its place (CSP Level 3, section 2.2.1).
    pub duplicate: bool,
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

impl<'a> Policy<'a> {
    /// The directive of this kind that counts.
    pub fn get(&self, directive: Directive) -> Option<&ParsedDirective<'a>> {
        self.directives.iter().find(|found| found.directive == Some(directive) && !found.duplicate)
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
        self.get(directive)
            .or_else(|| directive.falls_back_to().iter().find_map(|next| self.get(*next)))
    }
}

/// The serialized policy: names in lower case, one space between values, `; ` between directives.
impl fmt::Display for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, directive) in self.directives.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            f.write_str(&directive.name.to_ascii_lowercase())?;
            for value in &directive.values {
                write!(f, " {}", value.text)?;
            }
        }
        Ok(())
    }
}
