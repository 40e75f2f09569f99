//! A rule: which responses get which headers.

use serde::{Deserialize, Serialize};

use super::check::{self, PlanError};
use super::guard::Guard;
use super::header::{Header, Scheme};
use super::read;
use super::status::StatusMatch;
use crate::header::Origin;

/// Headers for the responses that match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which responses.
    #[serde(rename = "match", default)]
    pub matches: Match,
    /// What they get.
    #[serde(deserialize_with = "read::headers")]
    pub headers: Vec<Header>,
    /// Which requests are refused there; of several rules that match, the last one with a guard decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
}

/// Which responses a rule covers: all that is given must hold. The empty one covers everything, errors included.
///
/// Paths are those that the client asked for, percent-decoded and normalized, whatever page the server answers with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// One of these paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "read::paths")]
    pub exact: Vec<String>,
    /// One of these paths or what lies under it: `/admin` covers `/admin` and `/admin/x`, not `/administrator`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "read::paths")]
    pub prefix: Vec<String>,
    /// The path ends with one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "read::suffixes")]
    pub suffix: Vec<String>,
    /// The response has one of these media types; parameters and case are ignored.
    #[serde(
        rename = "type",
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "read::media_types"
    )]
    pub media_type: Vec<String>,
    /// The response's status.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read::statuses")]
    pub status: Option<StatusMatch>,
    /// How the client asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
    /// The request's `Origin` is one of these, letter for letter.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "read::origins")]
    pub origin: Vec<Origin>,
}

impl Match {
    /// Whether it covers this response.
    pub fn covers(&self, response: Answered<'_>) -> bool {
        let Answered { path, media_type, status, scheme, origin } = response;
        let any = |texts: &[String], holds: &dyn Fn(&str) -> bool| {
            texts.is_empty() || texts.iter().any(|text| holds(text))
        };
        any(&self.exact, &|exact| path == exact)
            && any(&self.prefix, &|prefix| is_below(path, prefix))
            && any(&self.suffix, &|suffix| path.ends_with(suffix))
            && any(&self.media_type, &|wanted| media_type.eq_ignore_ascii_case(wanted))
            && self.status.as_ref().is_none_or(|wanted| wanted.covers(status))
            && self.scheme.is_none_or(|wanted| wanted == scheme)
            && (self.origin.is_empty()
                || origin.is_some_and(|asks| self.origin.iter().any(|own| own.as_str() == asks)))
    }

    /// Whether it covers every response.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether a path is this one, or lies under it.
fn is_below(path: &str, prefix: &str) -> bool {
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Rule {
    /// Headers for the responses that match.
    pub const fn new(matches: Match, headers: Vec<Header>) -> Self {
        Self { matches, headers, guard: None }
    }

    /// Checks what the types cannot hold. What serde reads has been through it already.
    ///
    /// # Errors
    /// The first thing that makes no sense.
    pub fn check(&self) -> Result<(), PlanError> {
        let matches = &self.matches;
        matches.exact.iter().chain(&matches.prefix).try_for_each(|path| check::path(path))?;
        matches.suffix.iter().try_for_each(|suffix| check::suffix(suffix))?;
        matches.media_type.iter().try_for_each(|media_type| check::media_type(media_type))?;
        matches.status.iter().try_for_each(check::status)?;
        if self.guard.is_some() && (!matches.media_type.is_empty() || matches.status.is_some()) {
            return Err(PlanError::GuardByResponse);
        }
        self.headers.iter().try_for_each(check::header)
    }
}

/// A response and its request, as far as a [`Match`] asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered<'a> {
    /// The path that the client asked for, percent-decoded and normalized.
    pub path: &'a str,
    /// The media type, without parameters.
    pub media_type: &'a str,
    /// The status.
    pub status: u16,
    /// How the client asked.
    pub scheme: Scheme,
    /// The request's `Origin`, if it has one.
    pub origin: Option<&'a str>,
}

impl<'a> Answered<'a> {
    /// A page that is there, asked for over HTTPS by no page of elsewhere.
    pub const fn page(path: &'a str) -> Self {
        let (media_type, scheme, origin) = ("text/html", Scheme::Https, None);
        Self { path, media_type, status: 200, scheme, origin }
    }
}
