//! The head of a response, as `curl -I` prints it.

use super::{Answer, Located, lines};
use crate::csp::Directive;
use crate::header::HeaderName;
use crate::response::Extent;

/// Header lines up to the first blank one, and the body after it. A line that begins with white space goes on with the
/// value before.
pub(super) fn read(text: &str) -> Answer {
    let is_head = text.trim_start().starts_with("HTTP/");
    let mut answer = Answer {
        extent: if is_head { Extent::Head } else { Extent::Policies },
        ..Answer::default()
    };
    let mut lines = lines(text).peekable();
    while let Some((start, line)) = lines.next() {
        if line.trim().is_empty() && !answer.fields.is_empty() {
            let at = start + line.len();
            let body = text.get(at..).filter(|body| is_head && !body.trim().is_empty());
            (answer.html, answer.html_at) = (body.map(str::to_owned), body.map(|_| at));
            break;
        }
        let mut end = start + line.len();
        while let Some((at, next)) = lines.next_if(|(_, next)| is_continued(next)) {
            end = at + next.len();
        }
        let whole = text.get(start..end).unwrap_or_default();
        if let Some((field, value)) = whole.split_once(':')
            && !field.starts_with("HTTP/")
        {
            let offset = Some(start + field.len() + 1);
            answer.fields.push(Located::header(field.trim().trim_matches('"'), value, offset));
        }
    }
    answer
}

/// Whether a text is header lines without a status line before them. A policy of one line can look alike, if it is badly
/// written, but its names are those of directives.
pub(super) fn is_one(text: &str) -> bool {
    /// Some that have no hyphen.
    const SHORT: [&str; 8] =
        ["allow", "etag", "expires", "location", "nel", "refresh", "server", "vary"];
    let name = |line: &str| {
        let (name, _) = line.split_once(':')?;
        let is_one = HeaderName::new(name).is_ok() && Directive::from_name(name).is_none();
        is_one.then(|| name.to_ascii_lowercase())
    };
    let lines = || text.lines().take_while(|line| !line.trim().is_empty());
    let is_typical = |name: String| name.contains('-') || SHORT.contains(&&*name);
    lines().next().and_then(name).is_some()
        && lines().all(|line| name(line).is_some() || is_continued(line))
        && lines().filter_map(name).any(is_typical)
}

fn is_continued(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !line.trim().is_empty()
}
