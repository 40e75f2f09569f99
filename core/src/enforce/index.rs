//! Tables by hash, in which strings are found that are equal by a rule of matching rather than byte by byte.

use std::hash::{DefaultHasher, Hasher as _};

use hashbrown::HashTable;

/// Where hashes begin. It depends on everything that goes into a table, so that nobody can write a policy whose
/// expressions all have the same hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed(u64);

impl Seed {
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut hasher = DefaultHasher::new();
        texts.for_each(|text| hasher.write(text.as_bytes()));
        Self(hasher.finish() | 1)
    }
}

/// The hash of the bytes so far; it can be taken after each of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rolling(u64);

impl Rolling {
    pub(super) fn add(&mut self, byte: u8) {
        // The multiplier of FNV-1a.
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    pub(super) const fn finish(self) -> u64 {
        (self.0 ^ (self.0 >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// Values by the hashes of their keys.
#[derive(Debug)]
pub(super) struct Index<T> {
    seed: Seed,
    table: HashTable<(u64, T)>,
}

impl<T> Index<T> {
    pub(super) const fn new(seed: Seed) -> Self {
        Self { seed, table: HashTable::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    pub(super) const fn rolling(&self) -> Rolling {
        Rolling(self.seed.0)
    }

    pub(super) fn hash(&self, key: impl Iterator<Item = u8>) -> u64 {
        let mut rolling = self.rolling();
        key.for_each(|byte| rolling.add(byte));
        rolling.finish()
    }

    /// The hash of a text whose letters may be in any case.
    pub(super) fn hash_in_any_case(&self, text: &str) -> u64 {
        // The bit by which lower case differs.
        const LOWER: u64 = 0x2020_2020_2020_2020;
        let mix = |hash: u64, word: u64| {
            (hash ^ (word | LOWER)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
        };
        let text = text.as_bytes();
        let (words, rest) = text.as_chunks::<8>();
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        // The last eight bytes again rather than the rest, byte by byte.
        let last = text.last_chunk::<8>().map_or_else(
            || rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            |word| u64::from_le_bytes(*word),
        );
        Rolling(mix(words.fold(self.seed.0, mix), last)).finish()
    }

    /// The value with this hash for which the test holds.
    pub(super) fn get(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<&T> {
        self.table.find(hash, |(known, value)| *known == hash && is(value)).map(|(_, value)| value)
    }

    /// All values with this hash.
    pub(super) fn all(&self, hash: u64) -> impl Iterator<Item = &T> {
        let found = self.table.iter_hash(hash).filter(move |(known, _)| *known == hash);
        found.map(|(_, value)| value)
    }

    /// The value with this hash for which the test holds, made if it is not there.
    pub(super) fn entry(
        &mut self,
        hash: u64,
        is: impl Fn(&T) -> bool,
        new: impl FnOnce() -> T,
    ) -> &mut T {
        let is_it = |(known, value): &(u64, T)| *known == hash && is(value);
        let entry = self.table.entry(hash, is_it, |(known, _)| *known);
        &mut entry.or_insert_with(|| (hash, new())).into_mut().1
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.table.iter_mut().map(|(_, value)| value)
    }
}
