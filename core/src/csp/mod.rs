//! The language of Content-Security-Policy: directives, source expressions, policies.
//!
//! [`parse_list`] reads what a header or a `<meta>` holds. It never fails, and keeps the place of everything, so that
//! whoever has something to say about a policy can point at it.

mod cover;
mod directive;
mod format;
mod issue;
mod keyword;
mod parse;
mod policy;
mod sandbox;
mod source_expression;
mod support;

pub(crate) use cover::{covers, covers_host, ends_with_label};
pub use directive::{Directive, DirectiveSet, Grammar, Status};
pub use format::{Style, format};
pub use issue::{Issue, IssueCode, issues};
pub(crate) use issue::{check, is_trusted_types_name};
pub(crate) use keyword::INLINE;
pub use keyword::Keyword;
pub use parse::parse_list;
pub(crate) use parse::policies;
pub use policy::{Delivery, Ignored, ParsedDirective, Policy, Source, Value, Values};
pub(crate) use sandbox::SANDBOX_TOKENS;
pub use source_expression::{HashAlgorithm, HostSource, SourceExpression};
pub use support::Support;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn serialize(policies: &[Policy<'_>]) -> String {
        policies
            .iter()
            .filter(|policy| !policy.directives.is_empty())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Names, values and what counts, without places.
    fn meaning<'a>(policies: &'a [Policy<'_>]) -> Vec<Vec<(String, Vec<&'a str>, bool)>> {
        let directive = |directive: &'a ParsedDirective<'_>| {
            let values = directive.values().map(|value| value.text).collect();
            (directive.name.to_ascii_lowercase(), values, directive.ignored.is_some())
        };
        let policies = policies.iter().filter(|policy| !policy.directives.is_empty());
        policies.map(|policy| policy.directives.iter().map(directive).collect()).collect()
    }

    proptest! {
        #[test]
        fn what_is_serialized_is_read_back(text in "([a-z*'; ,/:\t-]|[é\u{a0}]|(script|img)-src |'self' |'none' |https://a\\.example ){0,40}") {
            let policies = parse_list(&text, Delivery::Header);
            let serialized = serialize(&policies);
            let again = parse_list(&serialized, Delivery::Header);
            prop_assert_eq!(meaning(&again), meaning(&policies));
            prop_assert_eq!(serialize(&again), serialized);
        }

        #[test]
        fn spans_point_at_what_was_read(text in "\\PC{0,60}") {
            for policy in parse_list(&text, Delivery::Header) {
                for directive in &policy.directives {
                    let name = directive.name_span();
                    prop_assert_eq!(text.get(name.start..name.end), Some(directive.name));
                    for value in directive.values() {
                        prop_assert_eq!(text.get(value.span.start..value.span.end), Some(value.text));
                    }
                }
                for issue in issues(&policy, Delivery::Header) {
                    prop_assert!(text.get(issue.span.start..issue.span.end).is_some());
                }
            }
        }

        #[test]
        fn an_expression_is_written_as_it_was_read(text in "('?(self|none|nonce-|sha256-)?[a-zA-Z0-9+/=]{0,6}'?|[a-z*.]{0,4}:?/{0,2}[a-z0-9.*-]{0,6}(:[0-9*]{0,3})?(/[a-z%0-9]{0,4})?)") {
            let expression = SourceExpression::parse(&text);
            prop_assert!(expression.to_string().eq_ignore_ascii_case(&text));
        }
    }
}
