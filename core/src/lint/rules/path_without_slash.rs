//! `csp/path-without-slash`.

use crate::csp::{Directive, SourceExpression};
use crate::diagnostic::{Confidence, Severity};
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/path-without-slash",
    severity: Severity::Info,
    confidence: Confidence::Low,
    summary: "a path that looks like a folder matches one URL only",
    rationale: "A path matches everything below it only if it ends with a slash; without one it matches just that URL.",
    example: Example::Policy("script-src https://cdn.example/lib"),
    good: Example::Policy("script-src https://cdn.example/lib/"),
    fix: "put a `/` at its end, if a folder is meant",
    references: &["https://www.w3.org/TR/CSP3/#match-paths"],
    check: Check::Source {
        kinds: |directive| match directive {
            Directive::ConnectSrc
            | Directive::FormAction
            | Directive::FrameSrc
            | Directive::FrameAncestors => Kinds::EMPTY,
            _ => Kinds::FILE,
        },
        beside: Kinds::ANY,
        test: |_, source| looks_like_folder(source.expression),
    },
    message: |place| {
        format!(
            "`{}` in `{}` matches that one URL, not what is below it",
            place.written(),
            place.name()
        )
    },
    mend: |place| place.replace(format!("{}/", place.written()), false),
    ..Rule::BASE
};

fn looks_like_folder(expression: SourceExpression<'_>) -> bool {
    let SourceExpression::Host(host) = expression else { return false };
    let last = host.path.and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    !last.is_empty() && !last.contains('.')
}
