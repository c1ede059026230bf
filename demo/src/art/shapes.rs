//! Outlines: the few shapes that every picture is built of.

use std::f32::consts::TAU;

use tiny_skia::{Path, PathBuilder, Rect, Transform};

pub(crate) fn rectangle(left: f32, top: f32, width: f32, height: f32) -> Path {
    let rect = Rect::from_xywh(left, top, width.max(0.01), height.max(0.01));
    PathBuilder::from_rect(rect.expect("callers stay on the sheet"))
}

pub(crate) fn rounded(left: f32, top: f32, width: f32, height: f32, radius: f32) -> Path {
    let (right, bottom, pull) = (left + width, top + height, radius * 0.448);
    outline(|path| {
        path.move_to(left + radius, top);
        path.line_to(right - radius, top);
        path.cubic_to(right - pull, top, right, top + pull, right, top + radius);
        path.line_to(right, bottom - radius);
        path.cubic_to(right, bottom - pull, right - pull, bottom, right - radius, bottom);
        path.line_to(left + radius, bottom);
        path.cubic_to(left + pull, bottom, left, bottom - pull, left, bottom - radius);
        path.line_to(left, top + radius);
        path.cubic_to(left, top + pull, left + pull, top, left + radius, top);
        path.close();
    })
}

pub(crate) fn circle(x: f32, y: f32, radius: f32) -> Path {
    PathBuilder::from_circle(x, y, radius.max(0.01)).expect("the radius is positive")
}

pub(crate) fn ellipse(x: f32, y: f32, across: f32, down: f32) -> Path {
    let rect = Rect::from_xywh(x - across, y - down, 2.0 * across.max(0.01), 2.0 * down.max(0.01));
    PathBuilder::from_oval(rect.expect("both radii are positive")).expect("both radii are positive")
}

/// A closed shape with straight sides.
pub(crate) fn polygon(points: &[(f32, f32)]) -> Path {
    outline(|path| {
        straight(path, points);
        path.close();
    })
}

pub(crate) fn line(points: &[(f32, f32)]) -> Path {
    outline(|path| straight(path, points))
}

/// A line that bends softly through every point (Catmull-Rom).
pub(crate) fn curve(points: &[(f32, f32)]) -> Path {
    outline(|path| bend(path, points))
}

/// The area below a soft line, down to `floor`.
pub(crate) fn below(points: &[(f32, f32)], floor: f32) -> Path {
    outline(|path| {
        bend(path, points);
        path.line_to(points[points.len() - 1].0, floor);
        path.line_to(points[0].0, floor);
        path.close();
    })
}

/// A closed soft shape through every point.
pub(crate) fn blob(points: &[(f32, f32)]) -> Path {
    let count = points.len();
    let around: Vec<_> = (0..count + 3).map(|index| points[index % count]).collect();
    outline(|path| {
        path.move_to(around[1].0, around[1].1);
        for window in around.windows(4) {
            bend_between(path, window[0], window[1], window[2], window[3]);
        }
        path.close();
    })
}

/// Part of a ring, or with `inner` 0 of a disc; angles in turns, clockwise from the right.
pub(crate) fn sector(x: f32, y: f32, inner: f32, outer: f32, from: f32, to: f32) -> Path {
    let steps = (((to - from).abs() * 96.0) as usize).max(2);
    let at = |radius: f32, step: usize| {
        let angle = (from + (to - from) * step as f32 / steps as f32) * TAU;
        (x + radius * angle.cos(), y + radius * angle.sin())
    };
    let mut points: Vec<_> = (0..=steps).map(|step| at(outer, step)).collect();
    points.extend((0..=steps).rev().map(|step| at(inner, step)));
    polygon(&points)
}

/// A moon of which `lit` (0 to 1) is seen, lit from the right.
pub(crate) fn crescent(x: f32, y: f32, radius: f32, lit: f32) -> Path {
    let steps = 48;
    let at = |step: usize, across: f32| {
        let angle = (step as f32 / steps as f32 - 0.5) * TAU / 2.0;
        (x + radius * across * angle.cos(), y + radius * angle.sin())
    };
    let mut points: Vec<_> = (0..=steps).map(|step| at(step, 1.0)).collect();
    points.extend((0..=steps).rev().map(|step| at(step, 1.0 - 2.0 * lit)));
    polygon(&points)
}

/// A leaf from its foot to its tip; `width` is the widest, `belly` says where along it (0 to 1).
pub(crate) fn leaf(foot: (f32, f32), tip: (f32, f32), width: f32, belly: f32) -> Path {
    let (dx, dy) = (tip.0 - foot.0, tip.1 - foot.1);
    let length = dx.hypot(dy).max(0.01);
    let (nx, ny) = (-dy / length * width * 0.66, dx / length * width * 0.66);
    let along = |t: f32, side: f32| (foot.0 + dx * t + nx * side, foot.1 + dy * t + ny * side);
    outline(|path| {
        path.move_to(foot.0, foot.1);
        for side in [1.0, -1.0] {
            let (near, far) = (along(belly * 0.6, side), along(belly + (1.0 - belly) * 0.45, side));
            match side > 0.0 {
                true => path.cubic_to(near.0, near.1, far.0, far.1, tip.0, tip.1),
                false => path.cubic_to(far.0, far.1, near.0, near.1, foot.0, foot.1),
            }
        }
        path.close();
    })
}

pub(crate) fn turned(shape: Path, degrees: f32, x: f32, y: f32) -> Path {
    moved(shape, Transform::from_rotate_at(degrees, x, y))
}

/// Its mirror image across the upright line at `x`.
pub(crate) fn mirrored(shape: Path, x: f32) -> Path {
    moved(shape, Transform::from_row(-1.0, 0.0, 0.0, 1.0, 2.0 * x, 0.0))
}

pub(crate) fn joined(shapes: &[Path]) -> Path {
    outline(|path| shapes.iter().for_each(|shape| path.push_path(shape)))
}

fn moved(shape: Path, transform: Transform) -> Path {
    shape.transform(transform).expect("turning and mirroring keep every number finite")
}

pub(crate) fn outline(draw: impl FnOnce(&mut PathBuilder)) -> Path {
    let mut path = PathBuilder::new();
    draw(&mut path);
    path.finish().expect("a shape has at least two finite points")
}

fn straight(path: &mut PathBuilder, points: &[(f32, f32)]) {
    path.move_to(points[0].0, points[0].1);
    points[1..].iter().for_each(|point| path.line_to(point.0, point.1));
}

fn bend(path: &mut PathBuilder, points: &[(f32, f32)]) {
    path.move_to(points[0].0, points[0].1);
    let last = points.len() - 1;
    for index in 0..last {
        let before = points[index.saturating_sub(1)];
        bend_between(path, before, points[index], points[index + 1], points[(index + 2).min(last)]);
    }
}

fn bend_between(
    path: &mut PathBuilder,
    before: (f32, f32),
    from: (f32, f32),
    to: (f32, f32),
    after: (f32, f32),
) {
    path.cubic_to(
        from.0 + (to.0 - before.0) / 6.0,
        from.1 + (to.1 - before.1) / 6.0,
        to.0 - (after.0 - from.0) / 6.0,
        to.1 - (after.1 - from.1) / 6.0,
        to.0,
        to.1,
    );
}
