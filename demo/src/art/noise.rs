//! Smooth chance over a line and a plane: the shape of ridges, mist, clouds and grain.

/// Value noise: random heights at whole numbers, joined smoothly. By hand for the reason given in `dice.rs`.
#[derive(Clone, Copy)]
pub(crate) struct Noise {
    seed: u32,
}

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed: (seed ^ (seed >> 32)) as u32 }
    }

    /// From -1 to 1.
    #[inline]
    pub(crate) fn at(self, x: f32, y: f32) -> f32 {
        let (column, row) = (whole_below(x), whole_below(y));
        let (u, v) = (smooth(x - column as f32), smooth(y - row as f32));
        let upper = mix(self.corner(column, row), self.corner(column + 1, row), u);
        let lower = mix(self.corner(column, row + 1), self.corner(column + 1, row + 1), u);
        mix(upper, lower, v)
    }

    /// `octaves` layers of [`Noise::at`], each twice as fine and half as strong; about -1 to 1.
    pub(crate) fn layered(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut strength, mut scale, mut whole) = (0.0, 1.0, 1.0, 0.0);
        for octave in 0..octaves {
            let shift = octave as f32 * 17.31;
            sum += strength * self.at(x * scale + shift, y * scale - shift);
            whole += strength;
            strength *= 0.5;
            scale *= 2.03;
        }
        sum / whole * 1.4
    }

    /// From -1 to 1, of every pixel its own.
    #[inline]
    pub(crate) fn speck(self, x: f32, y: f32) -> f32 {
        self.corner(x as i32, y as i32)
    }

    #[inline]
    fn corner(self, column: i32, row: i32) -> f32 {
        let mut h =
            self.seed ^ (column as u32).wrapping_mul(0x85eb_ca6b) ^ (row as u32).wrapping_mul(0xc2b2_ae35);
        h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
        h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
        h ^= h >> 15;
        h as f32 / (u32::MAX / 2) as f32 - 1.0
    }
}

/// `floor`, which without SSE 4.1 is a call into the C library, millions of times a picture.
#[inline]
fn whole_below(x: f32) -> i32 {
    let towards_zero = x as i32;
    towards_zero - i32::from((towards_zero as f32) > x)
}

#[inline]
fn smooth(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

#[inline]
pub(crate) fn mix(from: f32, to: f32, t: f32) -> f32 {
    from + (to - from) * t
}

/// 0 below `low`, 1 above `high`, smooth between.
#[inline]
pub(crate) fn step(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
