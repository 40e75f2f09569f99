//! What several lists of patterns match together.

use std::collections::BTreeSet;

use super::cover::Cover;
use super::pattern::Pattern;

/// No more pairs of patterns than this are looked at one by one.
const MOST_PAIRS: usize = 1 << 20;

/// What all of the lists match, none if that is too much to work out.
pub(super) fn common<'a>(
    lists: impl IntoIterator<Item = Vec<Pattern<'a>>>,
) -> Option<Vec<Pattern<'a>>> {
    let mut lists = lists.into_iter();
    let first = lists.next().unwrap_or_default();
    lists.try_fold(first, |all, list| common_to_both(&all, &list))
}

fn common_to_both<'a>(a: &[Pattern<'a>], b: &[Pattern<'a>]) -> Option<Vec<Pattern<'a>>> {
    let (in_b, rest_a) = split(a, b);
    let (in_a, rest_b) = split(b, a);
    // What one side covers stands for all of its pairs.
    if rest_a.len().saturating_mul(rest_b.len()) > MOST_PAIRS {
        return None;
    }
    let pairs = rest_a
        .iter()
        .flat_map(|one| rest_b.iter().filter_map(move |other| one.intersection(*other)));
    Some(normalize(in_b.iter().chain(&in_a).copied().chain(pairs)))
}

/// The patterns that the others cover, and the rest.
fn split<'a>(
    patterns: &[Pattern<'a>],
    others: &[Pattern<'a>],
) -> (Vec<Pattern<'a>>, Vec<Pattern<'a>>) {
    let cover = Cover::of(others.iter().copied());
    patterns.iter().partition(|pattern| cover.covers(**pattern))
}

/// Leaves out patterns that others cover.
fn normalize<'a>(patterns: impl Iterator<Item = Pattern<'a>>) -> Vec<Pattern<'a>> {
    let distinct: BTreeSet<Pattern<'a>> = patterns.collect();
    let mut patterns: Vec<_> = distinct.into_iter().collect();
    patterns.sort_by_key(|pattern| pattern.breadth());
    let mut kept = Cover::default();
    patterns.retain(|pattern| {
        let is_new = !kept.covers(*pattern);
        if is_new {
            kept.add(*pattern);
        }
        is_new
    });
    patterns
}
