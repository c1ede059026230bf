//! Deserts: long soft slopes, half in light and half in shade, and cacti.

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, fade, flat, vertical};
use crate::art::mood::*;
use crate::art::noise::mix;
use crate::art::scenery::{moon, sky, stars, sun};
use crate::art::shapes::{below, blob, curve};
use crate::art::tone::Tone;
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] = &[&SAFFRON, &EMBER, &ROSE, &COPPER, &CORAL, &VIOLET, &LAGOON, &INK];

const PLACES: [&str; 4] = ["the Red Erg", "Whispering Sands", "the Empty Quarter", "Noon Desert"];

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let horizon = dice.between(430.0, 520.0);
    sky(canvas, dice, mood, horizon + 40.0);
    let x = WIDTH * (0.5 + dice.side() * dice.between(0.0, 0.2));
    let light = if mood.night && dice.chance(0.6) {
        stars(canvas, dice, mood.light, 220, horizon);
        moon(canvas, dice, mood, (x, horizon * 0.45, 70.0), 0.28);
        "A crescent moon"
    } else {
        sun(canvas, mood, x, horizon - dice.between(60.0, 150.0), dice.between(95.0, 140.0));
        "A huge sun"
    };
    let count = dice.whole(4, 5);
    for index in 0..count {
        let near = index as f32 / (count - 1) as f32;
        dune(canvas, dice, mood, mix(horizon, 830.0, near), near);
    }
    let cacti = if dice.chance(0.65) { dice.whole(1, 3) } else { 0 };
    for index in 0..cacti {
        let foot = (mix(110.0, 610.0, (index as f32 + dice.between(0.2, 0.8)) / cacti as f32), 890.0);
        cactus(canvas, dice, foot, dice.between(120.0, 230.0), mood.near);
    }
    let place = dice.pick(&PLACES);
    let growing = if cacti > 0 { ", with dark cacti in front" } else { "" };
    Story {
        name: format!("{} on {place}", mood.word),
        alt: format!("{light} over smooth sand dunes in {} tones{growing}.", mood.hue),
    }
}

/// One slope up to a sharp edge, its far side in shade.
fn dune(canvas: &mut Canvas, dice: &Dice, mood: &Mood, base: f32, near: f32) {
    let (peak, height) = (WIDTH * dice.between(0.12, 0.88), mix(46.0, 150.0, near) * dice.between(0.8, 1.2));
    let (dip, rise) = (dice.between(0.1, 0.4), dice.between(0.0, 0.35));
    let crest = [
        (-40.0, base - height * rise),
        (peak * 0.35, base - height * dip),
        (peak * 0.8, base - height * 0.82),
        (peak, base - height),
        (peak + (WIDTH - peak) * 0.25, base - height * 0.72),
        (peak + (WIDTH - peak) * 0.65, base - height * 0.3),
        (WIDTH + 40.0, base - height * dip),
    ];
    let tone = mood.far.mix(mood.near, near * 0.8);
    let lit = tone.mix(mood.light, 0.42 - 0.2 * near).mix(mood.sky[2], 0.1);
    canvas.fill(&below(&crest, HEIGHT + 4.0), &vertical(&[lit, tone], base - height, base + 190.0));
    let shade = tone.mix(mood.near, 0.45);
    let sweep = dice.between(-150.0, 60.0);
    let mut side: Vec<_> = crest[3..].to_vec();
    side.extend([
        (WIDTH + 60.0, base + 260.0),
        (peak + sweep + 90.0, base + 190.0),
        (peak + sweep * 0.6, base + 40.0),
    ]);
    let ink = fade(shade, (0.0, base - height, 0.85), (0.0, base + 150.0, 0.0));
    canvas.within(&below(&crest, HEIGHT + 4.0), |canvas| canvas.fill(&blob(&side), &ink));
    canvas.stroke(&curve(&crest), 1.5, &flat(lit.lighter(0.18)));
}

fn cactus(canvas: &mut Canvas, dice: &Dice, (x, y): (f32, f32), height: f32, tone: Tone) {
    let (width, ink) = (height * 0.15, flat(tone));
    canvas.stroke(&curve(&[(x, y + 80.0), (x, y - height)]), width, &ink);
    for side in [-1.0, 1.0] {
        let (reach, from) = (side * height * dice.between(0.2, 0.27), y - height * dice.between(0.28, 0.55));
        let arm = [
            (x, from),
            (x + reach * 0.7, from - height * 0.02),
            (x + reach, from - height * 0.1),
            (x + reach, from - height * dice.between(0.22, 0.36)),
        ];
        canvas.stroke(&curve(&arm), width * 0.72, &ink);
    }
}
