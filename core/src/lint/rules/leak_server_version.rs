//! `leak/server-version`.

use crate::diagnostic::Severity;
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "leak/server-version",
    severity: Severity::Low,
    summary: "Server names a version",
    rationale: "It tells which known holes to try.",
    example: Example::Head("Server: nginx/1.18.0"),
    good: Example::Head("Server: nginx"),
    fix: "switch it off: `server_tokens off` in nginx, `ServerTokens Prod` in Apache",
    references: &["https://www.rfc-editor.org/rfc/rfc9110#section-10.2.4"],
    equivalents: &[
        ("zap", &["10036-2"]),
        ("webhint", &["no-disallowed-headers"]),
        ("humble", &["Server"]),
        ("drheader", &["Server"]),
        ("owasp", &["Server"]),
    ],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "Server", |value| {
            value.contains('/') && value.bytes().any(|byte| byte.is_ascii_digit())
        });
    }),
    message: |place| format!("`{}` tells the version of the server", place.written()),
    ..Rule::BASE
};
