//! Plants like paper cut-outs before a disc: stems, leaves and blossoms.

use std::f32::consts::TAU;

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, flat, gradient, veil};
use crate::art::mood::*;
use crate::art::noise::mix;
use crate::art::shapes::{circle, curve, leaf};
use crate::art::tone::Tone;
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] =
    &[&MEADOW, &INK, &ROSE, &JADE, &FROST, &SAFFRON, &MIDNIGHT, &CORAL, &INDIGO];

const PLANTS: [&str; 6] =
    ["Moon Poppy", "Paper Fern", "Tall Anemone", "Lantern Lily", "Night Aster", "Silver Olive"];

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let ground = mood.ground();
    canvas.wash(&[ground.lighter(0.06), ground, ground.mix(mood.far, 0.25)]);
    let (x, y) = (WIDTH / 2.0 + dice.between(-50.0, 50.0), dice.between(350.0, 430.0));
    let radius = dice.between(200.0, 245.0);
    canvas.glow(x, y, radius * 1.9, mood.sky[1], if mood.night { 0.5 } else { 0.0 });
    let disc = if mood.night { mood.sky[1] } else { mood.accent.mix(ground, 0.25) };
    canvas.fill(
        &circle(x, y, radius),
        &gradient(&[disc.lighter(0.12), disc], (x, y - radius), (x, y + radius)),
    );
    canvas.stroke(&circle(x, y, radius + 16.0), 1.6, &veil(disc, 0.7));

    let green = if mood.night { mood.far.lighter(0.12) } else { mood.near.mix(mood.far, 0.25) };
    let dark = if mood.night { mood.sky[2] } else { mood.near };
    let stems = dice.whole(3, 5);
    for index in 0..stems {
        let place = (index as f32 + 0.5) / stems as f32;
        let front = index % 2 == 1;
        let tone = if front { dark } else { green };
        stem(canvas, dice, mood, place, tone, front || stems == 3);
    }
    for _ in 0..9 {
        let foot = (dice.between(30.0, WIDTH - 30.0), HEIGHT + 20.0);
        let tip = (foot.0 + dice.between(-130.0, 130.0), HEIGHT - dice.between(90.0, 230.0));
        broad_leaf(canvas, foot, tip, dice.between(50.0, 86.0), dark.mix(green, dice.unit()), ground);
    }
    let disc = if mood.night { "moonlit disc" } else { "round sun" };
    Story {
        name: format!("{} in {}", dice.pick(&PLANTS), mood.word),
        alt: format!(
            "{stems} stylised flowering stems with paired leaves before a {disc}, in {} tones.",
            mood.hue
        ),
    }
}

fn stem(canvas: &mut Canvas, dice: &Dice, mood: &Mood, place: f32, tone: Tone, flowers: bool) {
    let foot = (mix(190.0, 530.0, place), HEIGHT + 10.0);
    let top = (mix(90.0, 630.0, place) + dice.between(-30.0, 30.0), dice.between(170.0, 400.0));
    let sway = dice.between(-50.0, 50.0);
    let at = |t: f32| {
        let bend = (t * TAU / 2.0).sin() * sway;
        (mix(foot.0, top.0, t.powf(1.25)) + bend, mix(foot.1, top.1, t))
    };
    let points: Vec<_> = (0..=16).map(|step| at(step as f32 / 16.0)).collect();
    canvas.stroke(&curve(&points), 5.0, &flat(tone));
    let broad = dice.in_turn(3) == 0;
    let (pairs, slim) =
        if broad { (5, dice.between(0.56, 0.7)) } else { (dice.whole(6, 9), dice.between(0.26, 0.42)) };
    let shape = dice.between(0.25, 0.5);
    for pair in 0..pairs {
        let t = mix(0.18, 0.86, pair as f32 / pairs as f32);
        let (from, size) = (at(t), mix(120.0, 54.0, t) * dice.between(0.85, 1.1));
        for side in [-1.0, 1.0] {
            let lift = dice.between(0.5, 0.8);
            let tip = (from.0 + side * size * 0.86, from.1 - size * lift);
            canvas.fill(
                &leaf(from, tip, size * slim, shape),
                &flat(if side > 0.0 { tone } else { tone.lighter(0.09) }),
            );
        }
    }
    if flowers {
        blossom(canvas, dice, mood, top, dice.between(52.0, 84.0));
    } else {
        for bud in 0..5 {
            let angle = -TAU * (0.25 + (bud as f32 - 2.0) * 0.06);
            let tip = (top.0 + 66.0 * angle.cos(), top.1 + 66.0 * angle.sin());
            canvas.stroke(&curve(&[top, tip]), 2.4, &flat(tone));
            canvas.fill(&circle(tip.0, tip.1, 9.0), &flat(mood.light));
        }
    }
}

/// Two rings of petals around a dotted heart.
fn blossom(canvas: &mut Canvas, dice: &Dice, mood: &Mood, (x, y): (f32, f32), size: f32) {
    let count = dice.whole(7, 12);
    let petal = if mood.night { mood.accent } else { mood.light };
    let inner = if mood.night { mood.light } else { mood.accent };
    canvas.glow(x, y, size * 2.0, petal, 0.2);
    for (reach, tone, turn) in [(1.0, petal, 0.0), (0.66, petal.mix(inner, 0.55), 0.5)] {
        for index in 0..count {
            let angle = (index as f32 + turn) / count as f32 * TAU;
            let tip = (x + size * reach * angle.cos(), y + size * reach * angle.sin());
            let ink = gradient(&[tone.mix(inner, 0.5), tone, tone], (x, y), tip);
            canvas.fill(&leaf((x, y), tip, size * reach * 3.4 / count as f32, 0.62), &ink);
        }
    }
    canvas.fill(&circle(x, y, size * 0.2), &flat(mood.near));
    for index in 0..12 {
        let angle = index as f32 / 12.0 * TAU;
        canvas.fill(
            &circle(x + size * 0.3 * angle.cos(), y + size * 0.3 * angle.sin(), size * 0.035),
            &flat(mood.near),
        );
    }
}

fn broad_leaf(canvas: &mut Canvas, foot: (f32, f32), tip: (f32, f32), width: f32, tone: Tone, vein: Tone) {
    let ink = gradient(&[tone, tone.lighter(0.1)], foot, tip);
    canvas.fill(&leaf(foot, tip, width, 0.45), &ink);
    canvas.stroke(
        &curve(&[foot, (mix(foot.0, tip.0, 0.92), mix(foot.1, tip.1, 0.92))]),
        1.6,
        &veil(vein, 0.4),
    );
}
