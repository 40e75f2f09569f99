//! `csp/broad-frame-ancestors`.

use crate::csp::{Directive, DirectiveSet};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/broad-frame-ancestors",
    severity: Severity::Low,
    summary: "any site may frame the page",
    rationale: "A page that anyone may frame can be overlaid, so that users click on what they do not see; and X-Frame-Options does not help, as browsers ignore it beside `frame-ancestors`.",
    example: Example::Policy("default-src 'none'; frame-ancestors https:"),
    good: Example::Policy("default-src 'none'; frame-ancestors 'self'"),
    fix: "write `frame-ancestors 'none'`, or name the sites",
    references: &["https://www.w3.org/TR/CSP3/#directive-frame-ancestors"],
    equivalents: &[("zap", &["10055-4"]), ("humble", &["CSP"])],
    check: Check::Lets {
        about: DirectiveSet::of(&[Directive::FrameAncestors]),
        kinds: Kinds::BROAD,
        unless: Kinds::EMPTY,
        test: |_, _| true,
    },
    message: |place| {
        format!(
            "`{}` in `{}` means that any site may frame the page",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};
