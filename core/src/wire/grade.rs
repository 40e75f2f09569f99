//! Captured responses and their grades in JSON.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::configuration::Asked;
use crate::csp::Delivery;
use crate::deployment::{Answer, Configuration};
use crate::diagnostic::Finding;
use crate::grade::{self, Change, Grade, PolicyFacts, PreloadList, Site, Slant};
use crate::lint::{self, Judged, Rule};
use crate::plan::{Answered, Plan, Scheme};
use crate::response::{Extent, Field, Response};
use crate::site::Requirement;

/// The value of [`Graded::schema`].
const SCHEMA: &str = "cspc.grade/1";

/// A response as it was captured.
///
/// ```
/// use cspc_core::{grade::PreloadList, wire::Captured};
/// let captured: Captured = serde_json::from_str(
///     r#"{"url":"https://shop.example/","headers":[["X-Frame-Options","DENY"]]}"#,
/// )?;
/// let graded = captured.graded(&PreloadList::default())?;
/// assert_eq!((graded.score, graded.grade), (50, "C"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
pub struct Captured {
    /// The URL that was asked for.
    #[serde(default = "example")]
    pub url: String,
    /// The response's headers, in order.
    #[serde(default)]
    headers: Headers,
    /// The page.
    #[serde(default, alias = "body")]
    pub html: Option<String>,
    /// The URLs from plain HTTP on; none at all if nothing answers there. Without them, HTTPS was asked directly.
    #[serde(default, alias = "chain")]
    hops: Option<Vec<HopText>>,
    /// Whether HTTPS answers; by default, whether the URL is one of HTTPS.
    #[serde(default)]
    pub https: Option<bool>,
    /// Whether the certificate was verified.
    #[serde(default)]
    pub verified: Option<bool>,
    /// The `Origin` that was sent.
    #[serde(default)]
    pub origin: Option<String>,
    /// Whether the URL only stands for one that is not known.
    #[serde(skip)]
    stands_in: bool,
    /// What it was read from, and its path there, which name it in place of such a URL.
    #[serde(skip)]
    input: Option<String>,
}

/// What stands for a URL that is not known.
const EXAMPLE: &str = "https://example.com/";

fn example() -> String {
    EXAMPLE.to_owned()
}

/// Headers as they may be written: pairs, objects, or a map.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "`[[\"Name\",\"value\"], …]`")]
enum Headers {
    Pairs(Vec<(String, String)>),
    Objects(Vec<HeaderText>),
    Map(BTreeMap<String, Values>),
}

impl Default for Headers {
    fn default() -> Self {
        Self::Pairs(Vec::new())
    }
}

#[derive(Clone, Debug, Deserialize)]
struct HeaderText {
    name: String,
    value: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Many(Vec<String>),
}

impl Values {
    const fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many.as_slice(),
        }
    }
}

/// A hop: its URL, alone or in an object.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a URL, or an object with the key `url`")]
enum HopText {
    Url(String),
    Object { url: String },
}

/// Why a captured response cannot be graded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no URL of the web: expected one that begins with `https://` or `http://`")]
pub struct CaptureError(String);

impl From<&Answer> for Captured {
    /// The policies of `<meta>` elements are read from the page again.
    fn from(answer: &Answer) -> Self {
        let sent = answer.fields.iter().filter(|field| field.delivery != Some(Delivery::Meta));
        let pairs = sent.map(|field| (field.name().into_owned(), field.text.clone()));
        Self {
            html: answer.html.clone(),
            ..Self::of(answer.name.as_deref().unwrap_or_default(), Headers::Pairs(pairs.collect()))
        }
    }
}

impl Captured {
    /// The response of a URL.
    pub fn new(url: String, headers: Vec<(String, String)>) -> Self {
        Self::of(&url, Headers::Pairs(headers))
    }

    /// Says where one gets who asks over plain HTTP: the URLs, in order; none if nothing answers.
    pub fn set_hops(&mut self, urls: impl Iterator<Item = String>) {
        self.hops = Some(urls.map(HopText::Url).collect());
    }

    /// Says what it was read from, which names it where its URL is not known.
    ///
    /// ```
    /// use cspc_core::{deployment::read_responses, wire::Captured};
    /// let document = read_responses("head.txt", "HTTP/2 200\nServer: nginx", None)?;
    /// let mut captured = Captured::from(&document.answers[0]);
    /// assert_eq!(captured.name(), "https://example.com/");
    /// captured.read_from(&document.name);
    /// assert_eq!(captured.name(), "head.txt");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_from(&mut self, document: &str) {
        let path = self.url.strip_prefix(EXAMPLE).filter(|_| self.stands_in);
        self.input = path.map(|path| match path {
            "" => document.to_owned(),
            path => format!("{document} /{path}"),
        });
    }

    /// What tells it apart: what it was read from, or else its URL.
    pub fn name(&self) -> &str {
        self.input.as_deref().unwrap_or(&self.url)
    }

    /// The response of a URL, or of a path of some site.
    fn of(place: &str, headers: Headers) -> Self {
        let stands_in = place.is_empty() || place.starts_with('/');
        let url = match stands_in {
            true => example() + place.strip_prefix('/').unwrap_or_default(),
            false => place.to_owned(),
        };
        let (html, hops, https, verified, origin) = (None, None, None, None, None);
        Self { url, headers, html, hops, https, verified, origin, stands_in, input: None }
    }

    /// The responses of a plan: to its start page, and to each path that a rule names.
    pub fn of_plan(plan: &Plan) -> Vec<Self> {
        let named = plan.rules.iter().flat_map(|rule| &rule.matches.exact).map(String::as_str);
        let paths: BTreeSet<&str> = named.chain(["/"]).collect();
        let origin = plan.origin.as_deref().unwrap_or_default();
        let response = |path: &str| {
            let headers = plan.headers_of(Answered::page(path)).into_iter();
            let pairs = headers.map(|header| (header.name.to_string(), header.value.to_string()));
            Self::of(&format!("{origin}{path}"), Headers::Pairs(pairs.collect()))
        };
        paths.into_iter().map(response).collect()
    }

    /// The headers, in order.
    pub fn headers(&self) -> Vec<(&str, &str)> {
        match &self.headers {
            Headers::Pairs(pairs) => {
                pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
            }
            Headers::Objects(objects) => {
                objects.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect()
            }
            Headers::Map(map) => map
                .iter()
                .flat_map(|(name, all)| {
                    all.as_slice().iter().map(move |it| (name.as_str(), it.as_str()))
                })
                .collect(),
        }
    }

    /// The start pages of a server's configuration, one a site: what is sent from `/`.
    pub fn of_configuration(configuration: &Configuration) -> Vec<Self> {
        let over = |scheme| configuration.asked(&Asked { scheme, ..Asked::page("/") });
        let places = Some(over(Scheme::Https)).filter(|places| !places.is_empty());
        let places = places.unwrap_or_else(|| over(Scheme::Http)).into_iter();
        let captured = places.map(|place| {
            let pairs = place.sent.into_iter().map(|sent| (sent.name, sent.value)).collect();
            let url = Url::parse(&place.site).ok();
            let url = url.filter(|url| !matches!(url.host_str(), None | Some("*")));
            let url = url.map(|url| url.to_string()).unwrap_or_default();
            Self::of(&url, Headers::Pairs(pairs))
        });
        captured.collect()
    }

    /// The response as rules take it.
    pub fn response(&self) -> Response<'_> {
        let headers = self.headers().into_iter();
        let mut fields: Vec<Field<'_>> =
            headers.map(|(name, value)| Field::header(name, value)).collect();
        let page = |html| Field::Page { html, url: Some(self.url.as_str()) };
        fields.extend(self.html.as_deref().map(page));
        Response { fields, extent: Extent::Head }
    }

    /// What the rules that `wants` a rule find in it, and what is not as it is demanded to be. The place of a finding is
    /// in its header's value, or in the page.
    ///
    /// ```
    /// use cspc_core::wire::Captured;
    /// let captured: Captured = serde_json::from_str(
    ///     r#"{"url":"https://shop.example/","headers":[["Server","nginx/1.18.0"]]}"#,
    /// )?;
    /// let found = captured.findings(&[], |rule| rule.id == "leak/server-version");
    /// assert_eq!(found[0].location.as_ref().map(|at| at.path.as_str()), Some("https://shop.example/"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn findings(
        &self,
        requirements: &[Requirement],
        wants: impl Fn(&Rule) -> bool,
    ) -> Vec<Finding> {
        let judged = lint::judged(&self.response(), requirements, wants);
        let named = judged.into_iter().map(|Judged { mut finding, .. }| {
            finding.location.iter_mut().for_each(|at| at.path.clone_from(&self.url));
            finding
        });
        named.collect()
    }

    /// The response as it is graded.
    ///
    /// # Errors
    /// [`CaptureError`] for a URL that is none of the web.
    pub fn site<'a>(&'a self, preloaded: &'a PreloadList) -> Result<Site<'a>, CaptureError> {
        let mut url = web_url(&self.url)?;
        if let Some(https) = self.https {
            // It does not fail from one scheme of the web to the other.
            let _ = url.set_scheme(if https { "https" } else { "http" });
        }
        let headers = self.headers().into_iter();
        let headers = headers.map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value)));
        let html = self.html.as_deref().unwrap_or_default();
        let mut site = Site::new(url, headers.collect(), html, preloaded);
        let hop = |hop: &HopText| match hop {
            HopText::Url(url) | HopText::Object { url } => web_url(url),
        };
        site.route = self.hops.as_ref().map(|hops| hops.iter().map(hop).collect()).transpose()?;
        site.certificate_is_valid = self.verified.unwrap_or(true);
        if let Some(origin) = &self.origin {
            site.origin = Cow::Borrowed(origin);
        }
        Ok(site)
    }

    /// Its grade.
    ///
    /// # Errors
    /// [`CaptureError`] for a URL that is none of the web.
    pub fn graded(&self, preloaded: &PreloadList) -> Result<Graded, CaptureError> {
        Ok(Graded { input: self.input.clone(), ..Graded::of(&self.site(preloaded)?) })
    }
}

fn web_url(text: &str) -> Result<Url, CaptureError> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| CaptureError(text.to_owned()))
}

/// A grade, in the format `cspc.grade/1`.
#[derive(Clone, Debug, Serialize)]
pub struct Graded {
    /// Always `cspc.grade/1`.
    pub schema: &'static str,
    /// The URL that was asked for.
    pub url: String,
    /// What it was read from, where the URL only stands for one that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// The score.
    pub score: i32,
    /// The grade for it.
    pub grade: &'static str,
    /// What each test found.
    pub tests: Vec<Tested>,
    /// What the Observatory says of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyFacts>,
    /// Where the score misleads.
    pub readings: Vec<Remark>,
    /// The shortest list of changes to the best grade.
    pub to_top: Vec<ToDo>,
}

/// What a test found.
#[derive(Clone, Debug, Serialize)]
pub struct Tested {
    /// The test's name.
    pub name: &'static str,
    /// The result's name.
    pub result: &'static str,
    /// Whether it passes.
    pub pass: bool,
    /// The points that it gives or takes.
    pub modifier: i32,
    /// The same in words.
    pub why: &'static str,
    #[serde(skip)]
    title: &'static str,
}

impl Tested {
    /// The test's name for people.
    pub const fn title(&self) -> &'static str {
        self.title
    }
}

/// A place where the score misleads.
#[derive(Clone, Debug, Serialize)]
pub struct Remark {
    /// The test's name.
    pub test: &'static str,
    /// `blind` for a weakness that costs nothing, `unfair` for what costs points and is none.
    pub slant: &'static str,
    /// What is the matter.
    pub message: String,
}

/// A change, and what it gains.
#[derive(Clone, Debug, Serialize)]
pub struct ToDo {
    /// What to do.
    pub change: String,
    /// The points that it gains after those before it.
    pub gain: i32,
    /// The lines of a server's configuration that do it, where a server was named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    #[serde(skip)]
    what: Change,
}

impl ToDo {
    /// The change itself.
    pub const fn what(&self) -> &Change {
        &self.what
    }
}

impl Graded {
    /// What tells it apart: what it was read from, or else its URL.
    pub fn name(&self) -> &str {
        self.input.as_deref().unwrap_or(&self.url)
    }

    /// Grades a site, with all that there is to say.
    pub fn of(site: &Site<'_>) -> Self {
        let grade = grade::grade(site);
        let readings = grade::readings(site, &grade).into_iter().map(|reading| Remark {
            test: reading.test.name(),
            slant: match reading.slant {
                Slant::Blind => "blind",
                Slant::Unfair => "unfair",
            },
            message: reading.message.into_owned(),
        });
        let to_top = grade::to_top(site).into_iter().map(|step| ToDo {
            change: step.change.text(),
            gain: step.gain,
            lines: Vec::new(),
            what: step.change,
        });
        Self {
            schema: SCHEMA,
            url: site.url.to_string(),
            input: None,
            score: grade.score(),
            grade: grade.letter().as_str(),
            tests: tests(&grade),
            policy: grade.policy,
            readings: readings.collect(),
            to_top: to_top.collect(),
        }
    }
}

fn tests(grade: &Grade) -> Vec<Tested> {
    let tested = |outcome: grade::Outcome| Tested {
        name: outcome.test().name(),
        result: outcome.name(),
        pass: outcome.passes(),
        modifier: outcome.modifier(),
        why: outcome.why(),
        title: outcome.test().title(),
    };
    grade.outcomes.into_iter().map(tested).collect()
}
