//! What every server needs first: the plan turned from rules with headers to headers with changes.

use std::collections::{BTreeMap, BTreeSet};

use super::EmitError;
use crate::header::Origin;
use crate::plan::{Guard, Header, Match, Op, Plan, Rule, Scheme, StatusMatch};

/// Headers that servers write last, from what they know about the message.
const OWNED: [&str; 7] = [
    "server",
    "date",
    "content-type",
    "content-length",
    "connection",
    "transfer-encoding",
    "location",
];

/// The paths that a rule covers.
#[derive(Debug)]
pub(super) enum Paths<'a> {
    /// All of them.
    Any,
    /// Just these.
    Exact(BTreeSet<&'a str>),
    /// Those that begin with one of the first (where there are some) and end with one of the second.
    Ends { prefix: &'a [String], suffix: &'a [String] },
}

/// Where a rule holds; the scheme is in the [`Change`].
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) rule: usize,
    pub(super) paths: Paths<'a>,
    pub(super) types: &'a [String],
    pub(super) status: Option<&'a StatusMatch>,
}

/// Where a part of a rule holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scope<'a> {
    /// Index in [`Site::places`]; `None` for everywhere.
    pub(super) place: Option<usize>,
    pub(super) scheme: Option<Scheme>,
    /// The values of the request's `Origin`; none if it does not matter.
    pub(super) origins: &'a [Origin],
}

impl Scope<'_> {
    pub(super) const fn is_always(self) -> bool {
        self.place.is_none() && self.scheme.is_none() && self.origins.is_empty()
    }
}

/// One thing that is done to a header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) op: Op,
    pub(super) value: &'a str,
}

/// A guard, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guarded<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) guard: Guard,
}

/// All that is done to a header, in the plan's order.
#[derive(Debug)]
pub(super) struct HeaderChanges<'a> {
    pub(super) name: &'a str,
    pub(super) changes: Vec<Change<'a>>,
    /// Where in `changes` those of each place stand.
    by_place: BTreeMap<Option<usize>, Vec<usize>>,
}

impl<'a> HeaderChanges<'a> {
    /// Drops what stands before a change that always replaces, as nobody can see it, and finds the places.
    fn finish(&mut self) {
        let replaces = |change: &Change<'_>| change.op != Op::Add && change.scope.is_always();
        if let Some(last) = self.changes.iter().rposition(replaces) {
            self.changes.drain(..last);
        }
        for (index, change) in self.changes.iter().enumerate() {
            self.by_place.entry(change.scope.place).or_default().push(index);
        }
    }

    /// The changes of one place alone.
    pub(super) fn of(&self, place: usize) -> impl Iterator<Item = &Change<'a>> {
        let indexes = self.by_place.get(&Some(place)).into_iter().flatten();
        indexes.filter_map(|index| self.changes.get(*index))
    }

    /// The changes where just these places hold, those for everywhere included, in the plan's order.
    pub(super) fn at(&self, places: &[usize]) -> impl Iterator<Item = &Change<'a>> {
        let keys = std::iter::once(None).chain(places.iter().copied().map(Some));
        let mut indexes: Vec<usize> =
            keys.filter_map(|key| self.by_place.get(&key)).flatten().copied().collect();
        indexes.sort_unstable();
        indexes.into_iter().filter_map(|index| self.changes.get(index))
    }
}

/// A plan, by header.
#[derive(Debug)]
pub(super) struct Site<'a> {
    pub(super) places: Vec<Place<'a>>,
    pub(super) headers: Vec<HeaderChanges<'a>>,
    /// The guards, of which the last one that holds for a request decides; none if nothing is refused.
    pub(super) guards: Vec<Guarded<'a>>,
}

impl<'a> Site<'a> {
    pub(super) fn new(plan: &'a Plan) -> Result<Self, EmitError> {
        let mut site = Self { places: Vec::new(), headers: Vec::new(), guards: Vec::new() };
        for name in &plan.hide {
            let remove = Change { scope: Scope::default(), op: Op::Remove, value: "" };
            site.push(name.as_str(), remove)?;
        }
        for (index, rule) in plan.rules.iter().enumerate() {
            site.add_rule(index, rule)?;
        }
        site.headers.iter_mut().for_each(HeaderChanges::finish);
        let always = site.guards.iter().rposition(|guarded| guarded.scope.is_always());
        site.guards.drain(..always.unwrap_or_default());
        if site.guards.iter().all(|guarded| guarded.guard.is_open()) {
            site.guards.clear();
        }
        Ok(site)
    }

    fn add_rule(&mut self, index: usize, rule: &'a Rule) -> Result<(), EmitError> {
        rule.check().map_err(|error| EmitError::Plan { rule: index, error })?;
        let Some(place) = place(index, &rule.matches) else { return Ok(()) };
        let everywhere =
            matches!(place.paths, Paths::Any) && place.types.is_empty() && place.status.is_none();
        let number = (!everywhere).then_some(self.places.len());
        if !everywhere {
            self.places.push(place);
        }
        let Match { scheme, origin, .. } = &rule.matches;
        let scope = Scope { place: number, scheme: *scheme, origins: origin };
        self.guards.extend(rule.guard.map(|guard| Guarded { scope, guard }));
        rule.headers.iter().try_for_each(|header| self.add_header(scope, header))
    }

    fn add_header(&mut self, rule: Scope<'a>, header: &'a Header) -> Result<(), EmitError> {
        let name = header.name.as_str();
        if OWNED.iter().any(|owned| owned.eq_ignore_ascii_case(name)) {
            return Err(EmitError::Owned(name.to_owned()));
        }
        let scheme = match (rule.scheme, header.scheme) {
            (Some(one), Some(other)) if one != other => return Ok(()),
            (one, other) => one.or(other),
        };
        let scope = Scope { scheme, ..rule };
        self.push(name, Change { scope, op: header.op, value: header.value.as_str() })
    }

    fn push(&mut self, name: &'a str, change: Change<'a>) -> Result<(), EmitError> {
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return Err(EmitError::Name(name.to_owned()));
        }
        match self.headers.iter_mut().find(|header| header.name.eq_ignore_ascii_case(name)) {
            Some(header) => header.changes.push(change),
            None => self.headers.push(HeaderChanges {
                name,
                changes: vec![change],
                by_place: BTreeMap::new(),
            }),
        }
        Ok(())
    }

    /// The pages that rules name, by all the rules that hold for them.
    pub(super) fn pages(&self) -> BTreeMap<Vec<usize>, Vec<&'a str>> {
        let mut pages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for place in &self.places {
            if let Paths::Exact(paths) = &place.paths {
                pages.extend(paths.iter().map(|path| (*path, Vec::new())));
            }
        }
        for (index, place) in self.places.iter().enumerate() {
            match &place.paths {
                Paths::Exact(paths) => {
                    for path in paths {
                        pages.entry(path).or_default().push(index);
                    }
                }
                paths => {
                    let covered = pages.iter_mut().filter(|(path, _)| paths.covers(path));
                    covered.for_each(|(_, places)| places.push(index));
                }
            }
        }
        let mut kinds: BTreeMap<Vec<usize>, Vec<&str>> = BTreeMap::new();
        for (path, places) in pages {
            kinds.entry(places).or_default().push(path);
        }
        kinds
    }

    /// Where headers are changed and guards stand.
    pub(super) fn scopes(&self) -> impl Iterator<Item = Scope<'a>> {
        let changes = self.headers.iter().flat_map(|header| &header.changes);
        let guards = self.guards.iter().map(|guarded| guarded.scope);
        changes.map(|change| change.scope).chain(guards)
    }

    pub(super) fn place(&self, scope: Scope<'_>) -> Option<&Place<'a>> {
        scope.place.and_then(|index| self.places.get(index))
    }
}

/// `None` if nothing can match.
fn place(rule: usize, matches: &Match) -> Option<Place<'_>> {
    let paths = paths(matches)?;
    Some(Place { rule, paths, types: &matches.media_type, status: matches.status.as_ref() })
}

/// Exact paths that the other keys rule out are left out here, so that no server has to ask twice.
fn paths(matches: &Match) -> Option<Paths<'_>> {
    let Match { exact, prefix, suffix, .. } = matches;
    if exact.is_empty() {
        let any = prefix.is_empty() && suffix.is_empty();
        return Some(if any { Paths::Any } else { Paths::Ends { prefix, suffix } });
    }
    let begins = |path: &&str| prefix.is_empty() || prefix.iter().any(|p| covers(p, path));
    let ends = |path: &&str| suffix.is_empty() || suffix.iter().any(|s| path.ends_with(s.as_str()));
    let exact: BTreeSet<&str> =
        exact.iter().map(String::as_str).filter(begins).filter(ends).collect();
    (!exact.is_empty()).then_some(Paths::Exact(exact))
}

impl Paths<'_> {
    /// Whether this path is one of them.
    pub(super) fn covers(&self, path: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(paths) => paths.contains(path),
            Self::Ends { prefix, suffix } => {
                (prefix.is_empty() || prefix.iter().any(|prefix| covers(prefix, path)))
                    && (suffix.is_empty() || suffix.iter().any(|end| path.ends_with(end.as_str())))
            }
        }
    }
}

/// Whether `path` is `prefix` or lies under it.
pub(super) fn covers(prefix: &str, path: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'))
}

impl Place<'_> {
    /// Whether it asks for the end of a path.
    pub(super) fn has_suffix(&self) -> bool {
        matches!(&self.paths, Paths::Ends { suffix, .. } if !suffix.is_empty())
    }

    /// What an administrator reads about it.
    pub(super) fn describe(&self) -> String {
        let mut parts = vec![format!("rules[{}] of the plan", self.rule)];
        match &self.paths {
            Paths::Any => {}
            Paths::Exact(paths) => parts.push(format!("{} paths", paths.len())),
            Paths::Ends { prefix, suffix } => {
                let ends = |count: usize, what: &str| {
                    (count > 0).then(|| format!("paths by {what} ({count})"))
                };
                parts.extend(ends(prefix.len(), "prefix"));
                parts.extend(ends(suffix.len(), "suffix"));
            }
        }
        if !self.types.is_empty() {
            parts.push("by media type".to_owned());
        }
        parts.extend(self.status.map(|_status| "by status".to_owned()));
        parts.join(", ")
    }
}
