//! `page/invalid-integrity`.

use crate::csp::HashAlgorithm;
use crate::diagnostic::Severity;
use crate::enforce::parse_integrity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/invalid-integrity",
    severity: Severity::Medium,
    summary: "integrity holds no hash that browsers know",
    rationale: "Browsers pass over what they cannot read, and load the file whatever is in it.",
    example: Example::Page(
        "<script src=\"/lib.js\" integrity=\"md5-CY9rzUYh03PK3k6DJie09g==\"></script>",
    ),
    good: Example::Page(
        "<script src=\"/lib.js\" integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\"></script>",
    ),
    fix: "write `sha384-` and the hash of the file in base64",
    references: &["https://www.w3.org/TR/sri-2/#the-integrity-attribute"],
    equivalents: &[("webhint", &["sri"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| element.get("integrity").is_some_and(is_unknown));
    }),
    message: |place| {
        let value =
            place.element().and_then(|element| element.get("integrity")).unwrap_or_default();
        format!("browsers know no hash in `{value}`")
    },
    ..Rule::BASE
};

/// Whether there is something, and none of it is a hash of the right length.
fn is_unknown(value: &str) -> bool {
    // Padded base64, four digits for three bytes.
    let is_whole = |(algorithm, digest): (HashAlgorithm, &str)| {
        digest.len() == algorithm.digest_length().div_ceil(3) * 4
    };
    !value.trim().is_empty() && !parse_integrity(value).any(is_whole)
}
