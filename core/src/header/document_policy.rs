//! `Document-Policy` (Document Policy, section 4), and the table of its features.

use std::fmt;

use sfv::{BareItem, ListEntry};

use super::field::{Header, Issue, Parsed, Problem};
use super::structured;

/// What a document does without, or in its own way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentPolicy {
    /// The features that browsers know, as written, in order.
    pub features: Vec<String>,
}

/// Features that a browser knows or a specification defines.
const KNOWN: [&str; 15] = [
    "document-write",
    "expect-no-linked-resources",
    "force-load-at-top",
    "include-js-call-stacks-in-crash-reports",
    "js-profiling",
    "lossless-images-max-bpp",
    "lossless-images-strict-max-bpp",
    "lossy-images-max-bpp",
    "network-efficiency-guardrails",
    "no-document-write",
    "no-unsized-media",
    "oversized-images",
    "sync-script",
    "sync-xhr",
    "unsized-media",
];

impl Header<'_> for DocumentPolicy {
    const NAME: &'static str = "Document-Policy";

    /// ```
    /// use cspc_core::header::{DocumentPolicy, Header};
    /// let parsed = DocumentPolicy::parse("js-profiling, include-js-call-stacks-in-crash-reports");
    /// assert_eq!(parsed.value.unwrap().features.len(), 2);
    /// assert!(DocumentPolicy::parse("whimsy").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (mut features, mut issues) = (Vec::new(), Vec::new());
        let mut is_broken = false;
        for (span, member) in structured::members(value) {
            let problem = match structured::dictionary_member(member) {
                None if member.is_empty() => Problem::Empty,
                None => Problem::Syntax,
                Some((key, _)) if !is_known(key.as_str()) => Problem::UnknownName,
                Some((_, entry)) if !is_value(&entry) => Problem::InvalidValue,
                Some(_) => {
                    features.push(member.to_owned());
                    continue;
                }
            };
            // One member that cannot be read, and nothing of a structured field counts.
            is_broken |= matches!(problem, Problem::Empty | Problem::Syntax);
            issues.push(Issue { problem, span });
        }
        let says_something = !is_broken && !features.is_empty();
        Parsed { value: says_something.then_some(Self { features }), issues }
    }
}

/// `*` stands for all features, to say where they report to.
fn is_known(name: &str) -> bool {
    name == "*" || KNOWN.binary_search(&name).is_ok()
}

/// A feature is switched on or off, or has a number.
fn is_value(entry: &ListEntry) -> bool {
    let ListEntry::Item(item) = entry else { return false };
    matches!(item.bare_item, BareItem::Boolean(_) | BareItem::Integer(_) | BareItem::Decimal(_))
}

impl fmt::Display for DocumentPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.features.join(", "))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_in_order() {
        assert!(super::KNOWN.is_sorted());
    }
}
