//! `csp/broad-script-source`.

use super::has_keyword;
use crate::csp::{Directive, HostSource, Keyword, ParsedDirective, SourceExpression, Value};
use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Hit, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "csp/broad-script-source",
    severity: Severity::High,
    summary: "scripts or plugins may come from any host",
    rationale: "A wildcard or a bare scheme lets an attacker load a script from a host of their own; `data:` and `blob:` even \
                from the injected markup itself.",
    example: "script-src 'self' https:; object-src 'none'",
    fix: "name the hosts, better the full URLs, that the site loads scripts from; `cspc build` finds them",
    references: &["https://www.w3.org/TR/CSP3/#match-url-to-source-expression"],
    equivalents: &[
        ("csp-evaluator", &["PLAIN_URL_SCHEMES", "PLAIN_WILDCARD"]),
        (
            "observatory",
            &["csp-implemented-with-insecure-scheme", "csp-implemented-with-unsafe-inline"],
        ),
    ],
    check: Check::Weakness {
        decided_for: &[Directive::ScriptSrc, Directive::ScriptSrcElem, Directive::ObjectSrc],
        find,
    },
};

fn find(deciding: &ParsedDirective<'_>, directive: Directive) -> Vec<Hit> {
    // `'strict-dynamic'` makes browsers ignore hosts and schemes for scripts, not for plugins.
    if directive != Directive::ObjectSrc && has_keyword(deciding, Keyword::StrictDynamic) {
        return Vec::new();
    }
    hits(deciding)
}

fn hits(directive: &ParsedDirective<'_>) -> Vec<Hit> {
    let broad = |value: &&Value<'_>| is_broad(value.source_expression());
    let hit = |value: &Value<'_>| {
        Hit::at_value(
            directive,
            value,
            format!("`{}` in `{}` lets scripts come from anywhere", value.text, directive.name),
        )
    };
    directive.values.iter().filter(broad).map(hit).collect()
}

/// Whether anyone can provide a URL that matches.
fn is_broad(expression: SourceExpression<'_>) -> bool {
    match expression {
        SourceExpression::Scheme(scheme) => {
            let open = ["http", "https", "ws", "wss", "data", "blob", "filesystem", "ftp"];
            open.iter().any(|known| known.eq_ignore_ascii_case(scheme))
        }
        SourceExpression::Host(HostSource { host, .. }) => host == "*",
        _ => false,
    }
}
