//! Star charts in fine gold lines.

use std::f32::consts::TAU;

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, flat, gradient, veil};
use crate::art::mood::*;
use crate::art::scenery::{sparkle, stars};
use crate::art::shapes::{circle, crescent, ellipse, leaf, line, mirrored, polygon, sector, turned};
use crate::art::tone::{Tone, hex};
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&INDIGO, &JADE, &EMBER, &MIDNIGHT, &VIOLET, &COPPER, &FJORD];

const SUBJECTS: [&str; 8] = [
    "the Heron",
    "the Clockmaker",
    "the Tall Ship",
    "the Fox",
    "the Loom",
    "the Otter",
    "the Lantern",
    "the Archer",
];
const GOLD: Tone = hex(0xf2_d08a);
const X: f32 = WIDTH / 2.0;
const Y: f32 = 462.0;

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let ground = mood.near.mix(mood.sky[0], 0.75);
    canvas.wash(&[ground.darker(0.2), ground.lighter(0.04), ground.darker(0.25)]);
    canvas.glow(X, Y, 520.0, mood.sky[1], 0.5);
    stars(canvas, dice, mood.light, 260, HEIGHT);
    frame(canvas);
    let heart = match dice.in_turn(4) {
        0 => sun_of_rays(canvas, dice),
        1 => great_moon(canvas, dice, mood),
        2 => compass(canvas, mood),
        _ => orrery(canvas, dice),
    };
    let points = constellation(canvas, dice, mood);
    base(canvas);
    Story {
        name: format!("Chart of {}, {}", dice.pick(&SUBJECTS), mood.word),
        alt: format!(
            "A gold line chart of the sky: {heart} inside a graduated ring, and a constellation of {points} stars."
        ),
    }
}

/// The place `radius` away from the middle; `turn` in whole turns.
fn around(radius: f32, turn: f32) -> (f32, f32) {
    (X + radius * (turn * TAU).cos(), Y + radius * (turn * TAU).sin())
}

fn orbit(canvas: &mut Canvas, radius: f32, width: f32) {
    canvas.stroke(&circle(X, Y, radius), width, &veil(GOLD, 0.85));
}

fn frame(canvas: &mut Canvas) {
    orbit(canvas, 292.0, 2.2);
    orbit(canvas, 284.0, 1.0);
    orbit(canvas, 250.0, 1.0);
    for tick in 0..120 {
        let (inner, width) = if tick % 10 == 0 { (250.0, 1.6) } else { (272.0, 0.9) };
        let turn = tick as f32 / 120.0;
        canvas.stroke(&line(&[around(inner, turn), around(284.0, turn)]), width, &veil(GOLD, 0.8));
    }
}

fn planet(canvas: &mut Canvas, (x, y): (f32, f32), size: f32) {
    canvas.stroke(&circle(x, y, size + 5.0), 0.9, &veil(GOLD, 0.6));
    let ink = gradient(&[GOLD.lighter(0.3), GOLD.darker(0.35)], (x - size, y - size), (x + size, y + size));
    canvas.fill(&circle(x, y, size), &ink);
}

fn planets_between(canvas: &mut Canvas, dice: &Dice, radius: f32) {
    let (first, count) = (dice.unit(), dice.whole(4, 7));
    for index in 0..count {
        let turn = first + (index as f32 + dice.between(-0.25, 0.25)) / count as f32;
        planet(canvas, around(radius, turn), dice.between(7.0, 17.0));
    }
}

fn sun_of_rays(canvas: &mut Canvas, dice: &Dice) -> &'static str {
    orbit(canvas, 180.0, 1.2);
    orbit(canvas, 172.0, 0.8);
    planets_between(canvas, dice, 215.0);
    canvas.glow(X, Y, 210.0, GOLD, 0.45);
    let rays = dice.whole(6, 9) * 2;
    for ray in 0..rays {
        let turn = ray as f32 / rays as f32;
        if ray % 2 == 0 {
            let (tip, foot) = (around(158.0, turn), around(70.0, turn));
            canvas.fill(&polygon(&[around(70.0, turn + 0.02), tip, around(70.0, turn - 0.02)]), &flat(GOLD));
            canvas.fill(&polygon(&[foot, tip, around(70.0, turn - 0.02)]), &veil(GOLD.darker(0.4), 0.55));
        } else {
            canvas.fill(&leaf(around(66.0, turn), around(132.0, turn + 0.01), 15.0, 0.4), &veil(GOLD, 0.75));
        }
    }
    canvas.fill(
        &circle(X, Y, 62.0),
        &gradient(&[GOLD.lighter(0.35), GOLD.darker(0.12)], (0.0, 400.0), (0.0, 525.0)),
    );
    for radius in [54.0, 40.0] {
        canvas.stroke(&circle(X, Y, radius), 1.2, &veil(GOLD.darker(0.5), 0.6));
    }
    canvas.fill(&sector(X, Y, 0.0, 40.0, 0.25, 0.75), &veil(GOLD.darker(0.45), 0.45));
    "a rayed sun"
}

fn great_moon(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> &'static str {
    orbit(canvas, 180.0, 1.2);
    planets_between(canvas, dice, 215.0);
    canvas.glow(X, Y, 230.0, GOLD, 0.4);
    canvas.fill(&circle(X, Y, 116.0), &veil(mood.near, 0.5));
    let ink = gradient(&[GOLD.lighter(0.35), GOLD.darker(0.15)], (X, Y - 116.0), (X, Y + 116.0));
    canvas.fill(&crescent(X, Y, 116.0, dice.between(0.22, 0.36)), &ink);
    orbit(canvas, 116.0, 1.4);
    orbit(canvas, 128.0, 0.8);
    for (dx, dy, size) in [(-40.0, -30.0, 15.0), (-10.0, 34.0, 9.0), (-58.0, 28.0, 7.0), (2.0, -56.0, 7.0)] {
        sparkle(canvas, X + dx, Y + dy, size, GOLD.lighter(0.3));
    }
    "a crescent moon"
}

fn compass(canvas: &mut Canvas, mood: &Mood) -> &'static str {
    canvas.glow(X, Y, 260.0, GOLD, 0.3);
    orbit(canvas, 150.0, 1.0);
    for (reach, wide, offset) in [(140.0, 0.03, 0.0625), (176.0, 0.045, 0.125), (242.0, 0.06, 0.0)] {
        let points = if offset == 0.0625 { 8 } else { 4 };
        for point in 0..points {
            let turn = point as f32 / points as f32 + offset;
            let foot = if points == 8 { 60.0 } else { 46.0 };
            let (tip, middle) = (around(reach, turn), (X, Y));
            let (left, right) = (around(foot, turn - wide * 2.0), around(foot, turn + wide * 2.0));
            canvas.fill(&polygon(&[tip, left, middle]), &flat(GOLD.lighter(0.15)));
            canvas.fill(&polygon(&[tip, right, middle]), &flat(GOLD.darker(0.42)));
        }
    }
    canvas.fill(&circle(X, Y, 27.0), &flat(mood.near));
    planet(canvas, (X, Y), 16.0);
    "a compass rose"
}

fn orrery(canvas: &mut Canvas, dice: &Dice) -> &'static str {
    canvas.glow(X, Y, 170.0, GOLD, 0.5);
    canvas.fill(&circle(X, Y, 30.0), &flat(GOLD.lighter(0.2)));
    for index in 0..5 {
        let (radius, turn) = (66.0 + index as f32 * 39.0, dice.unit());
        orbit(canvas, radius, 1.0);
        let (x, y) = around(radius, turn);
        let size = [7.0, 11.0, 10.0, 20.0, 15.0][index];
        planet(canvas, (x, y), size);
        if index >= 3 {
            canvas.stroke(
                &turned(ellipse(x, y, size * 1.8, size * 0.5), -20.0, x, y),
                1.6,
                &veil(GOLD.lighter(0.2), 0.95),
            );
        }
        sparkle(canvas, around(radius, turn + 0.5).0, around(radius, turn + 0.5).1, 6.0, GOLD);
    }
    "five planets on their orbits"
}

/// Joined stars above the chart; answers how many.
fn constellation(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> usize {
    let (count, wave) = (dice.whole(6, 9), dice.between(4.0, 9.0));
    let points: Vec<_> = (0..count)
        .map(|index| {
            let t = index as f32 / (count - 1) as f32;
            let sway = 40.0 * (t * wave).sin();
            (90.0 + t * 540.0 + dice.between(-24.0, 24.0), 112.0 + sway + dice.between(-30.0, 30.0))
        })
        .collect();
    let (from, side) = (points[count / 2], dice.side());
    let branch = (from.0 + side * 60.0, from.1.min(100.0) + 62.0);
    canvas.stroke(&line(&points), 1.2, &veil(GOLD, 0.7));
    canvas.stroke(&line(&[from, branch]), 1.2, &veil(GOLD, 0.7));
    for point in points.iter().chain([&branch]) {
        sparkle(canvas, point.0, point.1, dice.between(7.0, 13.0), mood.light);
    }
    count + 1
}

/// The phases of the moon, on an arc.
fn base(canvas: &mut Canvas) {
    for index in -3..=3_i32 {
        let (x, away) = (X + index as f32 * 74.0, index.unsigned_abs() as usize);
        let (y, lit) = (846.0 - (index * index) as f32 * 5.0, [1.0, 0.7, 0.4, 0.14][away]);
        let radius = 25.0 - away as f32 * 2.5;
        canvas.stroke(&circle(x, y, radius), 1.1, &veil(GOLD, 0.75));
        let shape = crescent(x, y, radius, lit);
        canvas.fill(&if index < 0 { shape } else { mirrored(shape, x) }, &veil(GOLD, 0.92));
    }
    let arc: Vec<_> =
        (-40..=40).map(|step| (X + step as f32 * 6.6, 892.0 - (step * step) as f32 * 0.035)).collect();
    canvas.stroke(&line(&arc), 1.0, &veil(GOLD, 0.6));
}
