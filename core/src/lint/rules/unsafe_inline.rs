//! `csp/unsafe-inline`.

use crate::csp::Keyword;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/unsafe-inline",
    severity: Severity::High,
    summary: "`'unsafe-inline'` lets any inline script run",
    rationale: "An attacker who can put markup into the page can put a script there, and with `'unsafe-inline'` the browser runs it: the policy gives no protection against cross-site scripting.",
    example: Example::Policy("script-src 'self' 'unsafe-inline'"),
    good: Example::Policy(
        "script-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    ),
    fix: "allow inline scripts by their hashes (`cspc build` computes them) or by a nonce made anew for each response",
    references: &["https://www.w3.org/TR/CSP3/#allow-all-inline"],
    equivalents: &[
        ("shcheck", &["unsafe-inline"]),
        ("csp-evaluator", &["SCRIPT_UNSAFE_INLINE"]),
        ("lighthouse", &["unsafeInline"]),
        ("observatory", &["csp-implemented-with-unsafe-inline"]),
        ("zap", &["10055-5"]),
        ("humble", &["CSP"]),
        ("drheader", &["CSP"]),
        ("securityheaders", &["unsafe-inline"]),
    ],
    check: Check::Lets {
        about: SCRIPT,
        kinds: Kinds::keyword(Keyword::UnsafeInline),
        unless: Kinds::NONCE_OR_HASH.or(Kinds::STRICT),
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` lets any inline script run", place.written(), place.name())
    },
    ..Rule::BASE
};
