//! Colours, and mixing them so that the middle stays clean.

/// A colour in sRGB, each part from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tone(pub(crate) [f32; 3]);

/// `0xrrggbb`.
pub(crate) const fn hex(rgb: u32) -> Tone {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Tone([red as f32 / 255.0, green as f32 / 255.0, blue as f32 / 255.0])
}

pub(crate) const WHITE: Tone = hex(0xff_ffff);
pub(crate) const BLACK: Tone = hex(0x00_0000);

impl Tone {
    /// This tone at 0, `other` at 1; in OKLab, so that blue and yellow meet in green and not in mud.
    pub(crate) fn mix(self, other: Self, t: f32) -> Self {
        let (from, to) = (self.to_oklab(), other.to_oklab());
        Self::from_oklab(std::array::from_fn(|part| from[part] + (to[part] - from[part]) * t))
    }

    pub(crate) fn lighter(self, t: f32) -> Self {
        self.mix(WHITE, t)
    }

    pub(crate) fn darker(self, t: f32) -> Self {
        self.mix(BLACK, t)
    }

    /// How light it looks, from 0 to 1.
    pub(crate) fn lightness(self) -> f32 {
        self.to_oklab()[0]
    }

    /// Cheap mixing for work on every pixel.
    #[inline]
    pub(crate) fn blend(self, other: Self, t: f32) -> Self {
        let ([r, g, b], [to_r, to_g, to_b]) = (self.0, other.0);
        Self([r + (to_r - r) * t, g + (to_g - g) * t, b + (to_b - b) * t])
    }

    /// Adds light, as a glow does: never darker, never beyond white.
    #[inline]
    pub(crate) fn screen(self, other: Self, strength: f32) -> Self {
        let lit = |part: f32, light: f32| 1.0 - (1.0 - part) * (1.0 - light * strength);
        let ([r, g, b], [light_r, light_g, light_b]) = (self.0, other.0);
        Self([lit(r, light_r), lit(g, light_g), lit(b, light_b)])
    }

    // The matrices of https://bottosson.github.io/posts/oklab/.
    fn to_oklab(self) -> [f32; 3] {
        let [r, g, b] = self.0.map(linear);
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        [
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        ]
    }

    fn from_oklab([lightness, a, b]: [f32; 3]) -> Self {
        let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
        let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
        let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
        let rgb = [
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
            -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ];
        Self(rgb.map(encoded))
    }
}

/// The tones in even steps; 0 is the first, 1 the last.
pub(crate) fn ramp(tones: &[Tone], t: f32) -> Tone {
    let place = t.clamp(0.0, 1.0) * (tones.len() - 1) as f32;
    let below = (place as usize).min(tones.len().saturating_sub(2));
    tones[below].mix(tones[(below + 1).min(tones.len() - 1)], place - below as f32)
}

fn linear(c: f32) -> f32 {
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

fn encoded(c: f32) -> f32 {
    let c = c.clamp(0.0, 1.0);
    if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 }
}
