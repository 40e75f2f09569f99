//! `cache/conflict`.

use crate::diagnostic::Severity;
use crate::header::{CacheControl, Header as _};
use crate::lint::headers::{at_values, named};
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "cache/conflict",
    severity: Severity::Info,
    summary: "Expires or Pragma stands beside Cache-Control",
    rationale: "Caches of this century read Cache-Control and ignore the other; what they say differently is a mistake that nobody notices.",
    example: Example::Head("Cache-Control: no-store\nExpires: Wed, 21 Oct 2026 07:28:00 GMT"),
    good: Example::Head("Cache-Control: no-store"),
    fix: "take Expires and Pragma out",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc9111#section-5.3",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Expires",
    ],
    equivalents: &[("humble", &["Expires"]), ("webhint", &["no-disallowed-headers"])],
    check: Check::Response(|subject, found| {
        if named(subject, CacheControl::NAME).next().is_some() {
            at_values(subject, found, "Expires", |_| true);
        }
    }),
    message: |_| "Cache-Control counts, and Expires does not".to_owned(),
    ..Rule::BASE
};
