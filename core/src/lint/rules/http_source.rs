//! `csp/http-source`.

use crate::csp::SourceExpression;
use crate::diagnostic::{Fix, Severity};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/http-source",
    severity: Severity::Medium,
    summary: "a source is allowed without encryption",
    rationale: "Whoever sits between the browser and that host can change what is loaded, or read what is sent.",
    example: Example::Policy("img-src http://cdn.example"),
    good: Example::Policy("img-src https://cdn.example"),
    fix: "write `https://` or `wss://`; browsers then still upgrade the old URLs of pages that ask for it",
    references: &["https://www.w3.org/TR/mixed-content/"],
    equivalents: &[
        ("csp-evaluator", &["SRC_HTTP"]),
        (
            "observatory",
            &[
                "csp-implemented-with-insecure-scheme",
                "csp-implemented-with-insecure-scheme-in-passive-content-only",
            ],
        ),
        ("humble", &["CSP"]),
    ],
    yields_to: &["csp/local-source"],
    check: Check::Source { kinds: |_| Kinds::PLAIN, beside: Kinds::ANY, test: |_, _| true },
    message: |place| {
        format!("`{}` in `{}` is allowed without encryption", place.written(), place.name())
    },
    mend,
    ..Rule::BASE
};

const fn scheme<'a>(expression: SourceExpression<'a>) -> Option<&'a str> {
    match expression {
        SourceExpression::Host(host) => host.scheme,
        SourceExpression::Scheme(scheme) => Some(scheme),
        _ => None,
    }
}

fn mend(place: &Place<'_>) -> Option<Fix> {
    let written = place.written();
    let scheme = scheme(SourceExpression::parse(written))?;
    if scheme.eq_ignore_ascii_case("ftp") {
        return None;
    }
    let rest = written.get(scheme.len()..)?;
    place.replace(format!("{}s{rest}", scheme.to_ascii_lowercase()), false)
}
