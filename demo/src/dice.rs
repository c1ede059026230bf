//! Chance that repeats itself: the same seed throws the same numbers, in every release of every crate.

use std::cell::Cell;

/// SplitMix64 (Steele, Lea, Flood 2014). By hand because a generator from a crate may change its sequence with a
/// release, and every picture with it.
pub(crate) struct Dice {
    // A cell, so that a throw can stand among the arguments of a call that throws too.
    state: Cell<u64>,
    number: usize,
}

impl Dice {
    /// For the picture with this number of its family.
    pub(crate) fn new(seed: u64, number: usize) -> Self {
        Self { state: Cell::new(seed), number }
    }

    pub(crate) fn next(&self) -> u64 {
        self.state.set(self.state.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut z = self.state.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// At least 0, below 1.
    pub(crate) fn unit(&self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    pub(crate) fn between(&self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn whole(&self, low: usize, high: usize) -> usize {
        low + (self.next() % (high - low + 1) as u64) as usize
    }

    pub(crate) fn chance(&self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// Goes through `0..count` from one number of a family to the next, so that neighbours differ.
    pub(crate) fn in_turn(&self, count: usize) -> usize {
        self.number % count
    }

    /// Minus one or one.
    pub(crate) fn side(&self) -> f32 {
        if self.chance(0.5) { 1.0 } else { -1.0 }
    }

    /// One of `choices`, which must not be empty.
    pub(crate) fn pick<'a, T>(&self, choices: &'a [T]) -> &'a T {
        &choices[self.whole(0, choices.len() - 1)]
    }

    pub(crate) fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.whole(0, last));
        }
    }
}
