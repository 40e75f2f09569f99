//! `page/compromised-host`.

use crate::csp::ends_with_label;
use crate::diagnostic::Severity;
use crate::lint::page::{absolute, code};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/compromised-host",
    severity: Severity::High,
    summary: "code comes from a host that has served attacks",
    rationale: "Its owners changed, and since 2024 it has sent code to visitors that leads them to fraud.",
    example: Example::Page("<script src=\"https://cdn.polyfill.io/v3/polyfill.min.js\"></script>"),
    good: Example::Page("<script src=\"/polyfill.js\"></script>"),
    fix: "take it out: browsers of today need no such code; or serve it yourself",
    references: &["https://sansec.io/research/polyfill-supply-chain-attack"],
    equivalents: &[("zap", &["10115"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| code(element).is_some_and(is_compromised));
    }),
    message: |place| {
        let url = place.element().and_then(code).unwrap_or_default();
        format!("`{url}` is of a host that has served attacks")
    },
    ..Rule::BASE
};

/// Hosts of the attack of 2024, those below them included.
static COMPROMISED: [&str; 10] = [
    "bootcdn.net",
    "bootcss.com",
    "macoms.la",
    "newcrbpc.com",
    "polyfill.com",
    "polyfill.io",
    "polyfillcache.com",
    "staticfile.net",
    "staticfile.org",
    "unionadjs.com",
];

fn is_compromised(address: &str) -> bool {
    let url = absolute(address);
    let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or_default();
    COMPROMISED.iter().any(|known| host == *known || ends_with_label(host, known))
}
