//! An HTTP archive (HAR 1.2).

use serde::Deserialize;

use super::{Answer, Located, ReadError, from_json};
use crate::response::Extent;

/// What is read of an HTTP archive.
#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Received,
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct Received {
    status: Option<i32>,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    content: Content,
}

/// A body. What is encoded is no text, and so no page.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Content {
    text: Option<String>,
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

impl Received {
    /// Whether it is a page, which is what policies are for.
    fn is_page(&self) -> bool {
        let is_html = |header: &Header| {
            header.name.eq_ignore_ascii_case("content-type")
                && header.value.trim_start().to_ascii_lowercase().starts_with("text/html")
        };
        self.headers.iter().any(is_html)
    }
}

/// The heads of the pages in an archive.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Answer>, ReadError> {
    let har: Har = from_json(name, text)?;
    let mut answers = Vec::new();
    for entry in har.log.entries.into_iter().filter(|entry| entry.response.is_page()) {
        let headers = entry.response.headers.iter();
        // Browsers write several cookies as lines of one header.
        let fields = headers.flat_map(|Header { name, value }| {
            value.split('\n').map(|line| Located::header(name, line, None))
        });
        let Content { text, encoding } = entry.response.content;
        answers.push(Answer {
            name: Some(entry.request.url),
            status: entry.response.status.and_then(|status| status.try_into().ok()),
            fields: fields.collect(),
            html: text.filter(|_| encoding.is_none()),
            extent: Extent::Head,
            ..Answer::default()
        });
    }
    if answers.is_empty() {
        return Err(ReadError::NoPage(name.to_owned()));
    }
    Ok(answers)
}
