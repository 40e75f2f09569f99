//! Routes: what is different for some paths.

use super::{Cors, Headers, Sources, Strategy, UsedService};
use crate::diagnostic::Location;
use crate::plan::Guard;

/// What is different for some paths.
#[derive(Clone, Debug)]
pub struct Route {
    /// Which.
    pub paths: RoutePaths,
    /// Where they are named.
    pub location: Location,
    /// How inline code is allowed there.
    pub strategy: Option<Strategy>,
    /// Whether policies only report there.
    pub report_only: Option<bool>,
    /// What pages there are to have in their policies beside the rest.
    pub sources: Sources,
    /// The third-party services that pages there use.
    pub services: Vec<UsedService>,
    /// Headers there.
    pub headers: Headers,
    /// Which other origins may read there.
    pub cors: Option<Cors>,
    /// Which requests are refused there, and where that is said.
    pub guard: Option<(Guard, Location)>,
}

impl Route {
    /// Whether it says something of policies, or of pages that match, so that there have to be some.
    pub fn needs_a_page(&self) -> bool {
        matches!(self.paths, RoutePaths::Glob(_))
            || self.strategy.is_some()
            || self.report_only.is_some()
            || !self.sources.is_empty()
            || !self.services.is_empty()
    }
}

/// The paths of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoutePaths {
    /// This one.
    Exact(String),
    /// This one and what lies under it.
    Prefix(String),
    /// Those of pages that match: `*` stands for any part of a segment, `**` for any number of segments.
    Glob(String),
}

impl RoutePaths {
    /// Whether a path, decoded and normalized, is one of them.
    ///
    /// ```
    /// use cspc_core::site::RoutePaths;
    /// let glob = RoutePaths::Glob("/blog/**/*.html".to_owned());
    /// assert!(glob.covers("/blog/a.html") && glob.covers("/blog/2026/11/a.html"));
    /// assert!(!glob.covers("/blog/a.txt") && !glob.covers("/a.html"));
    /// assert!(!RoutePaths::Prefix("/admin".to_owned()).covers("/administrator"));
    /// ```
    pub fn covers(&self, path: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == path,
            Self::Prefix(prefix) => {
                let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
                path.strip_prefix(prefix)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            Self::Glob(glob) => {
                let (glob, path): (Vec<&str>, Vec<&str>) =
                    (glob.split('/').collect(), path.split('/').collect());
                matches_with_gaps(
                    &glob,
                    &path,
                    |wanted| *wanted == "**",
                    |wanted, segment| {
                        let (wanted, segment): (Vec<char>, Vec<char>) =
                            (wanted.chars().collect(), segment.chars().collect());
                        matches_with_gaps(&wanted, &segment, |c| *c == '*', |a, b| a == b)
                    },
                )
            }
        }
    }
}

/// Whether a pattern in which some parts stand for any number of items matches items, in a time that is the product of
/// both lengths at most: only the last gap has ever to be widened.
fn matches_with_gaps<P, T>(
    pattern: &[P],
    items: &[T],
    is_gap: impl Fn(&P) -> bool,
    matches: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut item) = (0, 0);
    let mut last_gap: Option<(usize, usize)> = None;
    while let Some(current) = items.get(item) {
        match pattern.get(at) {
            Some(part) if is_gap(part) => {
                last_gap = Some((at, item));
                at += 1;
            }
            Some(part) if matches(part, current) => {
                at += 1;
                item += 1;
            }
            _ => {
                let Some((gap, start)) = last_gap else { return false };
                last_gap = Some((gap, start + 1));
                (at, item) = (gap + 1, start + 1);
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(is_gap)
}
