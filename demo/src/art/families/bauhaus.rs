//! Geometry on a grid: quarters, arches, rings and stripes.

use crate::art::Story;
use crate::art::canvas::{Canvas, HEIGHT, WIDTH, flat};
use crate::art::mood::*;
use crate::art::shapes::{circle, polygon, rectangle, sector};
use crate::art::tone::Tone;
use crate::dice::Dice;

pub(crate) const MOODS: &[&Mood] =
    &[&INK, &SAFFRON, &LAGOON, &ROSE, &INDIGO, &MEADOW, &CORAL, &EMBER, &FROST];

const TITLES: [&str; 6] =
    ["Weimar Study", "Quarter Turn", "Arch and Circle", "Small Geometry", "Dessau Window", "Counterpoint"];

/// Cells lie inside the margin, three across and four down.
const MARGIN: f32 = 60.0;
const CELL: f32 = (WIDTH - 2.0 * MARGIN) / 3.0;
const TOP: f32 = (HEIGHT - 4.0 * CELL) / 2.0;

pub(crate) fn paint(canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
    let ground = mood.ground();
    canvas.wash(&[ground.lighter(0.04), ground]);
    let mut free = [[true; 3]; 4];
    for _ in 0..dice.whole(1, 2) {
        let (column, row) = (dice.whole(0, 1), dice.whole(0, 2));
        let corner = [(row, column), (row, column + 1), (row + 1, column), (row + 1, column + 1)];
        if corner.iter().all(|&(row, column)| free[row][column]) {
            corner.iter().for_each(|&(row, column)| free[row][column] = false);
            cell(canvas, dice, mood, (column, row), 2.0);
        }
    }
    for (row, cells) in free.iter().enumerate() {
        for (column, _) in cells.iter().enumerate().filter(|(_, free)| **free) {
            cell(canvas, dice, mood, (column, row), 1.0);
        }
    }
    Story {
        name: format!("{} in {}", dice.pick(&TITLES), mood.word),
        alt: format!("An abstract grid of circles, arches and other simple shapes in {} tones.", mood.hue),
    }
}

fn cell(canvas: &mut Canvas, dice: &Dice, mood: &Mood, (column, row): (usize, usize), cells: f32) {
    let size = CELL * cells;
    let (x, y) = (MARGIN + column as f32 * CELL, TOP + row as f32 * CELL);
    let mut tones = mood.flats();
    dice.shuffle(&mut tones);
    let [back, front, third, ..] = tones;
    let area = rectangle(x, y, size, size);
    canvas.fill(&area, &flat(back));
    let kind = if cells > 1.0 { *dice.pick(&[0, 1, 3, 4, 8]) } else { dice.whole(0, 8) };
    canvas.within(&area, |canvas| match kind {
        0 => quarters(canvas, dice, (x, y), size, front, third),
        1 => arches(canvas, (x, y), size, front, third),
        2 => stripes(canvas, dice, (x, y), size, front),
        3 => rings(canvas, (x, y), size, front, third),
        4 => halves(canvas, dice, (x, y), size, front, third),
        5 => leaves(canvas, dice, (x, y), size, front),
        6 => triangles(canvas, dice, (x, y), size, front, third),
        7 => dots(canvas, (x, y), size, front),
        _ => {
            canvas.fill(&circle(x + size / 2.0, y + size / 2.0, size * 0.4), &flat(front));
            canvas.fill(&sector(x + size / 2.0, y + size / 2.0, 0.0, size * 0.4, 0.0, 0.5), &flat(third));
        }
    });
}

fn corner(dice: &Dice, (x, y): (f32, f32), size: f32) -> ((f32, f32), f32) {
    let quarter = dice.whole(0, 3);
    let right = quarter == 1 || quarter == 2;
    ((x + if right { size } else { 0.0 }, y + if quarter >= 2 { size } else { 0.0 }), quarter as f32 * 0.25)
}

fn quarters(canvas: &mut Canvas, dice: &Dice, at: (f32, f32), size: f32, front: Tone, third: Tone) {
    let ((x, y), turn) = corner(dice, at, size);
    canvas.fill(&sector(x, y, 0.0, size, turn, turn + 0.25), &flat(front));
    canvas.fill(&sector(x, y, 0.0, size * 0.5, turn, turn + 0.25), &flat(third));
}

fn arches(canvas: &mut Canvas, (x, y): (f32, f32), size: f32, front: Tone, third: Tone) {
    for (index, part) in [1.0_f32, 0.74, 0.48, 0.22].into_iter().enumerate() {
        let (half, tone) = (size / 2.0 * part, if index % 2 == 0 { front } else { third });
        let middle = x + size / 2.0;
        canvas.fill(&circle(middle, y + size / 2.0, half), &flat(tone));
        canvas.fill(&rectangle(middle - half, y + size / 2.0, 2.0 * half, size / 2.0 + 1.0), &flat(tone));
    }
}

fn stripes(canvas: &mut Canvas, dice: &Dice, (x, y): (f32, f32), size: f32, front: Tone) {
    let upright = dice.chance(0.5);
    for index in 0..4 {
        let from = size * (index as f32 + 0.25) / 4.0;
        let stripe = if upright {
            rectangle(x + from, y, size / 8.0, size)
        } else {
            rectangle(x, y + from, size, size / 8.0)
        };
        canvas.fill(&stripe, &flat(front));
    }
}

fn rings(canvas: &mut Canvas, (x, y): (f32, f32), size: f32, front: Tone, third: Tone) {
    for (index, part) in [0.46, 0.35, 0.24, 0.12].into_iter().enumerate() {
        canvas.fill(
            &circle(x + size / 2.0, y + size / 2.0, size * part),
            &flat(if index % 2 == 0 { front } else { third }),
        );
    }
}

fn halves(canvas: &mut Canvas, dice: &Dice, (x, y): (f32, f32), size: f32, front: Tone, third: Tone) {
    let turn = *dice.pick(&[0.0, 0.5]);
    let shift = if turn == 0.0 { 0.0 } else { size / 2.0 };
    canvas.fill(&sector(x + size / 2.0, y + shift, 0.0, size / 2.0, turn, turn + 0.5), &flat(front));
    canvas.fill(
        &sector(x + size / 2.0, y + size / 2.0 + shift, 0.0, size / 2.0, turn, turn + 0.5),
        &flat(third),
    );
}

fn leaves(canvas: &mut Canvas, dice: &Dice, (x, y): (f32, f32), size: f32, front: Tone) {
    let flip = dice.chance(0.5);
    let (first, second) = if flip { ((x, y), (x + size, y + size)) } else { ((x + size, y), (x, y + size)) };
    canvas.within(&circle(first.0, first.1, size), |canvas| {
        canvas.fill(&circle(second.0, second.1, size), &flat(front));
    });
}

fn triangles(canvas: &mut Canvas, dice: &Dice, (x, y): (f32, f32), size: f32, front: Tone, third: Tone) {
    let corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)];
    let start = dice.whole(0, 3);
    let at = |index: usize| corners[(start + index) % 4];
    canvas.fill(&polygon(&[at(0), at(1), at(2)]), &flat(front));
    canvas.fill(&polygon(&[at(0), at(1), (x + size / 2.0, y + size / 2.0)]), &flat(third));
}

fn dots(canvas: &mut Canvas, (x, y): (f32, f32), size: f32, front: Tone) {
    for index in 0..9 {
        let (column, row) = ((index % 3) as f32, (index / 3) as f32);
        canvas.fill(
            &circle(x + size * (0.2 + 0.3 * column), y + size * (0.2 + 0.3 * row), size * 0.09),
            &flat(front),
        );
    }
}
