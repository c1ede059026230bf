//! The sea in layered waves, with a sail or a lighthouse.

use std::f32::consts::TAU;

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, fade, flat, veil, vertical};
use crate::art::mood::*;
use crate::art::noise::{Noise, mix};
use crate::art::scenery::{birds, moon, sky, stars, sun};
use crate::art::shapes::{below, blob, curve, outline, polygon, rectangle};
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&LAGOON, &ROSE, &INDIGO, &CORAL, &FJORD, &INK, &EMBER, &FROST, &JADE];

const WATERS: [&str; 4] = ["the Open Strait", "Harbour Bay", "the Long Swell", "Seven Tides"];

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let horizon = dice.between(430.0, 520.0);
    sky(canvas, dice, mood, horizon);
    let x = WIDTH * (0.5 + dice.side() * dice.between(0.04, 0.2));
    let light = if mood.night {
        stars(canvas, dice, mood.light, 200, horizon);
        moon(canvas, dice, mood, (x, horizon - dice.between(170.0, 260.0), 62.0), 1.0);
        "A full moon"
    } else {
        sun(canvas, mood, x, horizon - dice.between(-10.0, 120.0), dice.between(80.0, 130.0));
        birds(canvas, dice, (WIDTH - x, horizon * 0.45), mood.near);
        "A low sun"
    };
    flat_water(canvas, dice, mood, horizon, x);
    let guest = if dice.in_turn(2) == 0 {
        lighthouse(canvas, dice, mood, horizon, if x > WIDTH / 2.0 { -1.0 } else { 1.0 });
        "a lighthouse on a headland"
    } else {
        sail(
            canvas,
            mood,
            (WIDTH - x + dice.between(-60.0, 60.0), horizon + dice.between(34.0, 70.0)),
            dice.between(110.0, 170.0),
        );
        "a small sailing boat"
    };
    waves(canvas, dice, mood, horizon + 110.0);
    Story {
        name: format!("{} across {}", mood.word, dice.pick(&WATERS)),
        alt: format!("{light} over a {} sea with rows of curling waves and {guest}.", mood.hue),
    }
}

/// Calm water far out, with the light's path on it.
fn flat_water(canvas: &mut Canvas, dice: &Dice, mood: &Mood, horizon: f32, x: f32) {
    let far = mood.sky[2].mix(mood.far, 0.75);
    canvas.fill(
        &rectangle(0.0, horizon, WIDTH, HEIGHT),
        &vertical(&[far, mood.far.mix(mood.near, 0.4)], horizon, 800.0),
    );
    for row in 0..34 {
        let down = row as f32 / 33.0;
        let y = horizon + 4.0 + down.powf(1.4) * 190.0;
        let half = mix(26.0, 120.0, down) * dice.between(0.35, 1.0);
        let shift = dice.between(-34.0, 34.0) * (0.3 + down);
        canvas.stroke(
            &curve(&[(x + shift - half, y), (x + shift + half, y)]),
            mix(1.4, 4.0, down),
            &veil(mood.light, mix(0.75, 0.25, down)),
        );
    }
}

fn waves(canvas: &mut Canvas, dice: &Dice, mood: &Mood, top: f32) {
    let rows = 7;
    for row in 0..rows {
        let near = row as f32 / (rows - 1) as f32;
        let (base, swell) = (mix(top, 905.0, near.powf(1.15)), mix(7.0, 25.0, near));
        let (length, phase) = (mix(105.0, 255.0, near), dice.unit() * 260.0);
        let noise = Noise::new(dice.next());
        // A trochoid, the path of a floating cork: round troughs and narrow crests that lean forward.
        let points: Vec<_> = (-60..=260)
            .map(|index| {
                let x = index as f32 * 4.0;
                let angle = (x + phase) / length * TAU;
                let strength = swell * (0.85 + 0.4 * noise.at(x / 260.0, 0.0));
                (
                    x - strength * 1.45 * (angle + 0.35).sin(),
                    base - strength * angle.cos() - 9.0 * noise.at(x / 330.0, 7.0),
                )
            })
            .collect();
        let tone = mood.far.mix(mood.sky[1], 0.25).mix(mood.near, 0.18 + 0.82 * near);
        let shape = below(&points, HEIGHT + 4.0);
        canvas.fill(&shape, &vertical(&[tone.mix(mood.light, 0.14), tone], base - swell, base + 90.0));
        canvas.within(&shape, |canvas| {
            for (depth, alpha) in [(8.0, 0.34), (17.0, 0.2), (28.0, 0.11), (41.0, 0.06)] {
                let lower: Vec<_> =
                    points.iter().map(|&(x, y)| (x, y + depth * (0.6 + 0.7 * near))).collect();
                canvas.stroke(&curve(&lower), 1.0 + 1.4 * near, &veil(mood.light, alpha));
            }
        });
        canvas.stroke(&curve(&points), 2.0 + 2.2 * near, &veil(mood.light, 0.9 - 0.2 * near));
    }
}

fn sail(canvas: &mut Canvas, mood: &Mood, (x, y): (f32, f32), size: f32) {
    let hull = outline(|path| {
        path.move_to(x - size * 0.42, y - size * 0.1);
        path.line_to(x + size * 0.48, y - size * 0.12);
        path.quad_to(x + size * 0.34, y + size * 0.06, x + size * 0.1, y + size * 0.06);
        path.line_to(x - size * 0.2, y + size * 0.06);
        path.quad_to(x - size * 0.38, y + size * 0.04, x - size * 0.42, y - size * 0.1);
        path.close();
    });
    let main = outline(|path| {
        path.move_to(x, y - size * 1.05);
        path.quad_to(x + size * 0.36, y - size * 0.55, x + size * 0.42, y - size * 0.16);
        path.line_to(x, y - size * 0.15);
        path.close();
    });
    let jib = polygon(&[
        (x - size * 0.03, y - size * 0.9),
        (x - size * 0.03, y - size * 0.15),
        (x - size * 0.36, y - size * 0.15),
    ]);
    canvas.fill(&main, &flat(mood.light));
    canvas.fill(&jib, &flat(mood.accent));
    canvas.fill(&hull, &flat(mood.near));
    canvas.fill(&rectangle(x - size * 0.5, y + size * 0.055, size, 3.0), &veil(mood.light, 0.5));
}

fn lighthouse(canvas: &mut Canvas, dice: &Dice, mood: &Mood, horizon: f32, side: f32) {
    let x = WIDTH / 2.0 + side * dice.between(170.0, 230.0);
    let (foot, height) = (horizon - 18.0, dice.between(190.0, 240.0));
    let edge = WIDTH / 2.0 + side * 440.0;
    let land = [
        (edge, foot - 30.0),
        (x + side * 40.0, foot - 6.0),
        (x - side * 50.0, foot + 8.0),
        (x - side * 150.0, foot + 52.0),
        (x, foot + 100.0),
        (edge, foot + 110.0),
    ];
    canvas.glow(x, foot - height, 210.0, mood.light, 0.7);
    let beam = polygon(&[
        (x, foot - height),
        (x - side * 720.0, foot - height - 120.0),
        (x - side * 720.0, foot - height + 30.0),
    ]);
    canvas.fill(&beam, &fade(mood.light, (x, 0.0, 0.42), (x - side * 520.0, 0.0, 0.0)));
    let wide = |level: f32| mix(25.0, 15.0, level);
    for band in 0..5 {
        let (low, high) = (band as f32 / 5.0, (band + 1) as f32 / 5.0);
        let ring = polygon(&[
            (x - wide(low), foot - height * 0.9 * low + 8.0),
            (x + wide(low), foot - height * 0.9 * low + 8.0),
            (x + wide(high), foot - height * 0.9 * high),
            (x - wide(high), foot - height * 0.9 * high),
        ]);
        canvas.fill(&ring, &flat(if band % 2 == 0 { mood.light } else { mood.accent }));
    }
    canvas.fill(&rectangle(x - 20.0, foot - height * 0.9 - 6.0, 40.0, 6.0), &flat(mood.near));
    canvas.fill(&rectangle(x - 11.0, foot - height * 1.02, 22.0, height * 0.1), &flat(mood.light));
    canvas.fill(
        &polygon(&[
            (x - 17.0, foot - height * 1.02),
            (x + 17.0, foot - height * 1.02),
            (x, foot - height * 1.13),
        ]),
        &flat(mood.near),
    );
    canvas.fill(&blob(&land), &flat(mood.far.mix(mood.near, 0.7)));
}
