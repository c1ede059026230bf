//! Hill towns at night and at noon: gables row above row, windows lit.

use crate::art::Story;
use crate::art::canvas::{Canvas, WIDTH, flat, gradient, veil, vertical};
use crate::art::mood::*;
use crate::art::noise::mix;
use crate::art::scenery::{birds, moon, ridges, sky, stars, sun};
use crate::art::shapes::{circle, joined, polygon, rectangle};
use crate::art::tone::{Tone, hex};
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&INDIGO, &SAFFRON, &VIOLET, &ROSE, &EMBER, &FJORD, &COPPER, &CORAL];

const TOWNS: [&str; 6] =
    ["Lantern Town", "Saint Orla", "the Upper Steps", "Harrowgate", "Bell Hill", "Old Quay"];

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    sky(canvas, dice, mood, 520.0);
    let x = WIDTH * (0.5 + dice.side() * dice.between(0.12, 0.26));
    if mood.night {
        stars(canvas, dice, mood.light, 220, 430.0);
        let lit = *dice.pick(&[0.24, 1.0]);
        moon(canvas, dice, mood, (x, dice.between(150.0, 210.0), 56.0), lit);
    } else {
        sun(canvas, mood, x, dice.between(180.0, 280.0), dice.between(70.0, 100.0));
        birds(canvas, dice, (WIDTH - x, 170.0), mood.near);
    }
    ridges(canvas, dice, mood, (440.0, 560.0), 2);
    let rows = 5;
    for row in 0..rows {
        let near = row as f32 / (rows - 1) as f32;
        houses(canvas, dice, mood, mix(520.0, 960.0, near), near);
    }
    let time = if mood.night { "under the moon, their windows lit" } else { "in warm daylight" };
    Story {
        name: format!("{} at {}", dice.pick(&TOWNS), mood.word),
        alt: format!("Rows of narrow gabled houses climbing a hill {time}, in {} tones.", mood.hue),
    }
}

fn houses(canvas: &mut Canvas, dice: &Dice, mood: &Mood, base: f32, near: f32) {
    let mut x = dice.between(-60.0, -10.0);
    while x < WIDTH {
        let width = mix(42.0, 128.0, near) * dice.between(0.72, 1.3);
        let hill = 70.0 * (1.0 - near) * (((x + width / 2.0) / WIDTH - 0.5) * 2.6).cos();
        let height = mix(80.0, 205.0, near) * dice.between(0.72, 1.28);
        house(canvas, dice, mood, (x, base - hill), (width, height), near);
        x += width * dice.between(0.86, 1.04);
    }
}

fn house(
    canvas: &mut Canvas,
    dice: &Dice,
    mood: &Mood,
    (x, y): (f32, f32),
    (width, height): (f32, f32),
    near: f32,
) {
    let palette = [
        mood.far,
        mood.far.mix(mood.sky[1], 0.5),
        mood.far.mix(mood.accent, 0.35),
        mood.far.mix(mood.light, 0.35),
    ];
    let depth = mix(0.0, if mood.night { 0.8 } else { 0.45 }, near);
    let wall = dice.pick(&palette).mix(mood.sky[2], 0.3 * (1.0 - near)).mix(mood.near, depth);
    let roof = wall.mix(mood.near, 0.4).mix(mood.accent, if dice.chance(0.3) { 0.3 } else { 0.04 });
    let top = y - height;
    let body = rectangle(x, top, width, height + 200.0);
    canvas.fill(&body, &vertical(&[wall.lighter(0.07), wall], top, y + 60.0));
    let pitch = width * dice.between(0.42, 0.85);
    let gable =
        polygon(&[(x - 3.0, top + 1.0), (x + width + 3.0, top + 1.0), (x + width / 2.0, top - pitch)]);
    let tower = dice.chance(0.09);
    if dice.chance(0.4) {
        let chimney = rectangle(x + width * 0.68, top - pitch * 0.8, width * 0.12, pitch * 0.7);
        canvas.fill(&chimney, &flat(roof.darker(0.15)));
    }
    if tower {
        let (middle, wide) = (x + width / 2.0, width * 0.2);
        canvas.fill(&rectangle(middle - wide, top - pitch * 1.5, wide * 2.0, pitch * 1.6), &flat(wall));
        canvas.fill(
            &polygon(&[
                (middle - wide * 1.3, top - pitch * 1.5),
                (middle + wide * 1.3, top - pitch * 1.5),
                (middle, top - pitch * 2.7),
            ]),
            &flat(roof),
        );
    }
    canvas.fill(&gable, &gradient(&[roof.lighter(0.12), roof], (x, 0.0), (x + width, 0.0)));
    canvas.fill(&rectangle(x + width - 3.0, top, 3.0, height + 200.0), &veil(mood.near, 0.22));
    windows(canvas, dice, mood, (x, top), (width, height), wall);
}

fn windows(
    canvas: &mut Canvas,
    dice: &Dice,
    mood: &Mood,
    (x, top): (f32, f32),
    (width, height): (f32, f32),
    wall: Tone,
) {
    let columns = ((width / 30.0) as usize).clamp(1, 4);
    let (size, gap) = (width / columns as f32 * 0.34, width / columns as f32);
    let rows = ((height / (size * 2.7)) as usize).min(5);
    let lit_share = if mood.night { 0.36 } else { 0.08 };
    for row in 0..rows {
        for column in 0..columns {
            let (left, up) =
                (x + gap * (column as f32 + 0.5) - size / 2.0, top + size * (0.9 + 2.7 * row as f32));
            let arched = joined(&[
                circle(left + size / 2.0, up + size * 0.3, size / 2.0),
                rectangle(left, up + size * 0.3, size, size * 1.05),
            ]);
            if dice.chance(lit_share) {
                canvas.glow(
                    left + size / 2.0,
                    up + size * 0.7,
                    size * 3.4,
                    hex(0xff_b24d),
                    if mood.night { 0.5 } else { 0.15 },
                );
                canvas.fill(&arched, &flat(hex(0xff_dc92).mix(mood.light, 0.3)));
            } else {
                canvas.fill(&arched, &veil(wall.mix(mood.near, 0.7), 0.75));
            }
        }
    }
}
