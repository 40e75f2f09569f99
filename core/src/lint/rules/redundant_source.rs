//! `csp/redundant-source`.

use crate::csp::{SourceExpression, covers};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Place, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/redundant-source",
    severity: Severity::Info,
    summary: "another source of the list covers a source",
    rationale: "It allows nothing that is not allowed anyway, and makes the header longer.",
    example: Example::Policy("img-src https://cdn.example https://cdn.example/logo.png"),
    good: Example::Policy("img-src https://cdn.example"),
    fix: "take it out",
    references: &["https://www.w3.org/TR/CSP3/#match-url-to-source-expression"],
    yields_to: &["csp/duplicate-value"],
    check: Check::Source {
        kinds: |_| Kinds::HOST,
        beside: WIDE.or(Kinds::REPEATED),
        test: |list, source| {
            list.sources.len() <= MANY
                && list.sources.iter().zip(list.kinds_of).any(|(other, kinds)| {
                    (kinds.meets(WIDE) || list.kinds.meets(Kinds::REPEATED))
                        && other.value.span != source.value.span
                        && covers(&other.expression, &source.expression)
                })
        },
    },
    message: |place| {
        format!("`{}` in `{}` is covered by another source", place.written(), place.name())
    },
    help,
    mend: |place| place.delete_value(true),
    ..Rule::BASE
};

/// What may cover another host than its own.
const WIDE: Kinds = Kinds::SCHEME.or(Kinds::BROAD).or(Kinds::WILDCARD);

/// Longer lists are of no person's writing, and comparing each source with each would take long.
const MANY: usize = 500;

fn help(place: &Place<'_>) -> Option<String> {
    let written = SourceExpression::parse(place.written());
    let list = place.list()?;
    let other = list.sources.iter().find(|other| covers(&other.expression, &written))?;
    Some(format!("take it out: `{}` allows as much", other.value.text))
}
