//! `header/refresh`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "header/refresh",
    severity: Severity::Info,
    summary: "the response sends visitors on by Refresh",
    rationale: "Assistive programs lose their place, the way back is barred, and a page that takes the target from its own address is an open redirect.",
    example: Example::Head("Refresh: 0; url=/new"),
    good: Example::Head("Location: /new"),
    fix: "redirect with a status such as 301 or 302 and Location",
    references: &[
        "https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-refresh-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Refresh",
    ],
    equivalents: &[("humble", &["Refresh"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "Refresh", |value| !value.trim().is_empty());
    }),
    message: |place| format!("`{}` sends visitors on", place.written().trim()),
    ..Rule::BASE
};
