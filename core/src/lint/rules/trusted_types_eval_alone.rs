//! `csp/trusted-types-eval-alone`.

use crate::csp::{Directive, Keyword, SourceExpression};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Found, Rule};
use crate::lint::subject::{Member, Set};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/trusted-types-eval-alone",
    severity: Severity::Low,
    summary: "`'trusted-types-eval'` stands without Trusted Types being enforced",
    rationale: "The keyword allows `eval` only where Trusted Types are enforced; without `require-trusted-types-for 'script'` it has no effect, and eval is blocked.",
    example: Example::Policy("script-src 'self' 'trusted-types-eval'"),
    good: Example::Policy(
        "script-src 'self' 'trusted-types-eval'; require-trusted-types-for 'script'",
    ),
    fix: "add `require-trusted-types-for 'script'`, or take the keyword out",
    references: &["https://www.w3.org/TR/CSP3/#grammardef-trusted-types-eval"],
    check: Check::Member(find),
    message: |place| {
        format!(
            "`{}` in `{}` has no effect, as Trusted Types are not enforced",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};

fn find(set: &Set<'_, '_>, member: &Member<'_>, found: &mut Found<'_>) {
    if set.decided.contains(Directive::RequireTrustedTypesFor) {
        return;
    }
    for list in member.lists().filter(|list| list.has(Keyword::TrustedTypesEval)) {
        for source in list.sources {
            if source.expression == SourceExpression::Keyword(Keyword::TrustedTypesEval) {
                found.at(member, Some(list.index), source.value.span);
            }
        }
    }
}
