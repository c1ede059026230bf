//! Mountains behind mountains, over a lake, a forest or mist.

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, flat};
use crate::art::mood::*;
use crate::art::noise::Noise;
use crate::art::scenery::{birds, crest, moon, pine, ridges, sky, stars, sun, water};
use crate::art::shapes::below;
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] =
    &[&EMBER, &FJORD, &ROSE, &INDIGO, &SAFFRON, &VIOLET, &FROST, &MEADOW, &COPPER, &INK, &LAGOON, &CORAL];

const LAKES: [&str; 4] = ["Salt Lake", "Mirror Lake", "Long Water", "Glass Lake"];
const WOODS: [&str; 4] = ["the Pine Pass", "Tall Timber", "the Quiet Wood", "Cedar Ridge"];
const RANGES: [&str; 4] = ["the Seven Ridges", "the High Valleys", "the Sleeping Range", "the Far Passes"];

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let ground = dice.in_turn(3);
    let shore = if ground == 0 { dice.between(560.0, 650.0) } else { HEIGHT };
    let horizon = shore.min(700.0) * dice.between(0.62, 0.7);
    sky(canvas, dice, mood, horizon + 60.0);
    if mood.night {
        stars(canvas, dice, mood.light, 170, horizon);
    }
    let light = lights(canvas, dice, mood, horizon);
    if !mood.night && dice.chance(0.6) {
        birds(canvas, dice, (WIDTH * dice.between(0.25, 0.75), horizon * 0.55), mood.near);
    }
    let count = dice.whole(4, 6);
    ridges(canvas, dice, mood, (horizon, shore), count);
    let (place, below) = match ground {
        0 => {
            water(canvas, dice, mood, shore);
            (*dice.pick(&LAKES), "mirrored in a still lake")
        }
        1 => {
            forest(canvas, dice, mood);
            (*dice.pick(&WOODS), "behind a dark line of pines")
        }
        _ => {
            hill(canvas, dice, mood);
            (*dice.pick(&RANGES), "with mist lying between them")
        }
    };
    Story {
        name: format!("{} over {place}", mood.word),
        alt: format!("{light} above {count} layered mountain ridges in {} tones, {below}.", mood.hue),
    }
}

fn lights(canvas: &mut Canvas, dice: &Dice, mood: &Mood, horizon: f32) -> &'static str {
    let x = WIDTH * (0.5 + dice.side() * dice.between(0.05, 0.24));
    if mood.night && dice.chance(0.5) {
        let lit = *dice.pick(&[0.18, 0.32, 1.0]);
        moon(canvas, dice, mood, (x, horizon * dice.between(0.34, 0.5), dice.between(42.0, 64.0)), lit);
        return if lit >= 1.0 { "A full moon" } else { "A thin moon" };
    }
    sun(canvas, mood, x, horizon * dice.between(0.5, 0.72), dice.between(66.0, 112.0));
    "A large low sun"
}

/// The hill one stands on, with a few trees to one side.
fn hill(canvas: &mut Canvas, dice: &Dice, mood: &Mood) {
    let ground = crest(Noise::new(dice.next()), 900.0, 130.0, 520.0, 0.0);
    let (middle, ink) = (dice.between(130.0, 590.0), flat(mood.near));
    for _ in 0..dice.whole(5, 9) {
        let x = (middle + dice.between(-120.0, 120.0)).clamp(20.0, WIDTH - 20.0);
        pine(canvas, dice, (x, ground[(x / 4.0) as usize + 2].1 + 10.0), dice.between(60.0, 170.0), &ink);
    }
    canvas.fill(&below(&ground, HEIGHT + 4.0), &ink);
}

fn forest(canvas: &mut Canvas, dice: &Dice, mood: &Mood) {
    for row in 0..3 {
        let near = row as f32 / 2.0;
        let tone = mood.far.mix(mood.near, 0.72 + 0.28 * near);
        let ground = crest(Noise::new(dice.next()), 800.0 + 80.0 * near, 60.0, 380.0, 0.0);
        let mut x = -20.0;
        while x < WIDTH + 20.0 {
            let (_, y) = ground[((x / 4.0) as isize + 2).clamp(0, ground.len() as isize - 1) as usize];
            let height = dice.between(70.0, 125.0) * (1.0 + 0.75 * near);
            pine(canvas, dice, (x, y + 12.0), height, &flat(tone));
            x += dice.between(14.0, 40.0) * (1.0 + 0.7 * near);
        }
        canvas.fill(&below(&ground, HEIGHT + 4.0), &flat(tone));
    }
}
