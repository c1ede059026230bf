//! The palettes: every picture takes one, so that the collection looks like one hand made it.

use super::tone::{Tone, hex};

/// One palette. Night palettes have stars and lit windows, day palettes pale skies.
#[derive(Clone, Copy)]
pub(crate) struct Mood {
    /// The word it lends to a card's name.
    pub(crate) word: &'static str,
    /// The word it lends to a description.
    pub(crate) hue: &'static str,
    /// Top, middle, horizon.
    pub(crate) sky: [Tone; 3],
    /// Sun, moon, lit windows.
    pub(crate) light: Tone,
    /// The farthest and the nearest ground.
    pub(crate) far: Tone,
    pub(crate) near: Tone,
    /// Used sparingly, against the rest.
    pub(crate) accent: Tone,
    pub(crate) night: bool,
}

impl Mood {
    /// Four tones besides the ground that can lie flat beside each other.
    pub(crate) fn flats(&self) -> [Tone; 5] {
        [self.near, self.sky[1], self.accent, self.light, self.far]
    }

    /// A ground for pictures without a sky: paper by day, ink by night.
    pub(crate) fn ground(&self) -> Tone {
        if self.night { self.near.mix(self.sky[0], 0.6) } else { self.sky[2].lighter(0.35) }
    }
}

const fn mood(
    word: &'static str,
    hue: &'static str,
    sky: [u32; 3],
    [light, far, near, accent]: [u32; 4],
    night: bool,
) -> Mood {
    let sky = [hex(sky[0]), hex(sky[1]), hex(sky[2])];
    Mood { word, hue, sky, light: hex(light), far: hex(far), near: hex(near), accent: hex(accent), night }
}

pub(crate) const EMBER: Mood = mood(
    "Ember",
    "red",
    [0x2b_1a3d, 0xa9_3d4b, 0xf7_a661],
    [0xff_e6b8, 0xb4_5560, 0x1d_1230, 0xff_c861],
    true,
);
pub(crate) const ROSE: Mood = mood(
    "Rose",
    "rose",
    [0xd9_8a98, 0xf3_b7ac, 0xfd_e5d2],
    [0xff_fbf0, 0xd3_8f98, 0x5c_3a5c, 0xe0_6a55],
    false,
);
pub(crate) const FJORD: Mood = mood(
    "Fjord",
    "blue-green",
    [0x0e_3446, 0x35_7f91, 0xcd_e5d6],
    [0xfd_f2cc, 0x84_b5b3, 0x0a_2230, 0xf3_a458],
    false,
);
pub(crate) const MEADOW: Mood = mood(
    "Meadow",
    "green",
    [0xc9_dcc0, 0xe8_ecc6, 0xfb_f4d9],
    [0xff_fdf0, 0x9f_bd94, 0x24_4a3f, 0xe5_a02f],
    false,
);
pub(crate) const INDIGO: Mood = mood(
    "Indigo",
    "deep blue",
    [0x0a_0f2e, 0x1f_2d6b, 0x6d_6fc0],
    [0xf6_efd9, 0x3a_4a96, 0x06_0a1e, 0xf6_c655],
    true,
);
pub(crate) const VIOLET: Mood = mood(
    "Violet",
    "violet",
    [0x24_1049, 0x78_3c93, 0xf4_a0a6],
    [0xff_ecd0, 0x94_579a, 0x17_0a2c, 0xff_b562],
    true,
);
pub(crate) const SAFFRON: Mood = mood(
    "Saffron",
    "golden",
    [0xf5_d287, 0xf6_ae62, 0xee_7d52],
    [0xff_f6dc, 0xcf_6b47, 0x4d_1f33, 0x2b_6a8f],
    false,
);
pub(crate) const FROST: Mood = mood(
    "Frost",
    "pale blue",
    [0xa9_c9e0, 0xcf_e1ea, 0xf7_f4ec],
    [0xff_ffff, 0x93_b5cf, 0x27_4264, 0xe5_5b3a],
    false,
);
pub(crate) const INK: Mood = mood(
    "Ink",
    "grey and red",
    [0xe4_dccd, 0xee_e7da, 0xf8_f4eb],
    [0xcc_3f2c, 0xb5_ada0, 0x22_2024, 0xcc_3f2c],
    false,
);
pub(crate) const JADE: Mood = mood(
    "Jade",
    "jade",
    [0x03_211f, 0x0e_4f46, 0x6c_b892],
    [0xf6_f2c8, 0x2f_7566, 0x02_1312, 0xf4_9069],
    true,
);
pub(crate) const LAGOON: Mood = mood(
    "Lagoon",
    "turquoise",
    [0x0a_5c80, 0x2a_a4a6, 0xd4_efd9],
    [0xff_f8de, 0x5f_bdb4, 0x07_3347, 0xff_7f5c],
    false,
);
pub(crate) const COPPER: Mood = mood(
    "Copper",
    "copper",
    [0x1b_1a24, 0x5b_3a3b, 0xd0_8a56],
    [0xff_e2b0, 0x7c_4b40, 0x12_0f16, 0xe9_a15a],
    true,
);
pub(crate) const CORAL: Mood = mood(
    "Coral",
    "coral",
    [0x2f_4b7c, 0xd4_6a7e, 0xff_c79a],
    [0xff_f3d8, 0xa8_5f83, 0x22_2247, 0xff_8a5c],
    false,
);
pub(crate) const MIDNIGHT: Mood = mood(
    "Midnight",
    "blue-black",
    [0x05_0a14, 0x0f_2438, 0x2f_6173],
    [0xe9_f1ea, 0x1d_4254, 0x03_070e, 0x63_e0b8],
    true,
);
