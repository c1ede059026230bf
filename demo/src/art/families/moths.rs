//! Moths with patterned wings before the moon.

mod wings;

use std::f32::consts::TAU;

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, flat, gradient, veil};
use crate::art::mood::*;
use crate::art::noise::mix;
use crate::art::scenery::{sparkle, stars};
use crate::art::shapes::{circle, curve, ellipse, leaf, mirrored, sector};
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&INDIGO, &EMBER, &JADE, &VIOLET, &ROSE, &MIDNIGHT, &COPPER, &SAFFRON];

const KINDS: [&str; 6] =
    ["Lunar Moth", "Velvet Hawkmoth", "Lantern Moth", "Dusk Emperor", "Silk Wanderer", "Comet Moth"];
const MIDDLE: f32 = WIDTH / 2.0;

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let ground = mood.ground();
    canvas.wash(&[ground.lighter(0.03), ground.mix(mood.sky[1], 0.35), ground]);
    if mood.night {
        stars(canvas, dice, mood.light, 200, HEIGHT);
    }
    let backdrop = if dice.in_turn(3) > 0 { moon_disc(canvas, mood) } else { sunburst(canvas, mood) };
    sprigs(canvas, dice, mood);
    wings::wings(canvas, dice, mood);
    body(canvas, mood);
    phases(canvas, mood);
    Story {
        name: format!("{} of {}", dice.pick(&KINDS), mood.word),
        alt: format!("A symmetrical moth with patterned wings before {backdrop}, in {} tones.", mood.hue),
    }
}

fn moon_disc(canvas: &mut Canvas, mood: &Mood) -> &'static str {
    let disc = mood.sky[1].mix(mood.sky[2], 0.35);
    canvas.glow(MIDDLE, 440.0, 430.0, disc, if mood.night { 0.6 } else { 0.3 });
    canvas.fill(&circle(MIDDLE, 440.0, 268.0), &gradient(&[mood.sky[2], disc], (0.0, 180.0), (0.0, 700.0)));
    for radius in [286.0, 298.0] {
        canvas.stroke(&circle(MIDDLE, 440.0, radius), 1.5, &veil(mood.light.mix(mood.accent, 0.3), 0.7));
    }
    "a large moon"
}

fn sunburst(canvas: &mut Canvas, mood: &Mood) -> &'static str {
    let tone = mood.sky[1].mix(mood.sky[2], 0.25);
    canvas.glow(MIDDLE, 450.0, 460.0, tone, if mood.night { 0.5 } else { 0.2 });
    for ray in 0..24 {
        let turn = (ray as f32 + 0.5) / 24.0;
        let reach = if ray % 2 == 0 { 322.0 } else { 282.0 };
        canvas.fill(&sector(MIDDLE, 450.0, 120.0, reach, turn - 0.0105, turn + 0.0105), &veil(tone, 0.8));
        let (x, y) =
            (MIDDLE + (reach + 16.0) * (turn * TAU).cos(), 450.0 + (reach + 16.0) * (turn * TAU).sin());
        canvas.fill(&circle(x, y, 4.0), &veil(mood.light.mix(mood.accent, 0.3), 0.85));
    }
    "a burst of rays"
}

fn body(canvas: &mut Canvas, mood: &Mood) {
    let dark = mood.near.mix(mood.sky[0], 0.1);
    for side in [1.0, -1.0] {
        let tip = (MIDDLE + side * 86.0, 300.0);
        canvas.stroke(
            &curve(&[(MIDDLE + side * 6.0, 420.0), (MIDDLE + side * 34.0, 350.0), tip]),
            3.2,
            &flat(dark),
        );
        for step in 0..11 {
            let t = 0.25 + step as f32 * 0.07;
            let from = (mix(MIDDLE + side * 6.0, tip.0, t), mix(420.0, 300.0, t.powf(0.85)));
            canvas.stroke(&curve(&[from, (from.0 + side * 13.0, from.1 + 5.0)]), 1.7, &flat(dark));
            canvas.stroke(&curve(&[from, (from.0 - side * 4.0, from.1 - 13.0)]), 1.7, &flat(dark));
        }
    }
    canvas.fill(
        &ellipse(MIDDLE, 560.0, 21.0, 96.0),
        &gradient(&[mood.accent, dark], (0.0, 470.0), (0.0, 660.0)),
    );
    for band in 0..7 {
        let y = 520.0 + band as f32 * 18.0;
        let half = 20.0 * (1.0 - ((y - 560.0) / 98.0).powi(2)).max(0.0).sqrt();
        canvas.stroke(
            &curve(&[(MIDDLE - half, y), (MIDDLE, y + 5.0), (MIDDLE + half, y)]),
            3.4,
            &veil(dark, 0.75),
        );
    }
    canvas.fill(&ellipse(MIDDLE, 468.0, 30.0, 46.0), &flat(mood.light.mix(mood.accent, 0.35)));
    canvas.fill(&ellipse(MIDDLE, 480.0, 24.0, 30.0), &veil(dark, 0.3));
    canvas.fill(&circle(MIDDLE, 424.0, 19.0), &flat(dark));
}

fn sprigs(canvas: &mut Canvas, dice: &Dice, mood: &Mood) {
    let tone = if mood.night { mood.far.lighter(0.1) } else { mood.near.mix(mood.far, 0.4) };
    let lean = dice.between(20.0, 70.0);
    for side in [1.0, -1.0] {
        let at = |t: f32| (MIDDLE + side * mix(20.0, 250.0 + lean, t), mix(900.0, 690.0, t.powf(1.7)));
        let points: Vec<_> = (0..=8).map(|step| at(step as f32 / 8.0)).collect();
        canvas.stroke(&curve(&points), 3.0, &flat(tone));
        for step in 1..10 {
            let t = step as f32 / 10.0;
            let (from, size) = (at(t), mix(46.0, 27.0, t));
            for up in [-1.0, 0.45] {
                let tip = (from.0 + side * size * 0.75, from.1 + up * size);
                canvas.fill(&leaf(from, tip, size * 0.4, 0.45), &flat(tone));
            }
        }
    }
}

/// The phases of the moon above, the full one in the middle.
fn phases(canvas: &mut Canvas, mood: &Mood) {
    let tone = if mood.night { mood.light } else { mood.near };
    for index in -2..=2_i32 {
        let (x, y) = (MIDDLE + index as f32 * 66.0, 104.0 + (index * index) as f32 * 6.0);
        let lit = [1.0, 0.5, 0.2][index.unsigned_abs() as usize];
        let shape = crate::art::shapes::crescent(x, y, 17.0 - index.unsigned_abs() as f32 * 2.0, lit);
        canvas.fill(&if index < 0 { shape } else { mirrored(shape, x) }, &veil(tone, 0.92));
    }
    if mood.night {
        for (x, y) in [(120.0, 210.0), (600.0, 210.0), (96.0, 690.0), (624.0, 690.0)] {
            sparkle(canvas, x, y, 11.0, mood.light);
        }
    }
}
