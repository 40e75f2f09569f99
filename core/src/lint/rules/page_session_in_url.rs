//! `page/session-in-url`.

use crate::diagnostic::{Confidence, Severity};
use crate::inventory::Element;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "page/session-in-url",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "a link has a session in its address",
    rationale: "Addresses end up in logs, in histories and in what is sent to other sites, and whoever has one has the session.",
    example: Example::Page("<a href=\"/cart;jsessionid=0A1B2C3D4E5F60718293\">Cart</a>"),
    good: Example::Page("<a href=\"/cart\">Cart</a>"),
    fix: "keep sessions in cookies alone",
    references: &[
        "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
    ],
    equivalents: &[("zap", &["3"])],
    check: Check::Response(|subject, found| {
        found.at_elements(subject, |_, element| has_session(element));
    }),
    message: |_| "the address holds a session".to_owned(),
    ..Rule::BASE
};

/// Names by which servers put a session into addresses.
static NAMES: [&str; 5] = ["jsessionid=", "phpsessid=", "aspsessionid=", "cfid=", "sessionid="];

fn has_session(element: &Element) -> bool {
    ["href", "src", "action"].iter().filter_map(|name| element.get(name)).any(|address| {
        let address = address.to_ascii_lowercase();
        NAMES.iter().any(|name| {
            let after = address.split_once(name);
            after.is_some_and(|(before, after)| {
                before.ends_with([';', '?', '&']) && !after.is_empty() && !after.starts_with('&')
            })
        })
    })
}
