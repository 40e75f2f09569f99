//! What hosts of files and routers need: not the steps of the plan, but what comes out of them for each path.

use std::collections::BTreeSet;

use super::lines::{Change, HeaderChanges, Paths, Place, Site, covers};
use super::{EmitError, Server};
use crate::plan::{Op, Scheme};

/// Paths that one block of a configuration is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pattern<'a> {
    /// All of them.
    Everything,
    /// This one.
    Exact(&'a str),
    /// This one and what lies under it; without a slash at its end.
    Below(&'a str),
    /// Those that end so.
    Ending(&'a str),
    /// Those under the first that end with the second.
    Between(&'a str, &'a str),
}

/// What becomes of a header in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has this value.
    Set(String),
    /// It has this value beside what it had.
    Add(String),
    /// It is not sent.
    Remove,
}

/// A header, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Effect<'a> {
    pub(super) name: &'a str,
    pub(super) outcome: Outcome,
    /// Whether it is for HTTPS only.
    pub(super) https: bool,
}

impl Effect<'_> {
    /// The value; empty where there is none.
    pub(super) fn value(&self) -> &str {
        match &self.outcome {
            Outcome::Set(value) | Outcome::Add(value) => value,
            Outcome::Remove => "",
        }
    }
}

/// A pattern, and what becomes of the headers there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    pub(super) pattern: Pattern<'a>,
    pub(super) effects: Vec<Effect<'a>>,
}

/// Blocks for hosts that apply every block that matches, the later over the earlier: everything, then the rules in
/// the plan's order, then single pages with what all rules together make of them.
pub(super) fn overriding<'a>(site: &Site<'a>, server: Server) -> Result<Vec<Block<'a>>, EmitError> {
    let mut blocks = vec![Block { pattern: Pattern::Everything, effects: effects(site, &[]) }];
    for (index, place) in site.places.iter().enumerate() {
        let effects: Vec<Effect<'a>> = site
            .headers
            .iter()
            .filter_map(|header| effect(header.name, header.of(index)))
            .collect();
        let block = |pattern| Block { pattern, effects: effects.clone() };
        blocks.extend(patterns(place).into_iter().map(block));
    }
    for (places, paths) in site.pages() {
        let is_changed = |header: &&HeaderChanges<'a>| {
            places.iter().any(|place| header.of(*place).next().is_some())
        };
        let changed = site.headers.iter().filter(is_changed);
        let effects: Vec<Effect<'a>> =
            changed.filter_map(|header| effect(header.name, header.at(&places))).collect();
        let block = |path| Block { pattern: Pattern::Exact(path), effects: effects.clone() };
        blocks.extend(paths.into_iter().map(block));
    }
    finished(blocks, server)
}

/// Blocks for routers, of which the first that matches counts alone: the most specific first, each with all that it
/// sends.
pub(super) fn complete<'a>(site: &Site<'a>, server: Server) -> Result<Vec<Block<'a>>, EmitError> {
    let mut blocks = Vec::new();
    for (places, paths) in site.pages() {
        let effects = effects(site, &places);
        let block = |path| Block { pattern: Pattern::Exact(path), effects: effects.clone() };
        blocks.extend(paths.into_iter().map(block));
    }
    let mut open: Vec<Pattern<'a>> = site.places.iter().flat_map(patterns).collect();
    open.sort_unstable_by_key(|pattern| (std::cmp::Reverse(pattern.length()), *pattern));
    open.dedup();
    let ending = |pattern: &Pattern<'_>| matches!(pattern, Pattern::Ending(_));
    if open.iter().any(ending) && !open.iter().all(ending) {
        return Err(EmitError::Unwritable {
            server,
            name: "prefix".to_owned(),
            what: "rules by prefix beside rules by suffix, which overlap",
            help: "use one of the two",
        });
    }
    for pattern in open {
        let holds = |place: &Place<'a>| patterns(place).iter().any(|p| p.includes(pattern));
        let places = site.places.iter().enumerate().filter(|(_, place)| holds(place));
        let places: Vec<usize> = places.map(|(index, _)| index).collect();
        blocks.push(Block { pattern, effects: effects(site, &places) });
    }
    blocks.push(Block { pattern: Pattern::Everything, effects: effects(site, &[]) });
    finished(blocks, server)
}

fn finished(mut blocks: Vec<Block<'_>>, server: Server) -> Result<Vec<Block<'_>>, EmitError> {
    blocks.retain(|block| !block.effects.is_empty());
    let mut seen = BTreeSet::new();
    if let Some(twice) = blocks.iter().find(|block| !seen.insert(block.pattern)) {
        return Err(EmitError::Unwritable {
            server,
            name: format!("{:?}", twice.pattern),
            what: "two rules for one pattern",
            help: "join them",
        });
    }
    let limit = server.capability().rules.unwrap_or(usize::MAX);
    if blocks.len() > limit {
        return Err(EmitError::TooManyRules {
            server,
            count: blocks.len(),
            limit,
            help: "give folders of pages one policy, by prefix, or send the headers from a server in front",
        });
    }
    Ok(blocks)
}

impl<'a> Pattern<'a> {
    fn length(self) -> usize {
        match self {
            Self::Everything => 0,
            Self::Exact(text) | Self::Below(text) | Self::Ending(text) => text.len(),
            Self::Between(prefix, suffix) => prefix.len() + suffix.len(),
        }
    }

    /// Whether it covers all that the other does.
    fn includes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Below(large), Self::Below(small) | Self::Between(small, _)) => {
                covers(large, small)
            }
            (Self::Ending(end), Self::Ending(whole) | Self::Between(_, whole)) => {
                whole.ends_with(end)
            }
            _ => self == other,
        }
    }

    /// As a person would say it.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Everything => "everything".to_owned(),
            Self::Exact(path) => path.to_owned(),
            Self::Below(prefix) => format!("{prefix}/ and what lies under it"),
            Self::Ending(suffix) => format!("paths that end with {suffix}"),
            Self::Between(prefix, suffix) => {
                format!("paths under {prefix}/ that end with {suffix}")
            }
        }
        .replace(|c: char| c.is_control(), "?")
    }
}

/// The patterns of a rule by prefix or suffix.
fn patterns<'a>(place: &Place<'a>) -> Vec<Pattern<'a>> {
    let Paths::Ends { prefix, suffix } = place.paths else { return Vec::new() };
    let trimmed = |prefix: &'a String| prefix.strip_suffix('/').unwrap_or(prefix);
    match (prefix.is_empty(), suffix.is_empty()) {
        (_, true) => prefix.iter().map(|prefix| Pattern::Below(trimmed(prefix))).collect(),
        (true, false) => suffix.iter().map(|suffix| Pattern::Ending(suffix)).collect(),
        (false, false) => prefix
            .iter()
            .flat_map(|p| suffix.iter().map(move |s| Pattern::Between(trimmed(p), s)))
            .collect(),
    }
}

/// What the changes make of each header where just these places hold.
fn effects<'a>(site: &Site<'a>, places: &[usize]) -> Vec<Effect<'a>> {
    site.headers.iter().filter_map(|header| effect(header.name, header.at(places))).collect()
}

/// What changes make of a header. Hosts answer over HTTPS; what is for HTTP alone is left out.
fn effect<'a, 'c>(
    name: &'a str,
    changes: impl Iterator<Item = &'c Change<'a>>,
) -> Option<Effect<'a>>
where
    'a: 'c,
{
    let mut effect: Option<Effect<'a>> = None;
    for change in changes.filter(|change| change.scope.scheme != Some(Scheme::Http)) {
        let before = effect.take().map(|effect| effect.outcome);
        let https = change.scope.scheme == Some(Scheme::Https);
        effect = Some(Effect { name, outcome: after(before, change), https });
    }
    effect
}

fn after(before: Option<Outcome>, change: &Change<'_>) -> Outcome {
    let value = change.value.to_owned();
    match (change.op, before) {
        (Op::Remove, _) => Outcome::Remove,
        (Op::Add, Some(Outcome::Set(first))) => Outcome::Set(format!("{first}, {value}")),
        (Op::Add, Some(Outcome::Add(first))) => Outcome::Add(format!("{first}, {value}")),
        (Op::Add, None) => Outcome::Add(value),
        (Op::Set | Op::Default | Op::Add, _) => Outcome::Set(value),
    }
}

/// A path as it stands in a URL.
pub(super) fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
