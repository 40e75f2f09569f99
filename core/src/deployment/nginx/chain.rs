//! What blocks hand on to those in them, without a copy for each.

use std::sync::Arc;

/// A list that goes on from that of the block around.
#[derive(Debug)]
pub(super) struct Chain<T>(Option<Arc<Link<T>>>);

#[derive(Debug)]
struct Link<T> {
    own: Vec<T>,
    outer: Chain<T>,
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Clone for Chain<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Chain<T> {
    /// The list of a block around, and what a block has of its own after it.
    pub(super) fn with(&self, own: Vec<T>) -> Self {
        if own.is_empty() {
            return self.clone();
        }
        Self(Some(Arc::new(Link { own, outer: self.clone() })))
    }

    /// The outermost first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        let mut links = Vec::new();
        let mut rest = self;
        while let Some(link) = &rest.0 {
            links.push(link);
            rest = &link.outer;
        }
        links.into_iter().rev().flat_map(|link| &link.own)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        let mut length = 0;
        let mut rest = self;
        while let Some(link) = &rest.0 {
            length += link.own.len();
            rest = &link.outer;
        }
        length
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether it is the very same list.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}
