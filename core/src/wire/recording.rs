//! The pages of a recording, each with the way to it.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::Captured;
use crate::deployment::Answer;

/// The most redirects that are followed, as many as the Observatory follows.
const MAX_REDIRECTS: usize = 10;

impl Captured {
    /// The responses of a document as they are graded. In a recording, a redirect is the way to another response, and what
    /// came again unchanged (304) is known from the response before.
    ///
    /// ```
    /// use cspc_core::{deployment::read_responses, wire::Captured};
    /// let har = r#"{"log":{"entries":[
    ///   {"request":{"url":"http://shop.example/"},"response":{"status":301,"headers":[
    ///     {"name":"Content-Type","value":"text/html"},{"name":"Location","value":"https://shop.example/"}]}},
    ///   {"request":{"url":"https://shop.example/"},"response":{"status":200,"headers":[
    ///     {"name":"Content-Type","value":"text/html"}]}}]}}"#;
    /// let document = read_responses("visit.har", har, None)?;
    /// let pages = Captured::of_answers(&document.answers);
    /// assert_eq!(pages.iter().map(Captured::name).collect::<Vec<_>>(), ["https://shop.example/"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_answers(answers: &[Answer]) -> Vec<Self> {
        let whole = answers.iter().filter(|it| it.status != Some(304) && redirect(it).is_none());
        let whole: BTreeSet<Url> = whole.filter_map(url).collect();
        let redirects: BTreeMap<Url, Url> = answers.iter().filter_map(redirect).collect();
        let plain = redirects.keys().filter(|from| from.scheme() == "http");
        let mut ways: Vec<Vec<Url>> = plain.map(|from| way(from, &redirects)).collect();
        // Of several ways to one page the longest is taken, of which others are a part.
        ways.sort_by_key(Vec::len);
        let ways: BTreeMap<&Url, &Vec<Url>> =
            ways.iter().filter_map(|way| Some((way.last()?, way))).collect();
        let is_again = |answer: &Answer| {
            answer.status == Some(304) && url(answer).is_some_and(|url| whole.contains(&url))
        };
        // A redirect that leads to nothing in the recording is all that is known.
        let leads_on = |answer: &Answer| {
            let to = redirect(answer).map(|(_, to)| way(&to, &redirects));
            to.is_some_and(|way| way.iter().any(|url| whole.contains(url)))
        };
        let pages = answers.iter().filter(|it| !leads_on(it) && !is_again(it));
        let captured = pages.map(|answer| {
            let mut captured = Self::from(answer);
            if let Some(way) = url(answer).and_then(|url| ways.get(&url)) {
                captured.set_hops(way.iter().map(Url::to_string));
            }
            captured
        });
        captured.collect()
    }
}

fn url(answer: &Answer) -> Option<Url> {
    Url::parse(answer.name.as_deref()?).ok()
}

/// From where and to where a response redirects.
fn redirect(answer: &Answer) -> Option<(Url, Url)> {
    answer.status.filter(|status| matches!(status, 301 | 302 | 303 | 307 | 308))?;
    let from = url(answer)?;
    let location = answer.fields.iter().find(|it| it.name().eq_ignore_ascii_case("location"))?;
    let mut to = from.join(&location.text).ok()?;
    to.set_fragment(None);
    Some((from, to))
}

/// A URL, and those that it leads to.
fn way(from: &Url, redirects: &BTreeMap<Url, Url>) -> Vec<Url> {
    let mut way = vec![from.clone()];
    while let Some(next) = way.last().and_then(|last| redirects.get(last))
        && way.len() <= MAX_REDIRECTS
        && !way.contains(next)
    {
        way.push(next.clone());
    }
    way
}
