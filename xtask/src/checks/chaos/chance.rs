//! Chance: which node dies when, who buys what.

use std::cell::Cell;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// SplitMix64 (Steele, Lea, Flood 2014), begun anew in every thread and run.
pub(super) struct Chance(Cell<u64>);

impl Chance {
    pub(super) fn new() -> Chance {
        // Seeded by the operating system, as every hash map is.
        Chance(Cell::new(RandomState::new().build_hasher().finish()))
    }

    pub(super) fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    pub(super) fn below(&self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}
