//! `csp/default-src-not-none`.

use crate::csp::Directive;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::subject::List;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/default-src-not-none",
    severity: Severity::Info,
    summary: "`default-src` allows something",
    rationale: "With `'none'` every kind of load has to be named, so that nothing is allowed by oversight; the Observatory gives its highest score for it.",
    example: Example::Policy("default-src 'self'"),
    good: Example::Policy(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    fix: "write `default-src 'none'`, and name what the site loads",
    references: &["https://www.w3.org/TR/CSP3/#directive-default-src"],
    equivalents: &[("observatory", &["csp-implemented-with-no-unsafe"]), ("drheader", &["CSP"])],
    check: Check::Member(|_, member, found| {
        let allows =
            |list: List<'_, '_>| !list.sources.is_empty() && !list.kinds.meets(Kinds::NONE);
        if member.present.contains(Directive::DefaultSrc)
            && member.lists().any(|list| list.directive == Directive::DefaultSrc && allows(list))
        {
            found.at_name(member, Directive::DefaultSrc);
        }
    }),
    message: |_| "`default-src` is not `'none'`".to_owned(),
    ..Rule::BASE
};
