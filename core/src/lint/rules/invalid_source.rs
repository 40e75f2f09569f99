//! `csp/invalid-source`.

use crate::csp::IssueCode;
use crate::diagnostic::{Fix, Severity};
use crate::lint::nearest;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/invalid-source",
    severity: Severity::Medium,
    summary: "a value is not a source expression",
    rationale: "Browsers match nothing by it, so that what it was to allow is blocked.",
    example: Example::Policy("script-src 'unsafe-inlin'"),
    good: Example::Policy("script-src 'unsafe-inline'"),
    fix: "a source is a host such as `https://cdn.example`, a scheme such as `data:`, or a quoted keyword such as `'self'`",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-source-expression"],
    equivalents: &[
        (
            "csp-evaluator",
            &[
                "INVALID_KEYWORD",
                "IP_SOURCE",
                "PLAIN_WILDCARD",
                "SCRIPT_ALLOWLIST_BYPASS",
                "OBJECT_ALLOWLIST_BYPASS",
                "SRC_HTTP",
                "STRICT_DYNAMIC",
                "IGNORED",
            ],
        ),
        ("lighthouse", &["unknownKeyword"]),
        ("zap", &["10055-3"]),
    ],
    yields_to: &[
        "csp/invalid-nonce",
        "csp/invalid-hash",
        "csp/source-has-query",
        "csp/source-has-fragment",
    ],
    check: Check::Issue(IssueCode::InvalidSource),
    message: |place| format!("`{}` is not a source, and browsers ignore it", place.written()),
    help: |place| explain(place.written()),
    mend,
    ..Rule::BASE
};

/// Spellings that were in drafts, or are known to one browser only.
static OTHER: [(&str, &str); 6] = [
    ("'unsafe-hashed-attributes'", "it is called `'unsafe-hashes'` now"),
    ("'unsafe-dynamic'", "it is called `'strict-dynamic'` now"),
    ("'unsafe-redirect'", "it was taken out of the specification: redirects need no keyword"),
    (
        "'wasm-eval'",
        "it is called `'wasm-unsafe-eval'` on pages; this spelling is for Chrome's extensions",
    ),
    ("'strict-dynamic-url'", "no browser has it"),
    (
        "'inline-speculation-rules'",
        "Chrome (110) and Safari (27.3) know it, the grammar of policies does not; a hash or nonce allows such rules everywhere",
    ),
];

const fn is_quote(character: char) -> bool {
    matches!(character, '\'' | '"' | '`')
}

fn explain(written: &str) -> Option<String> {
    if let Some((_, help)) = OTHER.iter().find(|(other, _)| other.eq_ignore_ascii_case(written)) {
        return Some((*help).to_owned());
    }
    if let Some(keyword) = nearest::keyword(written.trim_matches(is_quote)) {
        return Some(format!("did you mean `{keyword}`?"));
    }
    let lower = written.to_ascii_lowercase();
    let address = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    if address.starts_with('[') {
        Some("no source can name an IPv6 address: use a host name".to_owned())
    } else if lower.starts_with("data:") || lower.starts_with("blob:") {
        Some(format!(
            "`{}:` stands alone: nothing can follow a scheme without `//`",
            lower.get(..4)?
        ))
    } else if address.is_empty() {
        Some(
            "a host is missing after `//`; a scheme alone ends with its colon, such as `https:`"
                .to_owned(),
        )
    } else if lower.starts_with("//") {
        Some("leave the `//` out: a host without a scheme takes that of the page".to_owned())
    } else if lower.starts_with('/') {
        Some("a source cannot begin with a path: `'self'` allows the site's own files".to_owned())
    } else if address.contains('*') {
        Some(
            "`*` can stand alone or, with a dot, before the rest of a host: `*.example.com`"
                .to_owned(),
        )
    } else {
        None
    }
}

fn mend(place: &Place<'_>) -> Option<Fix> {
    let keyword = nearest::keyword(place.written().trim_matches(is_quote))?;
    place.replace(keyword, false)
}
