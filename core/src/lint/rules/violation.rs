//! `csp/violation`.

use crate::configuration::Trap;
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/violation",
    severity: Severity::Low,
    summary: "a browser says that the policy blocked something",
    rationale: "Either the page needs what was blocked, and the policy lacks it; or it was brought in by an attacker or an extension, and the policy did its work.",
    example: Example::Console(
        "Loading the image 'https://img.example/a.png' violates the following Content Security Policy directive: \"img-src 'self'\". The action has been blocked.",
    ),
    good: Example::Policy("img-src 'self' https://img.example/a.png"),
    fix: "add what the page needs, and nothing else: `cspc build` finds it",
    references: &["https://www.w3.org/TR/CSP3/#violation-reports"],
    check: Check::Configuration(Trap::Blocked),
    ..Rule::BASE
};
