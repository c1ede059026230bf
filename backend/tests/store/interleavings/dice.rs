//! Dice that fall the same way for the same seed (SplitMix64, Steele et al. 2014), so that a failure can be repeated.

pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 up to but not including `sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % sides.max(1) as u64) as usize
    }

    /// Mostly prices that somebody can pay, sometimes one that nobody may ask.
    pub(super) fn price(&mut self) -> i64 {
        match self.roll(12) {
            0 => [0, -1, 100_000_001][self.roll(3)],
            1 => 500_00,
            _ => 1 + self.roll(40_00) as i64,
        }
    }
}
