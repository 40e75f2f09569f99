//! A `_headers` file, as Netlify and Cloudflare Pages read it.

use super::{Answer, Located, lines};

/// Header lines, indented under the paths that they are for; each path is a response of its own.
pub(super) fn read(text: &str) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for (start, line) in lines(text) {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            answers.push(Answer { name: Some(content.to_owned()), ..Answer::default() });
        } else if let (Some(answer), Some((field, value))) =
            (answers.last_mut(), line.split_once(':'))
        {
            let offset = Some(start + field.len() + 1);
            answer.fields.push(Located::header(field.trim(), value, offset));
        }
    }
    answers
}
