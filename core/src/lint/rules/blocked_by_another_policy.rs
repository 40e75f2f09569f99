//! `csp/blocked-by-another-policy`.

use crate::csp::SourceExpression;
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Found, Rule};
use crate::lint::sources::meets;
use crate::lint::subject::{List, Member, Set};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/blocked-by-another-policy",
    severity: Severity::Low,
    summary: "a source is blocked by another policy of the response",
    rationale: "Browsers enforce each policy of a response: a load has to be allowed by all of them. A second policy never adds to what the first one allows.",
    example: Example::Policy("script-src https://a.example, script-src 'self'"),
    good: Example::Policy("script-src https://a.example 'self'"),
    fix: "put all sources into one policy",
    references: &["https://www.w3.org/TR/CSP3/#multiple-policies"],
    check: Check::Member(find),
    message: |place| {
        format!(
            "`{}` in `{}` allows nothing, as another policy of the response does not allow it",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};

fn find(set: &Set<'_, '_>, member: &Member<'_>, found: &mut Found<'_>) {
    let (false, Some(index)) = (set.is_single(), found.member) else { return };
    for list in member.lists() {
        for source in list.sources.iter().filter(|source| is_url(source.expression)) {
            if set.others(index).any(|other| stops_all(set, other, &list, source.expression)) {
                found.at(member, Some(list.index), source.value.span);
            }
        }
    }
}

const fn is_url(expression: SourceExpression<'_>) -> bool {
    matches!(expression, SourceExpression::Host(_))
}

/// Whether the policy stops everything that the source lets through for what the list decides about. A list with more
/// than hosts may let it through in ways that depend on the page.
fn stops_all(
    set: &Set<'_, '_>,
    other: &Member<'_>,
    list: &List<'_, '_>,
    expression: SourceExpression<'_>,
) -> bool {
    let stops = |other: List<'_, '_>| {
        !other.kinds.meets(Kinds::NONCE_OR_HASH.or(Kinds::STRICT))
            && set.can_compare(other.sources.len())
            && other.sources.iter().all(|own| !meets(own.expression, expression))
    };
    !list.decides.is_empty()
        && list.decides.iter().all(|directive| other.list(directive).is_some_and(stops))
}
