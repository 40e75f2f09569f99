//! `leak/etag-inode`.

use crate::diagnostic::{Confidence, Severity};
use crate::lint::headers::at_values;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "leak/etag-inode",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "ETag tells the number of the file on its disk",
    rationale: "Apache of before 2.4 made it of inode, size and time: that helps attacks by NFS, and differs from server to server, so that caches miss.",
    example: Example::Head("ETag: \"2a1f3c-264-5e8d1c2b0a4c0\""),
    good: Example::Head("ETag: \"264-5e8d1c2b0a4c0\""),
    fix: "`FileETag MTime Size` in Apache",
    references: &["https://httpd.apache.org/docs/2.4/mod/core.html#fileetag"],
    equivalents: &[("humble", &["ETag"])],
    check: Check::Response(|subject, found| {
        at_values(subject, found, "ETag", has_inode);
    }),
    message: |place| format!("`{}` begins with an inode", place.written().trim()),
    ..Rule::BASE
};

/// Three numbers in hexadecimal: inode, size and time.
fn has_inode(value: &str) -> bool {
    let text = value.trim().trim_start_matches("W/").trim_matches('"');
    let numbers: Vec<&str> = text.split('-').collect();
    let is_number =
        |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    numbers.len() == 3 && numbers.iter().all(is_number)
}
