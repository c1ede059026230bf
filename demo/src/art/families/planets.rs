//! Worlds with rings and moons before a nebula.

use std::f32::consts::TAU;

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, veil, vertical};
use crate::art::mood::*;
use crate::art::noise::{Noise, mix, step};
use crate::art::scenery::{crest, stars};
use crate::art::shapes::{below, ellipse, turned};
use crate::art::tone::{Tone, ramp};
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&VIOLET, &MIDNIGHT, &EMBER, &INDIGO, &CORAL, &COPPER, &JADE, &LAGOON];

const WORLDS: [&str; 8] = ["Orison", "Tethra", "Calyx", "Marrow", "Ysolde", "Halden", "Veyra", "Ostara"];

struct World {
    x: f32,
    y: f32,
    radius: f32,
    /// Where its light comes from.
    sun: [f32; 3],
}

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let night = mood.near.mix(mood.sky[0], 0.25).darker(0.25);
    canvas.wash(&[night, mood.sky[0].mix(night, 0.5), night]);
    nebula(canvas, dice, mood, night);
    stars(canvas, dice, mood.light, 420, HEIGHT);

    let angle = dice.between(-2.6, -0.6);
    let sun = [angle.cos() * 0.75, angle.sin() * 0.75, 0.62];
    let ground = dice.chance(0.55);
    let world = World {
        x: WIDTH * dice.between(0.42, 0.58),
        y: HEIGHT * if ground { dice.between(0.34, 0.42) } else { dice.between(0.45, 0.52) },
        radius: dice.between(150.0, 205.0),
        sun,
    };
    let rings = dice.in_turn(3) > 0;
    let tilt = dice.between(-32.0, 32.0);
    if rings {
        draw_rings(canvas, mood, &world, tilt, false);
    }
    sphere(canvas, dice, &world, &[mood.sky[1], mood.far.lighter(0.1), mood.accent, mood.light], tilt);
    if rings {
        draw_rings(canvas, mood, &world, tilt, true);
    }
    let moons = dice.whole(1, 2);
    for _ in 0..moons {
        let around = dice.unit() * TAU;
        let away = world.radius * dice.between(1.7, 2.0);
        let (x, y) = (world.x + away * around.cos() * 0.72, world.y + away * around.sin());
        let small = World { x, y, radius: dice.between(18.0, 38.0), sun };
        sphere(canvas, dice, &small, &[mood.light, mood.far, mood.light], 0.0);
    }
    if ground {
        shore(canvas, dice, mood);
    }
    let body = if rings { "A ringed planet" } else { "A banded planet" };
    let moons = if moons == 1 { "one moon" } else { "two moons" };
    let rising = if ground { ", seen from dark hills" } else { " in deep space" };
    Story {
        name: format!("{} World {}", mood.word, dice.pick(&WORLDS)),
        alt: format!("{body} with {moons} before stars and a {} nebula{rising}.", mood.hue),
    }
}

/// Dark hills, the sky behind them still bright.
fn shore(canvas: &mut Canvas, dice: &Dice, mood: &Mood) {
    canvas.glow(WIDTH / 2.0, 930.0, 560.0, mood.sky[2], 0.38);
    for (base, near) in [(850.0, 0.4), (905.0, 0.7), (965.0, 1.0)] {
        let points = crest(Noise::new(dice.next()), base, 120.0, 230.0, 0.35);
        let tone = mood.far.mix(mood.near, near);
        let ink = vertical(&[tone, tone.mix(mood.sky[1], 0.25)], base - 90.0, base + 90.0);
        canvas.fill(&below(&points, HEIGHT + 4.0), &ink);
    }
}

fn nebula(canvas: &mut Canvas, dice: &Dice, mood: &Mood, night: Tone) {
    let (shape, warp) = (Noise::new(dice.next()), Noise::new(dice.next()));
    let slant = dice.between(-0.9, 0.9);
    let colours: Vec<_> = (0..64)
        .map(|index| ramp(&[night, mood.sky[0], mood.sky[1], mood.sky[2]], index as f32 / 63.0))
        .collect();
    canvas.each_pixel(0.0, |x, y, tone| {
        let (u, v) = (x / 300.0, y / 300.0);
        let bend = 1.1 * warp.layered(u, v, 3);
        let cloud = 0.5 + 0.5 * shape.layered(u + bend, v - bend, 5);
        let lane = 1.0 - ((y - HEIGHT * 0.5) + slant * (x - WIDTH * 0.5)).abs() / 620.0;
        let dense = step(0.28, 1.0, cloud * 0.75 + lane * 0.42);
        tone.screen(colours[(dense * 63.0) as usize], dense * 0.62)
    });
}

/// A lit ball with bands of cloud, its air glowing at the edge.
fn sphere(canvas: &mut Canvas, dice: &Dice, world: &World, tones: &[Tone], tilt: f32) {
    let (bands, swirl) = (Noise::new(dice.next()), Noise::new(dice.next()));
    let (sin, cos) = tilt.to_radians().sin_cos();
    let stripes = dice.between(3.2, 5.5);
    let colours: Vec<_> = (0..64).map(|index| ramp(tones, index as f32 / 63.0)).collect();
    let air = tones[tones.len() - 1];
    canvas.glow(world.x, world.y, world.radius * 1.75, air, 0.26);
    canvas.each_pixel(world.y - world.radius - 2.0, |px, py, tone| {
        let (x, y) = ((px - world.x) / world.radius, (py - world.y) / world.radius);
        let away = x.hypot(y);
        let cover = ((1.0 - away) * world.radius + 0.5).clamp(0.0, 1.0);
        if cover == 0.0 {
            return tone;
        }
        let z = (1.0 - away * away).max(0.0).sqrt();
        let (across, down) = (x * cos + y * sin, y * cos - x * sin);
        let drift = 0.16 * swirl.layered(across * 2.2 / (0.35 + z), down * 6.0, 4);
        let band = 0.5 + 0.62 * bands.layered(0.5, (down + drift) * stripes, 3);
        let surface = colours[(band.clamp(0.0, 1.0) * 63.0) as usize];
        let facing = x * world.sun[0] + y * world.sun[1] + z * world.sun[2];
        let day = step(-0.12, 0.85, facing);
        let rim = (1.0 - z).powi(3) * step(-0.2, 0.6, facing);
        let lit = Tone(surface.0.map(|part| part * mix(0.045, 1.08, day))).screen(air, rim * 0.75);
        tone.blend(lit, cover)
    });
}

fn draw_rings(canvas: &mut Canvas, mood: &Mood, world: &World, tilt: f32, front: bool) {
    let half =
        crate::art::shapes::rectangle(-400.0, if front { world.y } else { world.y - 900.0 }, 1600.0, 900.0);
    canvas.within(&turned(half, tilt, world.x, world.y), |canvas| {
        for band in 0..17 {
            let out = 1.32 + band as f32 * 0.048;
            let alpha = [0.62, 0.5, 0.75, 0.42, 0.12, 0.66, 0.58, 0.3][band % 8];
            let tone = mood.light.mix(if band % 3 == 0 { mood.accent } else { mood.far }, 0.35);
            let ring = ellipse(world.x, world.y, world.radius * out, world.radius * out * 0.27);
            canvas.stroke(&turned(ring, tilt, world.x, world.y), world.radius * 0.036, &veil(tone, alpha));
        }
    });
}
