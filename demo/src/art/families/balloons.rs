//! Hot-air balloons above clouds.

use std::f32::consts::TAU;

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, flat, gradient, veil, vertical};
use crate::art::mood::*;
use crate::art::noise::mix;
use crate::art::scenery::{ridges, sky, stars, sun};
use crate::art::shapes::{circle, curve, joined, outline, rectangle, rounded};
use crate::art::tone::Tone;
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&LAGOON, &ROSE, &SAFFRON, &CORAL, &FROST, &VIOLET, &MEADOW, &INDIGO];

const NAMES: [&str; 6] = [
    "Cloud Regatta",
    "High Drift",
    "The Quiet Ascent",
    "Above the Weather",
    "Morning Flight",
    "Silk and Fire",
];
const COUNTS: [&str; 5] = ["", "One", "Two", "Three", "Four"];

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    sky(canvas, dice, mood, 820.0);
    if mood.night {
        stars(canvas, dice, mood.light, 240, 600.0);
    }
    let x = WIDTH * (0.5 + dice.side() * 0.27);
    sun(canvas, mood, x, dice.between(150.0, 300.0), dice.between(50.0, 80.0));
    clouds(canvas, dice, mood, 470.0, 0.35);
    ridges(canvas, dice, mood, (720.0, 900.0), 3);
    let count = dice.whole(2, 4);
    for index in 1..count {
        let spot = (mix(120.0, 600.0, dice.unit()), dice.between(170.0, 560.0));
        balloon(canvas, dice, mood, spot, 34.0 + 16.0 * index as f32, 0.35);
    }
    clouds(canvas, dice, mood, 760.0, 0.6);
    let spot = (WIDTH - x + dice.between(-30.0, 60.0), dice.between(360.0, 430.0));
    balloon(canvas, dice, mood, (spot.0.clamp(210.0, 510.0), spot.1), dice.between(140.0, 172.0), 0.0);
    clouds(canvas, dice, mood, 890.0, 0.95);
    Story {
        name: format!("{} in {}", dice.pick(&NAMES), mood.word),
        alt: format!(
            "{} striped hot-air balloons floating above clouds and {} hills.",
            COUNTS[count], mood.hue
        ),
    }
}

/// `far` 1 melts into the sky.
fn balloon(canvas: &mut Canvas, dice: &Dice, mood: &Mood, (x, y): (f32, f32), radius: f32, far: f32) {
    let mist = mood.sky[1];
    let tone = |tone: Tone| tone.mix(mist, far);
    let mut colours = [
        mood.accent,
        mood.light,
        mood.near.mix(mood.sky[0], 0.4),
        mood.far,
        mood.sky[0].mix(mood.near, 0.25),
    ];
    dice.shuffle(&mut colours[1..]);
    let used = dice.whole(2, 4);
    let bottom = y + radius * 1.32;
    let envelope = |squeeze: f32| {
        outline(|path| {
            let half = radius * squeeze;
            path.move_to(x, y - radius);
            path.cubic_to(
                x + half * 0.62,
                y - radius,
                x + half * 1.02,
                y - radius * 0.52,
                x + half,
                y + radius * 0.08,
            );
            path.cubic_to(
                x + half * 0.96,
                y + radius * 0.55,
                x + half * 0.42,
                y + radius * 0.9,
                x + half * 0.16,
                bottom,
            );
            path.line_to(x - half * 0.16, bottom);
            path.cubic_to(
                x - half * 0.42,
                y + radius * 0.9,
                x - half * 0.96,
                y + radius * 0.55,
                x - half,
                y + radius * 0.08,
            );
            path.cubic_to(x - half * 1.02, y - radius * 0.52, x - half * 0.62, y - radius, x, y - radius);
            path.close();
        })
    };
    let basket = (radius * 0.3, radius * 0.24, bottom + radius * 0.32);
    for side in [-1.0, 1.0] {
        let rope = [(x + side * radius * 0.15, bottom), (x + side * basket.0 * 0.45, basket.2)];
        canvas.stroke(&curve(&rope), (radius * 0.012).max(0.9), &flat(tone(mood.near)));
    }
    canvas.fill(
        &rounded(x - basket.0 / 2.0, basket.2, basket.0, basket.1, radius * 0.05),
        &flat(tone(mood.near.mix(mood.accent, 0.3))),
    );
    canvas.fill(&rectangle(x - basket.0 / 2.0, basket.2, basket.0, basket.1 * 0.2), &flat(tone(mood.near)));
    canvas.glow(x, bottom + radius * 0.06, radius * 0.4, mood.light, 0.6);
    for (index, squeeze) in [1.0, 0.86, 0.64, 0.39, 0.14].into_iter().enumerate() {
        canvas.fill(&envelope(squeeze), &flat(tone(colours[index % used])));
    }
    let whole = envelope(1.0);
    canvas.within(&whole, |canvas| {
        if dice.chance(0.6) {
            let band = rectangle(x - radius, y - radius * 0.1, radius * 2.0, radius * 0.24);
            canvas.fill(&band, &veil(tone(colours[used % 5]), 0.92));
            canvas.fill(
                &rectangle(x - radius, y - radius * 0.16, radius * 2.0, radius * 0.025),
                &flat(tone(mood.light)),
            );
            canvas.fill(
                &rectangle(x - radius, y + radius * 0.175, radius * 2.0, radius * 0.025),
                &flat(tone(mood.light)),
            );
        }
        let shade = tone(mood.near);
        canvas.fill(
            &whole,
            &crate::art::canvas::fade(shade, (x - radius * 0.1, 0.0, 0.0), (x + radius * 1.1, 0.0, 0.42)),
        );
        canvas.glow(x - radius * 0.42, y - radius * 0.4, radius * 0.8, mood.light, 0.4 * (1.0 - far));
    });
}

fn clouds(canvas: &mut Canvas, dice: &Dice, mood: &Mood, level: f32, solid: f32) {
    let tone = mood.sky[2].mix(mood.light, 0.55);
    for _ in 0..dice.whole(2, 4) {
        let (x, y) = (dice.between(-40.0, WIDTH + 40.0), level + dice.between(-46.0, 46.0));
        let wide = dice.between(90.0, 180.0) * (0.7 + 0.5 * solid);
        let mut puffs = vec![];
        for index in 0..7 {
            let t = index as f32 / 6.0;
            let size = wide * (0.16 + 0.26 * (t * TAU / 2.0).sin()) * dice.between(0.8, 1.2);
            puffs.push(circle(x + wide * (t - 0.5) * 1.7, y - size * 0.55, size));
        }
        let cloud = joined(&puffs);
        canvas.within(&rectangle(-10.0, -10.0, WIDTH + 20.0, y + 10.0), |canvas| {
            canvas.fill(&cloud, &vertical(&[tone, tone.mix(mood.sky[1], 0.35)], y - wide * 0.45, y));
        });
        let foot = rounded(x - wide * 1.0, y - 6.0, wide * 2.0, 16.0, 8.0);
        canvas.fill(&foot, &gradient(&[tone.mix(mood.sky[1], 0.3)], (0.0, y), (0.0, HEIGHT)));
    }
}
