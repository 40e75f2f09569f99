//! Few policies for many pages: which pages share one, so that limits are kept and the fewest permissions are given away.
//!
//! Nothing here knows of policies. A *demand* is the set of permissions that some pages need, a *share* a set of demands
//! that get the union of what they need. The loss of a share is what its pages may do beyond their need: of each page, the
//! permissions in the union that it did not ask for. As what pages need does not depend on the shares, the sum of the
//! losses is least where the sum of `pages × permissions` over the shares is.
//!
//! Up to [`EXACT`] demands the best shares are found by going through all of them, subset by subset. More are merged by
//! greed, the cheapest merge first: all pairs are compared as long as they are few, and before that those that are
//! neighbors when demands are sorted by what most pages need.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Up to this many demands are packed as well as can be: 3ⁿ steps.
pub(super) const EXACT: usize = 12;

/// Up to this many shares, each is compared with each.
const ALL_PAIRS: usize = 400;

/// A permission, by a number.
pub(super) type Permission = u32;

/// What some pages need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// How many pages.
    pub(super) pages: u64,
    /// The permissions, in order, each once.
    pub(super) permissions: Vec<Permission>,
}

/// What shares have to keep.
pub(super) struct Limits<'s> {
    /// At most so many shares.
    pub(super) shares: usize,
    /// Whether permissions fit in one policy.
    pub(super) fits: &'s dyn Fn(&[Permission]) -> bool,
}

/// The demands of each share, by number: those of a share in order, and shares by their first one.
pub(super) type Packing = Vec<Vec<usize>>;

/// Packs demands into shares.
///
/// # Errors
/// The number of shares, if no fewer were found that fit. Each demand has to fit by itself.
pub(super) fn pack(demands: &[Demand], limits: &Limits<'_>) -> Result<Packing, usize> {
    if demands.len() <= limits.shares {
        return Ok((0..demands.len()).map(|number| vec![number]).collect());
    }
    let mut packing = if demands.len() <= EXACT {
        exact(demands, limits).ok_or_else(|| merged(demands, limits).len())?
    } else {
        let shares = merged(demands, limits);
        if shares.len() > limits.shares {
            return Err(shares.len());
        }
        shares.into_iter().map(|share| share.members).collect()
    };
    packing.iter_mut().for_each(|members| members.sort_unstable());
    packing.sort_unstable();
    Ok(packing)
}

/// The sum of `pages × permissions` over the shares.
#[cfg(test)]
fn total(demands: &[Demand], packing: &Packing) -> u64 {
    let share = |members: &Vec<usize>| {
        let members = members.iter().filter_map(|number| demands.get(*number));
        let share = members.map(Share::of).reduce(|a, b| a.merge(&b));
        share.map_or(0, |share| share.cost())
    };
    packing.iter().map(share).sum()
}

/// Demands that get the same.
#[derive(Clone, Debug)]
struct Share {
    pages: u64,
    permissions: Vec<Permission>,
    members: Vec<usize>,
}

impl Share {
    fn of(demand: &Demand) -> Self {
        let Demand { pages, permissions } = demand.clone();
        Self { pages, permissions, members: Vec::new() }
    }

    fn cost(&self) -> u64 {
        self.pages * self.permissions.len() as u64
    }

    fn merge(&self, other: &Self) -> Self {
        Self {
            pages: self.pages + other.pages,
            permissions: union(&self.permissions, &other.permissions),
            members: self.members.iter().chain(&other.members).copied().collect(),
        }
    }

    /// What the pages of both would get beyond what they have.
    fn loss_with(&self, other: &Self) -> u64 {
        let common = common(&self.permissions, &other.permissions);
        let beyond = |share: &Self| share.permissions.len() as u64 - common;
        self.pages * beyond(other) + other.pages * beyond(self)
    }
}

/// Both sets in one.
fn union(a: &[Permission], b: &[Permission]) -> Vec<Permission> {
    let mut all: Vec<Permission> = a.iter().chain(b).copied().collect();
    // The sort finds two runs, and merges them.
    all.sort();
    all.dedup();
    all
}

/// How many permissions are in both sets.
fn common(a: &[Permission], b: &[Permission]) -> u64 {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut count = 0;
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let order = x.cmp(y);
        count += u64::from(order.is_eq());
        if order.is_le() {
            a.next();
        }
        if order.is_ge() {
            b.next();
        }
    }
    count
}

/// The best packing there is, by dynamic programming: the cheapest way to pack each subset of the demands into at most so
/// many shares, where the share of the subset's first demand is tried in every form.
fn exact(demands: &[Demand], limits: &Limits<'_>) -> Option<Packing> {
    let subsets = 1_usize << demands.len();
    let alone: Vec<Option<u64>> =
        (0..subsets).map(|subset| cost(demands, subset, limits)).collect();
    let cost_of = |subset: usize| alone.get(subset).copied().flatten();
    // By subset: the cost of its best packing so far, and the share of its first demand there.
    let mut best: Vec<Option<(u64, usize)>> =
        (0..subsets).map(|subset| cost_of(subset).map(|cost| (cost, subset))).collect();
    let mut rounds = vec![best.clone()];
    for _ in 1..limits.shares {
        let previous = best.clone();
        for subset in 1..subsets {
            let first = subset & subset.wrapping_neg();
            let rest = subset ^ first;
            // Every subset of `rest`, from all to none.
            let mut more = rest;
            while more != 0 {
                more = (more - 1) & rest;
                let share = first | more;
                let others = previous.get(subset ^ share).copied().flatten();
                let sum =
                    cost_of(share).zip(others).map(|(own, (others, _))| (own + others, share));
                if let (Some(sum), Some(known)) = (sum, best.get_mut(subset))
                    && known.is_none_or(|known| sum.0 < known.0)
                {
                    *known = Some(sum);
                }
            }
        }
        rounds.push(best.clone());
    }
    let mut packing = Vec::new();
    let mut left = subsets - 1;
    while left != 0 {
        // With every share taken there is one fewer for the rest.
        let (_, share) = rounds.pop()?.get(left).copied().flatten()?;
        packing.push((0..demands.len()).filter(|number| share >> number & 1 == 1).collect());
        left ^= share;
    }
    Some(packing)
}

/// The cost of one share for these demands, if it fits.
fn cost(demands: &[Demand], subset: usize, limits: &Limits<'_>) -> Option<u64> {
    let members = demands.iter().enumerate().filter(|(number, _)| subset >> number & 1 == 1);
    let share = members.map(|(_, demand)| Share::of(demand)).reduce(|a, b| a.merge(&b));
    share.map_or(Some(0), |share| (limits.fits)(&share.permissions).then(|| share.cost()))
}

/// Shares merged by greed until there are few enough, or none fit together any more.
fn merged(demands: &[Demand], limits: &Limits<'_>) -> Vec<Share> {
    let numbered = demands.iter().enumerate();
    let shares =
        numbered.map(|(number, demand)| Share { members: vec![number], ..Share::of(demand) });
    let mut shares: Vec<Share> = shares.collect();
    let rank = ranks(demands);
    while shares.len() > limits.shares.max(ALL_PAIRS) {
        let before = shares.len();
        let spare = before - limits.shares.max(ALL_PAIRS);
        shares = merge_neighbors(shares, &rank, spare, limits);
        if shares.len() == before {
            break;
        }
    }
    if shares.len() <= ALL_PAIRS {
        shares = merge_pairs(shares, limits);
    }
    shares
}

/// How common each permission is: 0 for what the most pages need.
fn ranks(demands: &[Demand]) -> HashMap<Permission, u32> {
    let mut pages: HashMap<Permission, u64> = HashMap::new();
    for demand in demands {
        for permission in &demand.permissions {
            *pages.entry(*permission).or_default() += demand.pages;
        }
    }
    let mut order: Vec<(Permission, u64)> = pages.into_iter().collect();
    order.sort_unstable_by_key(|(permission, pages)| (Reverse(*pages), *permission));
    (0..).zip(order).map(|(rank, (permission, _))| (permission, rank)).collect()
}

/// One round over the shares, sorted so that those that need the same common things are neighbors: the cheapest merges of
/// neighbors are made, a third of the shares at most, so that dear ones wait for what the next round brings together.
fn merge_neighbors(
    mut shares: Vec<Share>,
    rank: &HashMap<Permission, u32>,
    spare: usize,
    limits: &Limits<'_>,
) -> Vec<Share> {
    shares.sort_by_cached_key(|share| {
        let ranks = share.permissions.iter().filter_map(|permission| rank.get(permission));
        let mut ranks: Vec<u32> = ranks.copied().collect();
        ranks.sort_unstable();
        (ranks, share.members.first().copied())
    });
    let pairs = shares.iter().zip(shares.iter().skip(1)).enumerate();
    let mut losses: Vec<(u64, usize)> = pairs.map(|(at, (a, b))| (a.loss_with(b), at)).collect();
    losses.sort_unstable();
    let mut slots: Vec<Option<Share>> = shares.into_iter().map(Some).collect();
    let mut left = spare.min(slots.len().div_ceil(3));
    for (_, at) in losses {
        if left == 0 {
            break;
        }
        let (Some(Some(a)), Some(Some(b))) = (slots.get(at), slots.get(at + 1)) else { continue };
        let both = a.merge(b);
        if (limits.fits)(&both.permissions) {
            left -= 1;
            if let Some([first, second]) = slots.get_mut(at..at + 2) {
                // A share that was merged in this round waits for the next one.
                (*first, *second) = (None, None);
            }
            slots.push(Some(both));
        }
    }
    slots.into_iter().flatten().collect()
}

/// Merges the cheapest pair of all, again and again.
fn merge_pairs(shares: Vec<Share>, limits: &Limits<'_>) -> Vec<Share> {
    let mut count = shares.len();
    let mut slots: Vec<Option<Share>> = shares.into_iter().map(Some).collect();
    let mut heap = BinaryHeap::new();
    let pair_with = |slots: &[Option<Share>], new: usize, heap: &mut BinaryHeap<_>| {
        let Some(Some(share)) = slots.get(new) else { return };
        for (at, other) in slots.iter().enumerate().take(new) {
            if let Some(other) = other {
                heap.push(Reverse((share.loss_with(other), at, new)));
            }
        }
    };
    for new in 1..slots.len() {
        pair_with(&slots, new, &mut heap);
    }
    while count > limits.shares
        && let Some(Reverse((_, a, b))) = heap.pop()
    {
        // A slot is left for good when its share is merged, so that what is in both still is what was compared.
        let (Some(Some(first)), Some(Some(second))) = (slots.get(a), slots.get(b)) else {
            continue;
        };
        let both = first.merge(second);
        if !(limits.fits)(&both.permissions) {
            continue;
        }
        for slot in [a, b] {
            if let Some(slot) = slots.get_mut(slot) {
                *slot = None;
            }
        }
        slots.push(Some(both));
        pair_with(&slots, slots.len() - 1, &mut heap);
        count -= 1;
    }
    slots.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::Rng;
    use proptest::test_runner::{RngAlgorithm, TestRng};

    fn random_demands(rng: &mut TestRng, count: usize, permissions: u32) -> Vec<Demand> {
        let mut pick = |below: u32| rng.next_u32() % below;
        let mut demands = Vec::new();
        for _ in 0..count {
            let mut needs: Vec<u32> = (0..=pick(5)).map(|_| pick(permissions)).collect();
            needs.sort_unstable();
            needs.dedup();
            demands.push(Demand { pages: u64::from(pick(4)) + 1, permissions: needs });
        }
        demands
    }

    /// Every way to put `number` and all after it into shares.
    fn every_packing(
        count: usize,
        packing: &mut Packing,
        number: usize,
        visit: &mut dyn FnMut(&Packing),
    ) {
        if number == count {
            return visit(packing);
        }
        for at in 0..packing.len() {
            packing[at].push(number);
            every_packing(count, packing, number + 1, visit);
            packing[at].pop();
        }
        packing.push(vec![number]);
        every_packing(count, packing, number + 1, visit);
        packing.pop();
    }

    fn cheapest(demands: &[Demand], limits: &Limits<'_>) -> Option<u64> {
        let mut best: Option<u64> = None;
        every_packing(demands.len(), &mut Vec::new(), 0, &mut |packing| {
            let needs = |members: &Vec<usize>| {
                members
                    .iter()
                    .fold(vec![], |all, number| union(&all, &demands[*number].permissions))
            };
            let keeps = packing.len() <= limits.shares
                && packing.iter().all(|members| (limits.fits)(&needs(members)));
            if keeps {
                let cost = total(demands, packing);
                best = Some(best.map_or(cost, |best| best.min(cost)));
            }
        });
        best
    }

    #[test]
    fn small_inputs_are_packed_as_well_as_can_be() {
        let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let (mut possible, mut greedy, mut optimal) = (0, 0, 0);
        for _ in 0..1000 {
            let count = 2 + (rng.next_u32() % 6) as usize;
            let demands = random_demands(&mut rng, count, 10);
            let most = 5 + (rng.next_u32() % 5) as usize;
            let fits = |permissions: &[Permission]| permissions.len() <= most;
            let limits = Limits { shares: 1 + rng.next_u32() as usize % count, fits: &fits };
            let best = cheapest(&demands, &limits);
            let packing = pack(&demands, &limits);
            assert_eq!(
                packing.as_ref().ok().map(|packing| total(&demands, packing)),
                best,
                "{demands:?}"
            );
            let merged = merged(&demands, &limits);
            if let (Some(best), true) = (best, merged.len() <= limits.shares) {
                possible += 1;
                greedy += merged.iter().map(Share::cost).sum::<u64>();
                optimal += best;
            }
        }
        println!("{possible} packed by greed as well, at {greedy} where {optimal} is the least");
        assert!(
            greedy * 100 <= optimal * 105,
            "greed costs more than a twentieth: {greedy}, {optimal}"
        );
    }

    #[test]
    fn many_demands_are_packed_within_the_limits_and_the_same_each_time() {
        let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut demands = random_demands(&mut rng, 2000, 300);
        for (demand, own) in demands.iter_mut().zip(1000..) {
            demand.permissions.push(own);
        }
        let fits = |permissions: &[Permission]| permissions.len() <= 400;
        for shares in [40, 80, 600] {
            let limits = Limits { shares, fits: &fits };
            let packing = pack(&demands, &limits).unwrap();
            assert!(packing.len() <= shares);
            let mut numbers: Vec<usize> = packing.iter().flatten().copied().collect();
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..demands.len()));
            assert_eq!(pack(&demands, &limits).unwrap(), packing);
        }
        let limits = Limits { shares: 5, fits: &fits };
        assert!(pack(&demands, &limits).unwrap_err() > 5);
    }
}
