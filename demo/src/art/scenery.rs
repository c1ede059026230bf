//! What several landscapes share: sky, sun, moon, stars, ridges, water and trees.

use std::f32::consts::TAU;

use super::canvas::{Canvas, HEIGHT, Ink, WIDTH, flat, gradient, veil, vertical};
use super::mood::Mood;
use super::noise::{Noise, mix, step};
use super::shapes::{below, circle, crescent, polygon, turned};
use super::tone::Tone;
use crate::dice::Dice;

/// A gradient down to the horizon with thin streaks of cloud.
pub(crate) fn sky(canvas: &mut Canvas, dice: &Dice, mood: &Mood, horizon: f32) {
    canvas.wash(&[mood.sky[2]]);
    let noise = Noise::new(dice.next());
    canvas
        .fill(&super::shapes::rectangle(0.0, 0.0, WIDTH, horizon + 2.0), &vertical(&mood.sky, 0.0, horizon));
    let glow = mood.sky[2].lighter(0.25);
    canvas.each_pixel(0.0, |x, y, tone| {
        let streak = noise.layered(x / 330.0, y / 46.0, 3);
        tone.blend(glow, step(0.12, 0.95, streak) * 0.30 * step(HEIGHT * 0.05, horizon, y))
    });
}

pub(crate) fn sun(canvas: &mut Canvas, mood: &Mood, x: f32, y: f32, radius: f32) {
    canvas.glow(x, y, radius * 5.2, mood.light.mix(mood.accent, 0.35), 0.55);
    canvas.glow(x, y, radius * 2.0, mood.light, 0.55);
    let lower = if mood.night { mood.light.mix(mood.accent, 0.45) } else { mood.light.mix(mood.sky[2], 0.5) };
    canvas.fill(&circle(x, y, radius), &vertical(&[mood.light, lower], y - radius, y + radius));
}

/// Full when `lit` is 1.
pub(crate) fn moon(canvas: &mut Canvas, dice: &Dice, mood: &Mood, (x, y, radius): (f32, f32, f32), lit: f32) {
    canvas.glow(x, y, radius * 4.5, mood.light, 0.34);
    let shape =
        if lit >= 1.0 { circle(x, y, radius) } else { turned(crescent(x, y, radius, lit), -24.0, x, y) };
    canvas.fill(
        &shape,
        &gradient(&[mood.light, mood.light.mix(mood.sky[1], 0.24)], (x, y - radius), (x, y + radius)),
    );
    canvas.within(&shape, |canvas| {
        for _ in 0..7 {
            let (angle, away) = (dice.unit() * TAU, radius * dice.between(0.1, 0.85));
            let crater =
                circle(x + away * angle.cos(), y + away * angle.sin(), radius * dice.between(0.06, 0.2));
            canvas.fill(&crater, &veil(mood.sky[1], 0.11));
        }
    });
}

/// Small and many, a few large, fewer towards `lowest`.
pub(crate) fn stars(canvas: &mut Canvas, dice: &Dice, tone: Tone, count: usize, lowest: f32) {
    for _ in 0..count {
        let (x, y) = (dice.unit() * WIDTH, lowest * dice.unit().powf(1.3));
        let fading = 1.0 - 0.75 * y / lowest;
        let size = 0.5 + 1.25 * dice.unit().powi(4);
        canvas.fill(&circle(x, y, size), &veil(tone, fading * dice.between(0.35, 0.95)));
    }
    for _ in 0..count / 40 {
        let (x, y) = (dice.between(40.0, WIDTH - 40.0), dice.between(40.0, lowest * 0.7));
        sparkle(canvas, x, y, dice.between(6.0, 11.0), tone);
    }
}

pub(crate) fn sparkle(canvas: &mut Canvas, x: f32, y: f32, size: f32, tone: Tone) {
    canvas.glow(x, y, size * 2.4, tone, 0.5);
    let rays: Vec<_> = (0..8)
        .map(|ray| {
            let (angle, reach) = (ray as f32 / 8.0 * TAU, if ray % 2 == 0 { size } else { size * 0.14 });
            (x + reach * angle.cos(), y + reach * angle.sin())
        })
        .collect();
    canvas.fill(&polygon(&rays), &flat(tone));
}

/// The crest of one ridge, left to right: `sharp` 0 rolls, 1 has peaks.
pub(crate) fn crest(noise: Noise, base: f32, height: f32, scale: f32, sharp: f32) -> Vec<(f32, f32)> {
    (-2..=182)
        .map(|index| {
            let x = index as f32 * 4.0;
            let rolling = noise.layered(x / scale, 3.7, 5);
            let peaked = 1.0 - 2.0 * noise.layered(x / scale, 9.1, 5).abs();
            (x, base - height * (0.5 + 0.5 * mix(rolling, peaked, sharp)))
        })
        .collect()
}

/// `count` ridges from far to near, each paler at its foot as if mist lay there.
pub(crate) fn ridges(canvas: &mut Canvas, dice: &Dice, mood: &Mood, (top, bottom): (f32, f32), count: usize) {
    for index in 0..count {
        let near = index as f32 / (count - 1).max(1) as f32;
        let base = mix(top, bottom, near.powf(1.15));
        let height = mix(150.0, 95.0, near) * dice.between(0.8, 1.25);
        let points = crest(Noise::new(dice.next()), base, height, mix(210.0, 330.0, near), 0.75 - 0.6 * near);
        let tone = mood.far.mix(mood.near, near.powf(1.25));
        let foot = tone.mix(mood.sky[2], 0.62 * (1.0 - near) + 0.06);
        let reach = (bottom - top) / count as f32 + height * 0.9;
        canvas
            .fill(&below(&points, HEIGHT + 4.0), &vertical(&[tone, foot], base - height * 0.8, base + reach));
    }
}

/// Still water from `shore` down: the picture above, turned over, darker and rippled.
pub(crate) fn water(canvas: &mut Canvas, dice: &Dice, mood: &Mood, shore: f32) {
    let (above, noise) = (canvas.clone(), Noise::new(dice.next()));
    let deep = mood.near.mix(mood.sky[0], 0.35);
    canvas.each_pixel(shore, |x, y, _| {
        let away = (y - shore) / (HEIGHT - shore);
        let ripple = noise.layered(x / 140.0, y / mix(2.5, 8.0, away), 2);
        let mirrored =
            above.tone_at(x + ripple * mix(2.0, 18.0, away), shore - (y - shore) * 1.4 + ripple * 7.0 * away);
        let glint = step(0.45, 0.8, ripple) * 0.12;
        mirrored.blend(deep, 0.16 + 0.34 * away).blend(mood.light, glint)
    });
    canvas.fill(&super::shapes::rectangle(0.0, shore - 1.0, WIDTH, 2.0), &veil(mood.light, 0.35));
}

/// A conifer standing at `foot`.
pub(crate) fn pine(canvas: &mut Canvas, dice: &Dice, foot: (f32, f32), height: f32, ink: &Ink) {
    let (x, y) = foot;
    let tiers = 7 + (height / 40.0) as usize;
    let half = height * dice.between(0.15, 0.2);
    let mut right = vec![(x, y - height)];
    let mut left = vec![];
    for tier in 1..=tiers {
        let down = tier as f32 / tiers as f32;
        let (level, reach) = (y - height * (1.0 - down * 0.94), half * down.powf(0.85));
        for (side, points) in [(1.0, &mut right), (-1.0, &mut left)] {
            let wide = reach * dice.between(0.8, 1.12);
            points.push((x + side * wide, level + height * 0.018));
            points.push((x + side * wide * 0.42, level - height * 0.008));
        }
    }
    right.extend([(x + height * 0.012, y - height * 0.05), (x + height * 0.012, y + 4.0)]);
    right.extend([(x - height * 0.012, y + 4.0), (x - height * 0.012, y - height * 0.05)]);
    left.reverse();
    right.extend(left);
    canvas.fill(&polygon(&right), ink);
}

/// A few birds far away.
pub(crate) fn birds(canvas: &mut Canvas, dice: &Dice, (x, y): (f32, f32), tone: Tone) {
    for _ in 0..dice.whole(4, 7) {
        let (bx, by, span) =
            (x + dice.between(-90.0, 90.0), y + dice.between(-38.0, 38.0), dice.between(7.0, 14.0));
        let lift = span * dice.between(0.35, 0.6);
        let wings = [
            (bx - span, by - lift * 0.5),
            (bx - span * 0.45, by - lift),
            (bx, by),
            (bx + span * 0.45, by - lift),
            (bx + span, by - lift * 0.4),
        ];
        canvas.stroke(&super::shapes::curve(&wings), 2.0, &veil(tone, 0.8));
    }
}
