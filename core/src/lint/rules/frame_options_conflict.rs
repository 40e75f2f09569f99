//! `csp/frame-options-conflict`.

use crate::csp::{Delivery, Directive, Keyword, SourceExpression};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Found, Rule};
use crate::lint::subject::{List, Subject};
use crate::response::Field;

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/frame-options-conflict",
    severity: Severity::Low,
    summary: "`frame-ancestors` and X-Frame-Options say different things",
    rationale: "Browsers that know `frame-ancestors` ignore X-Frame-Options beside it, so that the weaker of the two may be what counts.",
    example: Example::Head(
        "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' https://portal.example\nX-Frame-Options: DENY",
    ),
    good: Example::Head(
        "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\nX-Frame-Options: DENY",
    ),
    fix: "make them agree, or leave X-Frame-Options out",
    references: &["https://www.w3.org/TR/CSP3/#frame-ancestors-and-frame-options"],
    check: Check::Response(find),
    message: |_| {
        "X-Frame-Options says otherwise, and browsers ignore it beside `frame-ancestors`".to_owned()
    },
    ..Rule::BASE
};

fn find(subject: &Subject<'_>, found: &mut Found<'_>) {
    let options = subject.response.fields.iter().find_map(|field| match field {
        Field::Header { name, value } if name.eq_ignore_ascii_case("x-frame-options") => {
            Some(value.trim())
        }
        _ => None,
    });
    let Some(options) = options else { return };
    for (index, member) in subject.members.iter().enumerate() {
        if member.delivery == Delivery::ReportOnly {
            continue;
        }
        let Some(list) = member.list(Directive::FrameAncestors) else { continue };
        if !agrees(options, &list) {
            found.member = Some(index);
            found.at_name(member, Directive::FrameAncestors);
        }
    }
}

fn agrees(options: &str, list: &List<'_, '_>) -> bool {
    let is_only = |expression| list.sources.iter().all(|source| source.expression == expression);
    if options.eq_ignore_ascii_case("deny") {
        is_only(SourceExpression::None)
    } else if options.eq_ignore_ascii_case("sameorigin") {
        is_only(SourceExpression::Keyword(Keyword::SelfOrigin))
    } else {
        true
    }
}
