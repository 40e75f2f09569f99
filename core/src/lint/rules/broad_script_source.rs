//! `csp/broad-script-source`.

use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::LOADED_SCRIPT;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/broad-script-source",
    severity: Severity::High,
    summary: "scripts may come from any host",
    rationale: "A wildcard or a bare scheme lets an attacker load a script from a host of their own; `data:` and `blob:` even from the injected markup itself.",
    example: Example::Policy("script-src 'self' https:"),
    good: Example::Policy("script-src 'self' https://cdn.example/app/"),
    fix: "name the hosts, better the full URLs, that the site loads scripts from; `cspc build` finds them",
    references: &["https://www.w3.org/TR/CSP3/#match-url-to-source-expression"],
    equivalents: &[
        ("shcheck", &["*"]),
        ("csp-evaluator", &["PLAIN_URL_SCHEMES", "PLAIN_WILDCARD", "SCRIPT_ALLOWLIST_BYPASS"]),
        ("lighthouse", &["plainUrlScheme", "plainWildcards"]),
        (
            "observatory",
            &["csp-implemented-with-insecure-scheme", "csp-implemented-with-unsafe-inline"],
        ),
        ("zap", &["10055-4"]),
        ("humble", &["CSP"]),
    ],
    check: Check::Lets {
        about: LOADED_SCRIPT,
        kinds: Kinds::BROAD,
        unless: Kinds::STRICT,
        test: |_, _| true,
    },
    message: |place| {
        format!("`{}` in `{}` lets scripts come from anywhere", place.written(), place.name())
    },
    ..Rule::BASE
};
