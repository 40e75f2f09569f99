//! The head of a response, as `curl -I` prints it.

use super::{Answer, Located, lines};
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
            let body = text.get(start + line.len()..).filter(|body| !body.trim().is_empty());
            answer.html = body.filter(|_| is_head).map(str::to_owned);
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

fn is_continued(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !line.trim().is_empty()
}
