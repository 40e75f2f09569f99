//! Guards against requests that pages of other sites make.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::header::Origin;

/// The methods of requests that change nothing (RFC 9110, section 9.2.1), as far as pages can make such requests.
pub const SAFE_METHODS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// Which requests are answered with 403 of those that change something: by `Sec-Fetch-Site` (Fetch Metadata, section 2.3),
/// and where the browser sends none, by `Origin`, which has to be the site's own then.
///
/// ```
/// use cspc_core::plan::{Guard, Initiator, Unmarked};
/// let guard: Guard = serde_json::from_str(r#"{"allow": "same-site"}"#).unwrap();
/// assert_eq!(guard, Guard { allow: Initiator::SameSite, unmarked: Unmarked::Pass });
/// assert_eq!(guard.sites(), ["same-origin", "none", "same-site"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// Whose pages may make such requests.
    pub allow: Initiator,
    /// What becomes of those that do not say who made them.
    #[serde(default, skip_serializing_if = "Unmarked::passes")]
    pub unmarked: Unmarked,
}

/// Whose pages may make requests that change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Initiator {
    /// The site's own.
    SameOrigin,
    /// Those of other hosts under the same registrable domain as well.
    SameSite,
    /// Everybody's: there is no guard.
    CrossSite,
}

/// What becomes of requests with neither `Sec-Fetch-Site` nor `Origin`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unmarked {
    /// They pass: browsers have sent `Origin` with such requests of other origins since 2020, so that what sends neither
    /// is no browser, and has no cookies that a page could make it send.
    #[default]
    Pass,
    /// They are refused.
    Refuse,
}

/// A word for each guard, by which servers keep which one holds.
impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.allow {
            Initiator::SameOrigin => "same-origin",
            Initiator::SameSite => "same-site",
            Initiator::CrossSite => "cross-site",
        })?;
        f.write_str(if self.unmarked.passes() { "" } else { "-marked" })
    }
}

impl Unmarked {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
    fn passes(&self) -> bool {
        *self == Self::Pass
    }
}

impl Guard {
    /// Whether it refuses nothing.
    pub const fn is_open(self) -> bool {
        matches!(self.allow, Initiator::CrossSite)
    }

    /// The values of `Sec-Fetch-Site` that pass; `none` is a request by the user, such as from the address bar.
    pub const fn sites(self) -> &'static [&'static str] {
        match self.allow {
            Initiator::SameOrigin => &["same-origin", "none"],
            Initiator::SameSite => &["same-origin", "none", "same-site"],
            Initiator::CrossSite => &["same-origin", "none", "same-site", "cross-site"],
        }
    }

    /// The values of `Origin` that pass where there is no `Sec-Fetch-Site`, the empty text for a missing one; `own` is the
    /// site's origin.
    pub fn origins(self, own: &Origin) -> Vec<&str> {
        let missing = self.unmarked.passes().then_some("");
        missing.into_iter().chain([own.as_str()]).collect()
    }
}
