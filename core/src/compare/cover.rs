//! Which of many patterns cover another one, found without looking at all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::{Pattern, Port, Site};

/// Patterns by scheme, in lower case: what covers another has its scheme, or the insecure variant of it.
#[derive(Debug, Default)]
pub(super) struct Cover<'a>(BTreeMap<String, BySite<'a>>);

/// Patterns of one scheme.
#[derive(Debug, Default)]
struct BySite<'a> {
    /// Whether there is one without a host.
    everywhere: bool,
    /// The others by host, in lower case; those with a wildcard by what stands behind `*`.
    hosts: BTreeMap<String, ByPath<'a>>,
    parents: BTreeMap<String, ByPath<'a>>,
    /// How long the parents are.
    lengths: BTreeSet<usize>,
}

/// Patterns of one host.
#[derive(Debug, Default)]
struct ByPath<'a> {
    patterns: BTreeMap<(&'a str, Port), Pattern<'a>>,
    /// How long the paths are that end with a slash.
    directories: BTreeSet<usize>,
}

impl<'a> Cover<'a> {
    pub(super) fn of(patterns: impl IntoIterator<Item = Pattern<'a>>) -> Self {
        let mut cover = Self::default();
        patterns.into_iter().for_each(|pattern| cover.add(pattern));
        cover
    }

    pub(super) fn add(&mut self, pattern: Pattern<'a>) {
        let by_site = self.0.entry(pattern.scheme.to_ascii_lowercase()).or_default();
        match pattern.site {
            Some(site) => by_site.add(pattern, site),
            None => by_site.everywhere = true,
        }
    }

    /// Whether one of them covers it.
    pub(super) fn covers(&self, pattern: Pattern<'a>) -> bool {
        let scheme = pattern.scheme.to_ascii_lowercase();
        let insecure = match scheme.as_str() {
            "https" => "http",
            "wss" => "ws",
            other => other,
        };
        let mut found = [scheme.as_str(), insecure].into_iter().filter_map(|it| self.0.get(it));
        found.any(|by_site| by_site.covers(pattern))
    }
}

impl<'a> BySite<'a> {
    fn add(&mut self, pattern: Pattern<'a>, site: Site<'a>) {
        let by_host = match site.host.strip_prefix('*') {
            Some(parent) => {
                self.lengths.insert(parent.len());
                self.parents.entry(parent.to_ascii_lowercase())
            }
            None => self.hosts.entry(site.host.to_ascii_lowercase()),
        };
        let by_path = by_host.or_default();
        if site.path.ends_with('/') {
            by_path.directories.insert(site.path.len());
        }
        by_path.patterns.entry((site.path, site.port)).or_insert(pattern);
    }

    fn covers(&self, pattern: Pattern<'a>) -> bool {
        let Some(site) = pattern.site.filter(|_| !self.everywhere) else { return self.everywhere };
        let host = site.host.to_ascii_lowercase();
        let parents = self
            .lengths
            .iter()
            .filter_map(|length| self.parents.get(host.get(host.len().checked_sub(*length)?..)?));
        parents.chain(self.hosts.get(&host)).any(|by_path| by_path.covers(pattern, site.path))
    }
}

impl<'a> ByPath<'a> {
    fn covers(&self, pattern: Pattern<'a>, path: &'a str) -> bool {
        let directories = self.directories.iter().filter_map(|length| path.get(..*length));
        let ports = pattern.covering_ports();
        let mut candidates = directories.chain(["", "/", path]).flat_map(|path| {
            ports.into_iter().filter_map(move |port| self.patterns.get(&(path, port)))
        });
        candidates.any(|wide| wide.covers(pattern))
    }
}
