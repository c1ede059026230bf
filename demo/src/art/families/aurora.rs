//! Northern lights over snow, with a lit cabin.

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, flat, veil, vertical};
use crate::art::mood::*;
use crate::art::noise::{Noise, step};
use crate::art::scenery::{crest, pine, ridges, stars, water};
use crate::art::shapes::{below, polygon, rectangle};
use crate::art::tone::{Tone, hex, ramp};
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&MIDNIGHT, &INDIGO, &JADE, &VIOLET];

/// Foot to tip of the curtains.
const CURTAINS: [(&str, [Tone; 3]); 4] = [
    ("green and violet", [hex(0x3d_ff9e), hex(0x14_d99a), hex(0x7a_35f0)]),
    ("green and rose", [hex(0x86_ff5c), hex(0x1f_e07a), hex(0xf0_3f9a)]),
    ("turquoise and blue", [hex(0x4d_ffe0), hex(0x10_bff0), hex(0x33_44ff)]),
    ("rose and violet", [hex(0xff_7ab8), hex(0xf0_3fc0), hex(0x5a_2cff)]),
];

const PLACES: [&str; 4] = ["the Last Cabin", "North Fell", "the Frozen Sound", "Wolf Hill"];

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let (colours, tones) = &CURTAINS[dice.in_turn(7) % CURTAINS.len()];
    canvas.wash(&[mood.near.mix(mood.sky[0], 0.7), mood.sky[0], mood.sky[1], mood.sky[1].mix(tones[1], 0.3)]);
    stars(canvas, dice, mood.light, 320, 620.0);
    for _ in 0..dice.whole(2, 3) {
        curtain(canvas, dice, tones);
    }
    let lake = dice.in_turn(3) == 0;
    // Mountains against a lit sky are all but black.
    let dim = Mood { far: mood.far.mix(mood.near, 0.42).mix(tones[1], 0.08), ..*mood };
    ridges(canvas, dice, &dim, (610.0, if lake { 720.0 } else { 800.0 }), 3);
    let ground = if lake {
        water(canvas, dice, mood, 725.0);
        "a dark lake"
    } else {
        snow(canvas, dice, mood, tones[1]);
        "a snowy hill with a small lit cabin"
    };
    let kind = dice.pick(&["Aurora", "Northern Lights", "Polar Light"]);
    Story {
        name: format!("{kind} over {}", dice.pick(&PLACES)),
        alt: format!("Curtains of {colours} northern lights in a starry sky above {ground}."),
    }
}

fn curtain(canvas: &mut Canvas, dice: &Dice, tones: &[Tone; 3]) {
    let (fold, rays) = (Noise::new(dice.next()), Noise::new(dice.next()));
    let (base, sweep, tall) =
        (dice.between(360.0, 560.0), dice.between(90.0, 190.0), dice.between(190.0, 330.0));
    let slope = dice.between(-0.28, 0.28);
    let strength = dice.between(0.65, 1.0);
    let colours: Vec<_> = (0..64).map(|index| ramp(tones, index as f32 / 63.0)).collect();
    let columns: Vec<_> = (0..WIDTH as usize)
        .map(|column| {
            let x = column as f32;
            let foot = base + slope * (x - WIDTH / 2.0) + sweep * fold.layered(x / 300.0, 1.0, 3);
            let ray = 0.55 + 0.45 * rays.layered(x / 16.0, 4.0, 3);
            let reach = tall * (0.62 + 0.38 * rays.layered(x / 70.0, 8.0, 2));
            let patch = step(-0.55, 0.35, fold.at(x / 210.0, 60.0));
            (foot, ray.max(0.05) * patch * strength, reach.max(40.0))
        })
        .collect();
    canvas.each_pixel(0.0, |x, y, tone| {
        let (foot, ray, reach) = columns[x as usize];
        let height = (foot - y) / reach;
        let light = if height < 0.0 { (height * 11.0).exp() } else { (-height * 2.1).exp() };
        if light * ray < 0.01 {
            return tone;
        }
        let colour = colours[((height.clamp(0.0, 1.3) / 1.3) * 63.0) as usize];
        tone.screen(colour, (light * ray * 1.15).min(1.0))
    });
}

fn snow(canvas: &mut Canvas, dice: &Dice, mood: &Mood, tint: Tone) {
    let (noise, lit) = (Noise::new(dice.next()), mood.light.mix(tint, 0.35).mix(mood.sky[1], 0.4));
    let hill = crest(noise, 840.0, 90.0, 420.0, 0.0);
    let dark = mood.near.mix(mood.sky[0], 0.2);
    let height_at = |x: f32| hill[((x / 4.0) as usize + 2).min(hill.len() - 1)].1;
    for _ in 0..16 {
        let x = dice.between(0.0, WIDTH);
        let height = dice.between(55.0, 120.0);
        pine(canvas, dice, (x, height_at(x) + 14.0), height, &flat(dark));
    }
    canvas
        .fill(&below(&hill, HEIGHT + 4.0), &vertical(&[lit, mood.sky[1].mix(mood.near, 0.35)], 770.0, 960.0));
    let x = dice.between(200.0, 520.0);
    cabin(canvas, mood, (x, height_at(x) + 34.0), dice.between(0.85, 1.15));
    for _ in 0..4 {
        let away = dice.between(110.0, 330.0) * dice.side();
        let x = if (20.0..700.0).contains(&(x + away)) { x + away } else { x - away };
        let height = dice.between(110.0, 190.0);
        pine(canvas, dice, (x, height_at(x.clamp(0.0, WIDTH)) + 70.0), height, &flat(dark));
    }
}

fn cabin(canvas: &mut Canvas, mood: &Mood, (x, y): (f32, f32), size: f32) {
    let at = |dx: f32, dy: f32| (x + dx * size, y + dy * size);
    let wall = mood.near.mix(mood.sky[0], 0.15);
    canvas.fill(&polygon(&[at(-46.0, 0.0), at(46.0, 0.0), at(46.0, -38.0), at(-46.0, -38.0)]), &flat(wall));
    canvas.fill(
        &polygon(&[at(-58.0, -34.0), at(58.0, -34.0), at(34.0, -74.0), at(-34.0, -74.0)]),
        &flat(mood.light.mix(mood.sky[1], 0.25)),
    );
    canvas.fill(&polygon(&[at(16.0, -72.0), at(28.0, -72.0), at(28.0, -94.0), at(16.0, -94.0)]), &flat(wall));
    for dx in [-30.0, 12.0] {
        let (left, top) = at(dx, -28.0);
        canvas.glow(left + 9.0 * size, top + 8.0 * size, 74.0 * size, hex(0xff_b347), 0.7);
        canvas.fill(&rectangle(left, top, 18.0 * size, 17.0 * size), &flat(hex(0xff_d98a)));
        canvas.fill(&rectangle(left + 8.0 * size, top, 2.0 * size, 17.0 * size), &veil(wall, 0.8));
    }
}
