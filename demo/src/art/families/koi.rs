//! Koi seen from above, under lily pads.

use std::f32::consts::TAU;

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, fade, flat, gradient, veil};
use crate::art::mood::*;
use crate::art::noise::{Noise, mix, step};
use crate::art::shapes::{blob, circle, curve, leaf, sector};
use crate::art::tone::{Tone, hex};
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&JADE, &FJORD, &LAGOON, &INDIGO, &MIDNIGHT, &INK, &FROST];

/// Body and patches.
const COATS: [[Tone; 2]; 5] = [
    [hex(0xfd_f3e4), hex(0xe8_4a2a)],
    [hex(0xf6_a13c), hex(0xfd_f1dc)],
    [hex(0xf9_ead0), hex(0x2a_2430)],
    [hex(0xe9_5b34), hex(0x2b_1c24)],
    [hex(0xff_d98a), hex(0xf0_7a3c)],
];
const PONDS: [&str; 5] =
    ["the Temple Pond", "Lotus Court", "the Slow Pool", "the Willow Basin", "Rain Garden"];
const COUNTS: [&str; 4] = ["", "One koi", "Two koi", "Three koi"];

struct Koi {
    /// From nose to tail.
    spine: Vec<(f32, f32)>,
    width: f32,
}

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    pond(canvas, dice, mood);
    let count = 1 + dice.in_turn(3);
    let heading = dice.unit();
    for index in 0..count {
        let angle = (heading + index as f32 / count as f32 + dice.between(-0.04, 0.04)) * TAU;
        let away = if count == 1 { 0.0 } else { 158.0 };
        let middle = (WIDTH / 2.0 + away * angle.cos(), HEIGHT / 2.0 + away * 1.25 * angle.sin());
        let size = [0.0, 1.5, 1.12, 0.95][count] * dice.between(0.94, 1.06);
        let fish = swim(dice, middle, angle + TAU * 0.25, size);
        let [body, patch] = *dice.pick(&COATS);
        draw(canvas, dice, &fish, body, patch, mood.near);
    }
    for _ in 0..dice.whole(4, 7) {
        pad(canvas, dice, mood);
    }
    let name = if count == 1 { "Lone Koi" } else { "Koi" };
    Story {
        name: format!("{name} of {}", dice.pick(&PONDS)),
        alt: format!("{} seen from above in {} water, with lily pads and ripples.", COUNTS[count], mood.hue),
    }
}

fn pond(canvas: &mut Canvas, dice: &Dice, mood: &Mood) {
    let deep = if mood.night || mood.sky[0].lightness() < 0.6 {
        mood.sky[0].mix(mood.near, 0.3)
    } else {
        mood.sky[1]
    };
    canvas.wash(&[deep.mix(mood.far, 0.3), deep, deep.mix(mood.near, 0.35)]);
    let (noise, bend) = (Noise::new(dice.next()), Noise::new(dice.next()));
    let shine = mood.far.lighter(0.35);
    canvas.each_pixel(0.0, |x, y, tone| {
        let warp = 60.0 * bend.layered(x / 190.0, y / 190.0, 2);
        // Light through moving water gathers in thin lines where the noise crosses zero.
        let line = 1.0 - noise.layered((x + warp) / 125.0, (y - warp) / 125.0, 2).abs() * 5.5;
        tone.screen(shine, step(0.3, 1.0, line) * 0.13)
    });
    for _ in 0..dice.whole(2, 3) {
        let (x, y) = (dice.between(60.0, 660.0), dice.between(60.0, 900.0));
        for ring in 1..=5 {
            let radius = ring as f32 * dice.between(24.0, 30.0);
            canvas.stroke(&circle(x, y, radius), 1.6, &veil(shine, 0.5 - ring as f32 * 0.08));
        }
    }
}

fn swim(dice: &Dice, middle: (f32, f32), heading: f32, size: f32) -> Koi {
    let (length, turn, wave) = (300.0 * size, dice.between(-0.9, 0.9), dice.between(0.25, 0.5) * dice.side());
    let steps = 24;
    let mut at = (middle.0 + length * 0.5 * heading.cos(), middle.1 + length * 0.5 * heading.sin());
    let mut spine = vec![at];
    for index in 0..steps {
        let t = index as f32 / steps as f32;
        let angle = heading + TAU * 0.5 + turn * (t - 0.3) + wave * (t * TAU * 0.9).sin();
        at = (at.0 + length / steps as f32 * angle.cos(), at.1 + length / steps as f32 * angle.sin());
        spine.push(at);
    }
    Koi { spine, width: 39.0 * size }
}

impl Koi {
    /// A place beside the spine: `t` from nose to tail, `side` in half widths.
    fn beside(&self, t: f32, side: f32) -> (f32, f32) {
        let last = self.spine.len() - 1;
        let place = (t * last as f32).min(last as f32 - 0.01);
        let (from, to) = (self.spine[place as usize], self.spine[place as usize + 1]);
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(0.01);
        let (x, y) = (mix(from.0, to.0, place.fract()), mix(from.1, to.1, place.fract()));
        let out = self.width * side / length;
        (x - dy * out, y + dx * out)
    }

    fn profile(t: f32) -> f32 {
        let head = (t / 0.16).clamp(0.0, 1.0);
        let tail = 1.0 - ((t - 0.3) / 0.74).clamp(0.0, 1.0).powf(1.25);
        (1.0 - (1.0 - head).powi(2)).sqrt() * tail.max(0.09)
    }

    fn outline(&self) -> Vec<(f32, f32)> {
        let steps = 26;
        let side = |sign: f32, step: usize| {
            let t = step as f32 / steps as f32 * 0.97;
            self.beside(t, sign * Self::profile(t))
        };
        let mut points: Vec<_> = (0..=steps).map(|step| side(1.0, step)).collect();
        points.extend((1..=steps).rev().map(|step| side(-1.0, step)));
        points
    }
}

fn draw(canvas: &mut Canvas, dice: &Dice, fish: &Koi, body: Tone, patch: Tone, dark: Tone) {
    let outline = fish.outline();
    let shadow: Vec<_> = outline.iter().map(|&(x, y)| (x + 16.0, y + 26.0)).collect();
    canvas.fill(&blob(&shadow), &veil(dark, 0.28));
    fins(canvas, fish, body, patch);
    let shape = blob(&outline);
    let (from, to) = (fish.beside(0.4, 1.0), fish.beside(0.4, -1.0));
    canvas.fill(
        &shape,
        &gradient(&[body.mix(dark, 0.22), body, body.lighter(0.2), body, body.mix(dark, 0.22)], from, to),
    );
    canvas.within(&shape, |canvas| {
        for _ in 0..dice.whole(4, 6) {
            let (t, side, size) =
                (dice.between(0.05, 0.85), dice.between(-0.6, 0.6), fish.width * dice.between(0.45, 0.95));
            let (x, y) = fish.beside(t, side);
            let spot: Vec<_> = (0..9)
                .map(|index| {
                    let (angle, reach) = (index as f32 / 9.0 * TAU, size * dice.between(0.65, 1.2));
                    (x + reach * angle.cos(), y + reach * angle.sin())
                })
                .collect();
            canvas.fill(&blob(&spot), &veil(patch, 0.94));
        }
        for row in 4..17 {
            let t = row as f32 / 20.0;
            let scale: Vec<_> = (-4..=4)
                .map(|step| fish.beside(t + 0.03 * (1.0 - (step as f32 / 4.0).powi(2)), step as f32 / 4.0))
                .collect();
            canvas.stroke(&curve(&scale), 1.1, &veil(dark, 0.13));
        }
    });
    let ridge: Vec<_> =
        (5..=12).map(|step| fish.beside(step as f32 / 18.0, 0.06 * (step as f32 * 0.9).sin())).collect();
    canvas.stroke(&curve(&ridge), fish.width * 0.09, &veil(body.mix(patch, 0.4).lighter(0.3), 0.85));
    for side in [-1.0, 1.0] {
        let (x, y) = fish.beside(0.085, side * 0.56);
        canvas.fill(&circle(x, y, fish.width * 0.1), &flat(dark));
        canvas.stroke(
            &curve(&[
                fish.beside(0.01, side * 0.25),
                fish.beside(-0.0, side * 0.5),
                fish.beside(0.045, side * 1.0),
            ]),
            1.6,
            &veil(body, 0.9),
        );
    }
}

fn fins(canvas: &mut Canvas, fish: &Koi, body: Tone, patch: Tone) {
    let pale = body.mix(patch, 0.12).lighter(0.25);
    for (t, reach, back, width) in [(0.24, 2.5, 0.2, 0.85), (0.6, 1.5, 0.17, 0.5)] {
        for side in [-1.0, 1.0] {
            let (foot, tip) =
                (fish.beside(t, side * Koi::profile(t) * 0.7), fish.beside(t + back, side * reach));
            canvas.fill(&leaf(foot, tip, fish.width * width, 0.62), &veil(pale, 0.72));
            for ray in [-0.25, 0.0, 0.25] {
                let end = fish.beside(t + back * 0.8 + ray * 0.16, side * reach * 0.8);
                canvas.stroke(&curve(&[foot, end]), 1.0, &veil(patch, 0.35));
            }
        }
    }
    let foot = fish.beside(0.9, 0.0);
    let (before, end) = (fish.beside(0.86, 0.0), fish.beside(0.99, 0.0));
    let heading = (end.1 - before.1).atan2(end.0 - before.0);
    for (spread, reach) in [(-0.52, 2.6), (-0.2, 2.2), (0.2, 2.2), (0.52, 2.6)] {
        let (angle, reach) = (heading + spread, reach * fish.width);
        let tip = (foot.0 + reach * angle.cos(), foot.1 + reach * angle.sin());
        let ink = fade(pale, (foot.0, foot.1, 0.95), (tip.0, tip.1, 0.35));
        canvas.fill(&leaf(foot, tip, fish.width * 0.62, 0.6), &ink);
        canvas.stroke(
            &curve(&[foot, (mix(foot.0, tip.0, 0.85), mix(foot.1, tip.1, 0.85))]),
            1.1,
            &veil(patch, 0.4),
        );
    }
}

/// Lies near the edge, so that the fish stay in sight.
fn pad(canvas: &mut Canvas, dice: &Dice, mood: &Mood) {
    let angle = dice.unit() * TAU;
    let (x, y) = (WIDTH / 2.0 + 345.0 * angle.cos(), HEIGHT / 2.0 + 450.0 * angle.sin());
    let (radius, turn) = (dice.between(55.0, 105.0), dice.unit());
    let tone = mood.far.mix(hex(0x4f_9a5e), 0.55).mix(mood.near, dice.between(0.1, 0.4));
    canvas.fill(&circle(x + 12.0, y + 18.0, radius), &veil(mood.near, 0.26));
    canvas.fill(
        &sector(x, y, 0.0, radius, turn + 0.035, turn + 0.965),
        &gradient(&[tone.lighter(0.16), tone], (x, y - radius), (x, y + radius)),
    );
    for vein in 1..12 {
        let angle = (turn + vein as f32 / 12.0) * TAU;
        let end = (x + radius * 0.9 * angle.cos(), y + radius * 0.9 * angle.sin());
        canvas.stroke(&curve(&[(x, y), end]), 1.1, &veil(tone.lighter(0.45), 0.4));
    }
    if dice.chance(0.4) {
        for (count, reach, tone) in [(9, 0.52, hex(0xf7_c6d4)), (7, 0.34, hex(0xff_eef2))] {
            for petal in 0..count {
                let angle = petal as f32 / count as f32 * TAU;
                let tip = (x + radius * reach * angle.cos(), y + radius * reach * angle.sin());
                canvas.fill(&leaf((x, y), tip, radius * 0.24, 0.6), &flat(tone));
            }
        }
        canvas.fill(&circle(x, y, radius * 0.1), &flat(hex(0xf4_c04a)));
    }
}
