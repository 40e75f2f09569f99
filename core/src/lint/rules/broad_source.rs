//! `csp/broad-source`.

use crate::csp::{Directive, DirectiveSet, SourceExpression};
use crate::diagnostic::Severity;
use crate::lint::kind::Kinds;
use crate::lint::rule::{Check, Example, Rule};
use crate::lint::sources::is_hostless;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/broad-source",
    severity: Severity::Low,
    summary: "loads of another kind may come from, and send to, any host",
    rationale: "What may be loaded from anywhere is also a way out: an injected image, style sheet, font or request carries data in its URL to a host of the attacker, and a frame shows a page of theirs.",
    example: Example::Policy("default-src 'self'; img-src *"),
    good: Example::Policy("default-src 'self'; img-src 'self' https://images.example"),
    fix: "name the hosts that the site uses; `data:` and `blob:` for images, fonts and media are no way out",
    references: &["https://www.w3.org/TR/CSP3/#exfiltration"],
    equivalents: &[
        ("shcheck", &["*"]),
        ("zap", &["10055-4"]),
        ("humble", &["CSP"]),
        ("observatory", &["csp-implemented-with-unsafe-inline-in-style-src-only"]),
    ],
    yields_to: &["csp/broad-script-source", "csp/broad-object-source"],
    check: Check::Lets {
        about: WAYS_OUT,
        kinds: Kinds::BROAD,
        unless: Kinds::EMPTY,
        test: |_, source| !is_local(source.expression),
    },
    message: |place| {
        format!(
            "`{}` in `{}` allows any host, and so is a way out for data",
            place.written(),
            place.name()
        )
    },
    ..Rule::BASE
};

/// What loads from elsewhere, and so reaches elsewhere.
const WAYS_OUT: DirectiveSet = DirectiveSet::of(&[
    Directive::ConnectSrc,
    Directive::FontSrc,
    Directive::FrameSrc,
    Directive::ImgSrc,
    Directive::ManifestSrc,
    Directive::MediaSrc,
    Directive::StyleSrcElem,
]);

fn is_local(expression: SourceExpression<'_>) -> bool {
    matches!(expression, SourceExpression::Scheme(scheme) if is_hostless(scheme))
}
