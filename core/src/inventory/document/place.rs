//! Places of texts in texts.

/// Where a text stands in the page: markup in a `<noscript>` has places of its own, markup in an attribute has not.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// It begins at this offset.
    Offset(usize),
    /// All of it counts as standing at this offset.
    Fixed(usize),
}

impl Place {
    /// The page's offset for one of the text.
    pub(super) const fn of(self, offset: usize) -> usize {
        match self {
            Self::Offset(start) => start + offset,
            Self::Fixed(at) => at,
        }
    }

    /// The place of a text that begins at `offset` of this one.
    pub(super) const fn within(self, offset: usize) -> Self {
        match self {
            Self::Offset(start) => Self::Offset(start + offset),
            Self::Fixed(_) => self,
        }
    }
}
