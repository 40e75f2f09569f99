//! What the list of active formatting elements (HTML, section 13.2.4.3) has, and the stack of open elements has not:
//! elements that ended with one around them, and that are made anew before what follows.

use std::borrow::Cow;

/// So many of a name are made anew ("the Noah's Ark clause", which counts those with the same attributes only).
const MAX_ALIKE: usize = 3;

#[derive(Default)]
pub(super) struct EndedFormatting<'t> {
    /// Names of elements as the list has them, and its markers, which are none. Since a marker, all elements that are open
    /// come before these.
    entries: Vec<Option<Cow<'t, str>>>,
}

impl<'t> EndedFormatting<'t> {
    pub(super) const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn insert_marker(&mut self) {
        self.entries.push(None);
    }

    pub(super) fn clear_to_last_marker(&mut self) {
        self.entries.truncate(self.since_marker().saturating_sub(1));
    }

    /// An element ended in which all began that ended since the last marker.
    pub(super) fn add(&mut self, name: Cow<'t, str>) {
        let since = self.since_marker();
        let others = self.entries.iter().skip(since).flatten();
        if others.filter(|other| **other == name).count() < MAX_ALIKE {
            self.entries.insert(since, Some(name));
        }
    }

    /// Takes out the last of this name since the last marker. Tells whether there is one.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        let since = self.since_marker();
        let is_it = |entry: &Option<Cow<'_, str>>| entry.as_deref() == Some(name);
        let last = self.entries.iter().skip(since).rposition(is_it);
        if let Some(last) = last {
            self.entries.remove(since + last);
        }
        last.is_some()
    }

    /// "Reconstruct the active formatting elements": takes out those that are open from now on.
    pub(super) fn reconstruct(&mut self) -> impl Iterator<Item = Cow<'t, str>> {
        self.entries.drain(self.since_marker()..).flatten()
    }

    fn since_marker(&self) -> usize {
        self.entries.iter().rposition(Option::is_none).map_or(0, |marker| marker + 1)
    }
}
