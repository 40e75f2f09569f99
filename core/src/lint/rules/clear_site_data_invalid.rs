//! `clear-site-data/invalid`.

use crate::diagnostic::Severity;
use crate::header::ClearSiteData;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "clear-site-data/invalid",
    severity: Severity::Low,
    summary: "Clear-Site-Data names something that browsers do not know",
    rationale: "Each kind of data stands in double quotes; what does not is ignored, and stays.",
    example: Example::Head("Clear-Site-Data: cookies"),
    good: Example::Head("Clear-Site-Data: \"cookies\""),
    fix: "put each kind in double quotes: `\"cache\"`, `\"cookies\"`, `\"storage\"`",
    references: &[
        "https://www.w3.org/TR/clear-site-data/#header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Clear-Site-Data",
    ],
    equivalents: &[("humble", &["Clear-Site-Data"])],
    check: Check::Response(|subject, found| at_issues::<ClearSiteData>(subject, found, |_| true)),
    message: |place| format!("browsers do not know `{}`", place.written()),
    ..Rule::BASE
};
