//! `leak/source-map`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "leak/source-map",
    severity: Severity::Info,
    summary: "a header says where the source of a script is",
    rationale: "The map holds the code as it was written, comments and unused parts included.",
    example: Example::Head("SourceMap: /app.js.map"),
    good: Example::Head("Content-Type: text/javascript"),
    fix: "leave the header and the map out of what is published, or send them inside only",
    references: &["https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/SourceMap"],
    equivalents: &[("humble", &["SourceMap"]), ("owasp", &["SourceMap", "X-SourceMap"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "SourceMap", |_| true);
        at_values(subject, found, "X-SourceMap", |_| true);
    }),
    message: |place| format!("`{}` holds the code as it was written", place.written().trim()),
    ..Rule::BASE
};
