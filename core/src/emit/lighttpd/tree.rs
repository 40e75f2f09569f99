//! Which sets of rules can hold together.

use super::super::lines::{Paths, Place, Site, covers};
use super::super::{EmitError, Server};

/// More leaves than this make no configuration that anyone wants to read.
const LEAVES: usize = 500;

/// A decision by path.
#[derive(Debug)]
pub(super) enum Tree {
    /// The indexes, in [`Site::places`], of the rules that hold.
    Leaf(Vec<usize>),
    /// A question, and what follows from its answers.
    Branch {
        /// Index of the place that is asked for.
        place: usize,
        holds: Box<Tree>,
        fails: Box<Tree>,
    },
}

impl Tree {
    /// The tree for the paths that no rule names.
    ///
    /// # Errors
    /// If too many rules overlap.
    pub(super) fn new(site: &Site<'_>) -> Result<Self, EmitError> {
        let open: Vec<usize> = (0..site.places.len())
            .filter(|index| {
                site.places.get(*index).is_some_and(|p| matches!(p.paths, Paths::Ends { .. }))
            })
            .collect();
        let mut builder = Builder { site, leaves: 0 };
        builder.grow(&open, &mut Vec::new())
    }
}

struct Builder<'s, 'a> {
    site: &'s Site<'a>,
    leaves: usize,
}

impl Builder<'_, '_> {
    fn grow(&mut self, open: &[usize], known: &mut Vec<(usize, bool)>) -> Result<Tree, EmitError> {
        let Some((&place, rest)) = open.split_first() else { return self.leaf(known) };
        if let Some(answer) = self.follows(place, known) {
            known.push((place, answer));
            let tree = self.grow(rest, known);
            known.pop();
            return tree;
        }
        known.push((place, true));
        let holds = self.grow(rest, known);
        known.pop();
        known.push((place, false));
        let fails = self.grow(rest, known);
        known.pop();
        Ok(Tree::Branch { place, holds: Box::new(holds?), fails: Box::new(fails?) })
    }

    fn leaf(&mut self, known: &[(usize, bool)]) -> Result<Tree, EmitError> {
        self.leaves += 1;
        if self.leaves > LEAVES {
            return Err(EmitError::TooManyRules {
                server: Server::Lighttpd,
                count: self.leaves,
                limit: LEAVES,
                help: "rules by prefix and by suffix multiply; use fewer that overlap",
            });
        }
        Ok(Tree::Leaf(known.iter().filter(|(_, holds)| *holds).map(|(place, _)| *place).collect()))
    }

    /// What the known answers say about this place.
    fn follows(&self, place: usize, known: &[(usize, bool)]) -> Option<bool> {
        let place = self.site.places.get(place)?;
        known.iter().find_map(|(other, holds)| {
            let other = self.site.places.get(*other)?;
            match holds {
                true if includes(place, other) => Some(true),
                true if excludes(place, other) => Some(false),
                false if includes(other, place) => Some(false),
                _ => None,
            }
        })
    }
}

/// Whether all that `small` covers is covered by `large`, as far as prefixes tell.
fn includes(large: &Place<'_>, small: &Place<'_>) -> bool {
    let (Some((large, [])), Some((small, _))) = (ends(large), ends(small)) else { return false };
    !small.is_empty() && small.iter().all(|path| large.iter().any(|prefix| covers(prefix, path)))
}

/// Whether nothing can be covered by both, as far as prefixes tell.
fn excludes(one: &Place<'_>, other: &Place<'_>) -> bool {
    let (Some((one, _)), Some((other, _))) = (ends(one), ends(other)) else { return false };
    let apart = |a: &String, b: &String| !covers(a, b) && !covers(b, a);
    !one.is_empty() && !other.is_empty() && one.iter().all(|a| other.iter().all(|b| apart(a, b)))
}

fn ends<'p>(place: &'p Place<'_>) -> Option<(&'p [String], &'p [String])> {
    match &place.paths {
        Paths::Ends { prefix, suffix } => Some((prefix, suffix)),
        _ => None,
    }
}
