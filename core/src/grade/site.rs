//! What is graded.

use std::borrow::Cow;

use url::Url;

use super::preload::PreloadList;
use crate::inventory::{Element, elements};

/// The response that a visitor gets, and how they came to it.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// The URL of the page as it was asked for.
    pub url: Url,
    /// The response's headers, in order.
    pub headers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// What of the page matters.
    pub page: Page,
    /// Where one gets who asks over plain HTTP: that URL, and each to which it is redirected; empty if nothing answers.
    /// `None` if nobody has asked: it is then taken to lead to HTTPS at once, if the page is there.
    pub route: Option<Vec<Url>>,
    /// Whether the certificate was verified.
    pub certificate_is_valid: bool,
    /// The `Origin` with which the response was asked for.
    pub origin: Cow<'a, str>,
    /// The hosts that browsers know to be HTTPS only.
    pub preloaded: &'a PreloadList,
}

/// The `Origin` that the Observatory sends.
pub const OBSERVATORY_ORIGIN: &str = "https://http-observatory.security.mozilla.org";

impl<'a> Site<'a> {
    /// A response that came over HTTPS directly, if its URL says so.
    ///
    /// ```
    /// use cspc_core::grade::{PreloadList, Site, grade};
    /// let preloaded = PreloadList::default();
    /// let url = "https://shop.example/".parse().unwrap();
    /// let site = Site::new(url, vec![("X-Frame-Options".into(), "DENY".into())], "", &preloaded);
    /// assert_eq!(grade(&site).letter().as_str(), "C");
    /// ```
    pub fn new(
        url: Url,
        headers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
        html: &str,
        preloaded: &'a PreloadList,
    ) -> Self {
        let mut site = Self {
            url,
            headers,
            page: Page::default(),
            route: None,
            certificate_is_valid: true,
            origin: Cow::Borrowed(OBSERVATORY_ORIGIN),
            preloaded,
        };
        site.page = Page::read(site.first("content-type"), html);
        site
    }

    /// The values of all headers of this name.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let same =
            move |(found, _): &&(Cow<'a, str>, Cow<'a, str>)| found.eq_ignore_ascii_case(name);
        self.headers.iter().filter(same).map(|(_, value)| value.trim_matches([' ', '\t']))
    }

    /// The value of the first header of this name.
    pub(super) fn first<'s>(&'s self, name: &'s str) -> Option<&'s str> {
        self.all(name).next()
    }

    /// The value of the first header of this name, if it is not empty.
    pub(super) fn filled<'s>(&'s self, name: &'s str) -> Option<&'s str> {
        self.first(name).filter(|value| !value.is_empty())
    }

    /// Whether the page came over HTTPS.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The host of the page.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Puts this one header in the place of all of its name.
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<Cow<'a, str>>) {
        self.headers.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        self.headers.push((Cow::Borrowed(name), value.into()));
    }
}

/// What of a page matters for its grade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Whether the response is one.
    pub is_html: bool,
    /// Its `<script>` elements.
    pub scripts: Vec<Script>,
    /// The contents of `<meta http-equiv=Content-Security-Policy>`.
    pub policies: Vec<String>,
    /// The content of the last `<meta name=referrer>`.
    pub referrer: Option<String>,
}

/// A `<script>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// `src`, as written, if it is not empty.
    pub src: Option<String>,
    /// Whether `integrity` says anything.
    pub has_integrity: bool,
    /// Whether there is a `crossorigin`.
    pub has_crossorigin: bool,
}

impl Page {
    /// Reads a page. Where nothing says what it is, it is HTML.
    fn read(content_type: Option<&str>, html: &str) -> Self {
        let media_type = content_type.map(|value| value.split(';').next().unwrap_or_default());
        let is_html = media_type
            .is_none_or(|it| it.is_empty() || matches!(it, "text/html" | "application/xhtml+xml"));
        let mut page = Self { is_html, ..Self::default() };
        if is_html {
            for element in elements(html, &["script", "meta"]) {
                page.add(&element);
            }
        }
        page
    }

    fn add(&mut self, element: &Element) {
        let filled = |name| element.get(name).filter(|value| !value.is_empty());
        if element.name == "script" {
            self.scripts.push(Script {
                src: filled("src").map(str::to_owned),
                has_integrity: filled("integrity").is_some(),
                has_crossorigin: element.get("crossorigin").is_some(),
            });
            return;
        }
        let Some(content) = element.get("content") else { return };
        let is = |name, value: &str| {
            element.get(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
        };
        if element.get("http-equiv").is_some() {
            if is("http-equiv", "Content-Security-Policy") && !content.is_empty() {
                self.policies.push(content.to_owned());
            }
        } else if is("name", "referrer") && !content.is_empty() {
            self.referrer = Some(content.to_owned());
        }
    }
}
