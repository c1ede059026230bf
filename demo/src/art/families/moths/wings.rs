//! The two pairs of wings: outline, bands, veins and eyespots, drawn on the right and mirrored.

use std::f32::consts::TAU;

use tiny_skia::{Path, PathBuilder};

use super::MIDDLE;
use crate::art::canvas::{Canvas, flat, gradient, veil};
use crate::art::mood::Mood;
use crate::art::noise::mix;
use crate::art::shapes::{circle, curve, mirrored, outline, sector};
use crate::art::tone::Tone;
use crate::dice::Dice;

/// What tells one species from another.
struct Species {
    span: f32,
    lift: f32,
    /// 0 has a pointed fore wing with a hollow edge, 1 a broad round one.
    round: f32,
    /// How far the hind wing is drawn out.
    tail: f32,
}

pub(super) fn wings(canvas: &mut Canvas, dice: &Dice, mood: &Mood) {
    let species = Species {
        span: dice.between(258.0, 292.0),
        lift: dice.between(90.0, 200.0),
        round: dice.unit(),
        tail: if dice.chance(0.4) { dice.between(110.0, 165.0) } else { dice.between(0.0, 40.0) },
    };
    let (dark, warm, pale) = (mood.near.mix(mood.sky[0], 0.25), mood.accent, mood.light);
    let mut inner =
        [mood.far.mix(dark, 0.25), warm.mix(dark, 0.15), mood.far.mix(pale, 0.4), mood.sky[1].mix(dark, 0.2)];
    dice.shuffle(&mut inner);
    let sizes = *dice.pick(&[[1.0, 0.93, 0.78, 0.52], [1.0, 0.95, 0.88, 0.6], [1.0, 0.9, 0.62, 0.4]]);
    let (banded, spots) = (dice.chance(0.5), dice.whole(1, 3));
    for fore in [false, true] {
        let wing = |size: f32| if fore { species.fore_wing(size) } else { species.hind_wing(size) };
        for (index, size) in sizes.into_iter().enumerate() {
            let tone = if index == 0 { dark } else { inner[(index + usize::from(fore)) % 4] };
            both(
                canvas,
                wing(size),
                [tone.lighter(0.12), tone],
                (MIDDLE, 470.0),
                (MIDDLE + species.span, 300.0),
            );
        }
        let inside = wing(sizes[1]);
        if banded {
            bands(canvas, dice, &inside, if fore { pale } else { warm });
        }
        veins(canvas, &wing(1.0), dark, fore);
        let eye = if fore { (152.0, 448.0 - species.lift * 0.42, 36.0) } else { (106.0, 560.0, 31.0) };
        if spots == 3 || (spots == 1) == fore {
            eyespot(canvas, eye, [dark, pale, warm, dark]);
        }
        edge_dots(canvas, &wing(0.965), pale);
    }
}

fn both(canvas: &mut Canvas, shape: Path, tones: [Tone; 2], from: (f32, f32), to: (f32, f32)) {
    let flipped = |point: (f32, f32)| (2.0 * MIDDLE - point.0, point.1);
    canvas.fill(&mirrored(shape.clone(), MIDDLE), &gradient(&tones, flipped(from), flipped(to)));
    canvas.fill(&shape, &gradient(&tones, from, to));
}

impl Species {
    fn fore_wing(&self, size: f32) -> Path {
        let at = |dx: f32, dy: f32| (MIDDLE + 12.0 + dx * self.span * size, 452.0 + dy * size);
        let (lift, by) = (self.lift, |pointed: f32, round: f32| mix(pointed, round, self.round));
        outline(|path| {
            path.move_to(at(0.0, 30.0).0, at(0.0, 30.0).1);
            bend(
                path,
                at(0.12, -60.0 - lift * 0.4),
                at(by(0.66, 0.5), -80.0 - lift * by(0.85, 1.15)),
                at(1.0, -60.0 - lift * by(1.0, 0.72)),
            );
            bend(
                path,
                at(by(0.93, 1.13), -20.0 - lift * by(0.35, 0.55)),
                at(by(0.84, 1.04), by(-6.0, 34.0)),
                at(by(0.8, 0.88), 64.0),
            );
            bend(path, at(0.6, 76.0), at(0.25, 72.0), at(0.0, 30.0));
            path.close();
        })
    }

    fn hind_wing(&self, size: f32) -> Path {
        let span = self.span * 0.74;
        let at = |dx: f32, dy: f32| (MIDDLE + 10.0 + dx * span * size, 486.0 + dy * size);
        let drop = 215.0 + self.tail;
        outline(|path| {
            path.move_to(at(0.0, 0.0).0, at(0.0, 0.0).1);
            bend(path, at(0.4, -18.0), at(0.95, 0.0), at(1.0, 78.0));
            bend(path, at(1.0, 140.0), at(0.8, 176.0), at(0.64, 190.0));
            bend(path, at(0.56, 204.0), at(0.54, drop - 24.0), at(0.46 + self.tail / 700.0, drop));
            bend(path, at(0.36, drop + 2.0), at(0.34, 214.0), at(0.26, 188.0));
            bend(path, at(0.1, 140.0), at(0.02, 80.0), at(0.0, 0.0));
            path.close();
        })
    }
}

fn bend(path: &mut PathBuilder, first: (f32, f32), second: (f32, f32), to: (f32, f32)) {
    path.cubic_to(first.0, first.1, second.0, second.1, to.0, to.1);
}

/// Draws inside the wing and inside its mirror image; `side` is 1 on the right, -1 on the left.
fn inside_both(canvas: &mut Canvas, wing: &Path, mut draw: impl FnMut(&mut Canvas, f32)) {
    canvas.within(wing, |canvas| draw(canvas, 1.0));
    canvas.within(&mirrored(wing.clone(), MIDDLE), |canvas| draw(canvas, -1.0));
}

fn bands(canvas: &mut Canvas, dice: &Dice, wing: &Path, tone: Tone) {
    let (first, gap, width) = (dice.between(150.0, 185.0), dice.between(17.0, 26.0), dice.between(3.0, 8.0));
    inside_both(canvas, wing, |canvas, side| {
        for index in 0..3 {
            let radius = first + gap * index as f32;
            let turn = if side > 0.0 { -0.3 } else { 0.2 };
            let thick = width * (1.0 - index as f32 * 0.25);
            let band = sector(MIDDLE, 476.0, radius, radius + thick, turn, turn + 0.6);
            canvas.fill(&band, &veil(tone, 0.75));
        }
    });
}

fn veins(canvas: &mut Canvas, wing: &Path, tone: Tone, fore: bool) {
    let (low, high) = if fore { (-0.17, 0.05) } else { (0.02, 0.22) };
    inside_both(canvas, wing, |canvas, side| {
        for index in 0..9 {
            let angle = mix(low, high, index as f32 / 8.0) * TAU;
            let far = (MIDDLE + side * 420.0 * angle.cos(), 470.0 + 420.0 * angle.sin());
            canvas.stroke(&curve(&[(MIDDLE + side * 10.0, 474.0), far]), 1.3, &veil(tone, 0.42));
        }
    });
}

fn eyespot(canvas: &mut Canvas, (dx, y, radius): (f32, f32, f32), tones: [Tone; 4]) {
    for x in [MIDDLE + dx, MIDDLE - dx] {
        for (part, tone) in [1.0, 0.84, 0.6, 0.36].into_iter().zip(tones) {
            canvas.fill(&circle(x, y, radius * part), &flat(tone));
        }
        canvas.fill(&circle(x - radius * 0.1, y - radius * 0.13, radius * 0.1), &flat(tones[1]));
    }
}

fn edge_dots(canvas: &mut Canvas, edge: &Path, tone: Tone) {
    for point in edge.points().iter().skip(3).step_by(3).take(4) {
        let (away, y) = ((point.x - MIDDLE) * 0.93, mix(470.0, point.y, 0.93));
        for x in [MIDDLE + away, MIDDLE - away] {
            canvas.fill(&circle(x, y, 5.0), &veil(tone, 0.9));
        }
    }
}
