//! The statuses that a word names.

use crate::deployment::directive::Word;

/// `404`, or `4xx` for all that begin so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statuses(u16);

impl Statuses {
    pub(super) fn of(word: &Word) -> Option<Self> {
        word.text.trim_end_matches("xx").parse().ok().map(Self)
    }

    pub(super) const fn have(self, status: u16) -> bool {
        self.0 == status || self.0 == status / 100
    }
}
