//! The head of a response, as `curl -I` prints it.

use super::{Answer, Located, lines};
use crate::csp::Directive;
use crate::header::HeaderName;
use crate::response::Extent;

/// Header lines up to the first blank one, and the body after it. A line that begins with white space goes on with the
/// value before. Of several heads one after the other, those of redirects first, the last is the response's.
pub(super) fn read(text: &str) -> Answer {
    let is_trace = is_trace(text);
    let is_head = is_trace || text.trim_start().starts_with("HTTP/");
    let mut answer = Answer {
        extent: if is_head { Extent::Head } else { Extent::Policies },
        ..Answer::default()
    };
    let all: Vec<(usize, &str)> = match is_trace {
        true => received(text).collect(),
        false => lines(text).collect(),
    };
    let mut lines = all.get(last_head(&all)..).unwrap_or_default().iter().copied().peekable();
    while let Some((start, line)) = lines.next() {
        if is_blank(line) && !answer.fields.is_empty() {
            let at = start + line.len();
            let body = text.get(at..).filter(|body| is_head && !is_trace && !is_blank(body));
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

/// Whether a text is what `curl -v` prints, with `<` before each line that came.
pub(super) fn is_trace(text: &str) -> bool {
    received(text).any(|(_, line)| line.starts_with("HTTP/"))
}

/// The lines of a trace that came from the server.
fn received(text: &str) -> impl Iterator<Item = (usize, &str)> {
    lines(text).filter_map(|(start, line)| {
        let rest = line.strip_prefix('<')?;
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        Some((start + line.len() - rest.len(), rest))
    })
}

/// The line with which the last head begins, of several with nothing but blank lines between them.
fn last_head(lines: &[(usize, &str)]) -> usize {
    let mut begin = 0;
    let find = |from: usize, blank: bool| {
        let is_it = |(_, (_, line)): &(usize, &(usize, &str))| is_blank(line) == blank;
        lines.iter().enumerate().skip(from).find(is_it).map(|(index, (_, line))| (index, *line))
    };
    while let Some((end, _)) = find(begin + 1, true)
        && let Some((next, line)) = find(end, false)
        && line.starts_with("HTTP/")
    {
        begin = next;
    }
    begin
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
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
    let lines = || text.lines().take_while(|line| !is_blank(line));
    let is_typical = |name: String| name.contains('-') || SHORT.contains(&&*name);
    lines().next().and_then(name).is_some()
        && lines().all(|line| name(line).is_some() || is_continued(line))
        && lines().filter_map(name).any(is_typical)
}

/// Whether a text begins with a head: header lines, or some with a status line, as after a prompt.
pub(super) fn begins(text: &str) -> bool {
    let start = text.trim_start();
    let has_status = |line: &str| line.trim_start().starts_with("HTTP/");
    is_trace(text)
        || is_one(start)
        || start.lines().take_while(|line| !is_blank(line)).any(has_status)
}

fn is_continued(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !is_blank(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(String, &str)> {
        let places = read(text).fields.into_iter().map(|field| {
            let at = field.offset.unwrap_or_default();
            (
                field.text.trim().to_owned(),
                text.get(at..).unwrap_or_default().lines().next().unwrap_or_default(),
            )
        });
        places.collect()
    }

    #[test]
    fn of_several_heads_the_last_is_read() {
        let text = "HTTP/1.1 301 Moved\r\nServer: a\r\n\r\nHTTP/2 200\r\nserver: b\r\n\r\n<p>\n\nHTTP/1.1 200 OK\nServer: c\n";
        assert_eq!(fields(text), [("b".to_owned(), "b")]);
        assert!(read(text).html.is_some_and(|html| html.starts_with("<p>")));
    }

    #[test]
    fn what_curl_traces_is_read() {
        let text = "* Connected\n> GET / HTTP/2\n> Host: shop.example\n>\n< HTTP/2 200\n< server: b\n<\n<p>X: y\n";
        assert!(is_trace(text) && !is_trace("<p>\n< HTTP"));
        assert_eq!(fields(text), [("b".to_owned(), "b")]);
    }
}
