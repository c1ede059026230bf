//! Lines that follow an unseen current, thousands of them.

use std::f32::consts::TAU;

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, veil};
use crate::art::mood::*;
use crate::art::noise::Noise;
use crate::art::shapes::line;
use crate::art::tone::{Tone, ramp};
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] =
    &[&LAGOON, &EMBER, &INK, &INDIGO, &ROSE, &JADE, &SAFFRON, &MIDNIGHT, &CORAL];

const TITLES: [&str; 6] = ["Drift", "Undertow", "Slow River", "Trade Wind", "Murmuration", "Silk Current"];

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let ground = mood.ground();
    canvas.wash(&[ground.lighter(0.03), ground, ground.mix(mood.near, 0.12)]);
    let (field, shade) = (Noise::new(dice.next()), Noise::new(dice.next()));
    let (scale, twist, lean) = (dice.between(420.0, 640.0), dice.between(0.4, 0.8), dice.unit());
    let sun =
        (WIDTH * dice.between(0.32, 0.68), HEIGHT * dice.between(0.28, 0.5), dice.between(130.0, 185.0));
    let outside = [mood.near, mood.sky[1], mood.far, mood.sky[0]];
    let inside = [mood.accent, mood.light.mix(mood.accent, 0.4), mood.light];
    let outside: Vec<_> = (0..32).map(|index| ramp(&outside, index as f32 / 31.0)).collect();
    let inside: Vec<_> = (0..32).map(|index| ramp(&inside, index as f32 / 31.0)).collect();
    if mood.night {
        canvas.glow(sun.0, sun.1, sun.2 * 2.4, mood.accent, 0.35);
    }
    for start in starts(dice) {
        let points = follow(&field, start, scale, twist, lean);
        let place = 0.5 + 0.5 * shade.layered(start.0 / 240.0, start.1 / 240.0, 3);
        let index = (place.clamp(0.0, 1.0) * 31.0) as usize;
        let width = dice.between(1.0, 3.6);
        pieces(canvas, &points, sun, width, (outside[index], inside[index]));
    }
    Story {
        name: format!("{} in {}", dice.pick(&TITLES), mood.word),
        alt: format!(
            "Thousands of fine flowing lines in {} tones, brighter inside a circle like a sun.",
            mood.hue
        ),
    }
}

/// Evenly spread, in no order.
fn starts(dice: &Dice) -> Vec<(f32, f32)> {
    let step = 19.0;
    let mut starts = vec![];
    for row in -3..=(HEIGHT / step) as i32 + 3 {
        for column in -3..=(WIDTH / step) as i32 + 3 {
            let at = |index: i32, dice: &Dice| (index as f32 + dice.unit()) * step;
            starts.push((at(column, dice), at(row, dice)));
        }
    }
    dice.shuffle(&mut starts);
    starts
}

fn follow(field: &Noise, start: (f32, f32), scale: f32, twist: f32, lean: f32) -> Vec<(f32, f32)> {
    let mut at = start;
    (0..34)
        .map(|_| {
            let angle = (lean + twist * field.layered(at.0 / scale, at.1 / scale, 2)) * TAU;
            at = (at.0 + 6.5 * angle.cos(), at.1 + 6.5 * angle.sin());
            at
        })
        .collect()
}

/// Draws a line in one tone outside the sun and in another inside.
fn pieces(canvas: &mut Canvas, points: &[(f32, f32)], sun: (f32, f32, f32), width: f32, tones: (Tone, Tone)) {
    let within = |point: &(f32, f32)| (point.0 - sun.0).hypot(point.1 - sun.1) < sun.2;
    for piece in
        points.chunk_by(|first, second| within(first) == within(second)).filter(|piece| piece.len() > 1)
    {
        let tone = if within(&piece[0]) { tones.1 } else { tones.0 };
        canvas.stroke(&line(piece), width, &veil(tone, 0.86));
    }
}
