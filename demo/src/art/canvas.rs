//! The sheet that every picture is painted on: shapes, strokes, gradients, glows, and pixels one by one.

use tiny_skia::{
    BlendMode, Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint, Path, Pixmap,
    Point, PremultipliedColorU8, RadialGradient, Shader, SpreadMode, Stroke, Transform,
};

use super::shapes::{circle, rectangle};
use super::tone::{BLACK, Tone, ramp};

/// Portrait, 3:4.
pub(crate) const WIDTH: f32 = 720.0;
pub(crate) const HEIGHT: f32 = 960.0;

/// Enough stops that a mix in OKLab shows no bends.
const STOPS_PER_TONE: usize = 3;

#[derive(Clone)]
pub(crate) struct Canvas {
    pixels: Pixmap,
    mask: Option<Mask>,
}

impl Canvas {
    pub(crate) fn new() -> Self {
        let pixels = Pixmap::new(WIDTH as u32, HEIGHT as u32).expect("the size is not zero");
        Self { pixels, mask: None }
    }

    /// Runs from the top to the bottom of the sheet.
    pub(crate) fn wash(&mut self, tones: &[Tone]) {
        self.fill(&rectangle(0.0, 0.0, WIDTH, HEIGHT), &vertical(tones, 0.0, HEIGHT));
    }

    pub(crate) fn fill(&mut self, shape: &Path, ink: &Ink) {
        self.pixels.fill_path(
            shape,
            &ink.paint(),
            FillRule::Winding,
            Transform::identity(),
            self.mask.as_ref(),
        );
    }

    pub(crate) fn stroke(&mut self, line: &Path, width: f32, ink: &Ink) {
        let stroke =
            Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.pixels.stroke_path(line, &ink.paint(), &stroke, Transform::identity(), self.mask.as_ref());
    }

    /// Light around a point, strongest in the middle.
    pub(crate) fn glow(&mut self, x: f32, y: f32, radius: f32, tone: Tone, strength: f32) {
        // Falls off like light in mist: fast at first, then long and thin.
        let stops = [(0.0, 1.0), (0.12, 0.72), (0.28, 0.4), (0.5, 0.16), (0.75, 0.04), (1.0, 0.0)]
            .map(|(at, alpha)| GradientStop::new(at, color(tone, alpha * strength)));
        let center = Point::from_xy(x, y);
        let shader = RadialGradient::new(
            center,
            0.0,
            center,
            radius,
            stops.to_vec(),
            SpreadMode::Pad,
            Transform::identity(),
        );
        let Some(shader) = shader else { return };
        let ink = Ink { shader, blend: BlendMode::Screen };
        self.fill(&circle(x, y, radius), &ink);
    }

    /// Paints only inside `shape` while `draw` runs.
    pub(crate) fn within(&mut self, shape: &Path, draw: impl FnOnce(&mut Self)) {
        let outer = self.mask.clone();
        match &mut self.mask {
            Some(mask) => mask.intersect_path(shape, FillRule::Winding, true, Transform::identity()),
            None => {
                let mut mask = Mask::new(WIDTH as u32, HEIGHT as u32).expect("the size is not zero");
                mask.fill_path(shape, FillRule::Winding, true, Transform::identity());
                self.mask = Some(mask);
            }
        }
        draw(self);
        self.mask = outer;
    }

    /// Replaces every pixel by what `change` makes of its place and tone; rows are given from `top` on.
    pub(crate) fn each_pixel(&mut self, top: f32, mut change: impl FnMut(f32, f32, Tone) -> Tone) {
        let width = WIDTH as usize;
        let top = top.clamp(0.0, HEIGHT) as usize;
        let rows = self.pixels.pixels_mut()[top * width..].chunks_exact_mut(width);
        for (row, pixels) in rows.enumerate() {
            let y = (top + row) as f32;
            for (x, pixel) in pixels.iter_mut().enumerate() {
                *pixel = opaque(change(x as f32, y, tone_of(*pixel)));
            }
        }
    }

    /// The tone at a place, the nearest edge for one outside.
    pub(crate) fn tone_at(&self, x: f32, y: f32) -> Tone {
        let (x, y) = (x.clamp(0.0, WIDTH - 1.0) as u32, y.clamp(0.0, HEIGHT - 1.0) as u32);
        self.pixels.pixel(x, y).map_or(BLACK, tone_of)
    }

    /// Red, green and blue of every pixel, row by row.
    pub(crate) fn into_rgb(self) -> Vec<u8> {
        let mut rgb = Vec::with_capacity(self.pixels.pixels().len() * 3);
        for pixel in self.pixels.pixels() {
            rgb.extend_from_slice(&[pixel.red(), pixel.green(), pixel.blue()]);
        }
        rgb
    }
}

/// What a shape is filled with.
pub(crate) struct Ink {
    shader: Shader<'static>,
    blend: BlendMode,
}

impl Ink {
    fn paint(&self) -> Paint<'static> {
        Paint { shader: self.shader.clone(), blend_mode: self.blend, anti_alias: true, ..Paint::default() }
    }
}

pub(crate) fn flat(tone: Tone) -> Ink {
    veil(tone, 1.0)
}

/// A tone that lets through what lies below; `alpha` 1 covers.
pub(crate) fn veil(tone: Tone, alpha: f32) -> Ink {
    Ink { shader: Shader::SolidColor(color(tone, alpha)), blend: BlendMode::SourceOver }
}

pub(crate) fn vertical(tones: &[Tone], top: f32, bottom: f32) -> Ink {
    gradient(tones, (0.0, top), (0.0, bottom))
}

pub(crate) fn gradient(tones: &[Tone], from: (f32, f32), to: (f32, f32)) -> Ink {
    let count = tones.len() * STOPS_PER_TONE;
    let stops = (0..=count).map(|i| i as f32 / count as f32).map(|t| (t, color(ramp(tones, t), 1.0)));
    linear(stops.map(|(t, color)| GradientStop::new(t, color)).collect(), from, to, tones[0])
}

/// One tone whose alpha runs from `from` to `to`.
pub(crate) fn fade(tone: Tone, from: (f32, f32, f32), to: (f32, f32, f32)) -> Ink {
    let stops = vec![GradientStop::new(0.0, color(tone, from.2)), GradientStop::new(1.0, color(tone, to.2))];
    linear(stops, (from.0, from.1), (to.0, to.1), tone)
}

fn linear(stops: Vec<GradientStop>, from: (f32, f32), to: (f32, f32), otherwise: Tone) -> Ink {
    let (start, end) = (Point::from_xy(from.0, from.1), Point::from_xy(to.0, to.1));
    let shader = LinearGradient::new(start, end, stops, SpreadMode::Pad, Transform::identity());
    Ink { shader: shader.unwrap_or(Shader::SolidColor(color(otherwise, 1.0))), blend: BlendMode::SourceOver }
}

fn color(Tone([red, green, blue]): Tone, alpha: f32) -> Color {
    let part = |value: f32| value.clamp(0.0, 1.0);
    Color::from_rgba(part(red), part(green), part(blue), part(alpha)).expect("every part was clamped")
}

#[inline]
fn tone_of(pixel: PremultipliedColorU8) -> Tone {
    let part = |value: u8| f32::from(value) * (1.0 / 255.0);
    Tone([part(pixel.red()), part(pixel.green()), part(pixel.blue())])
}

#[inline]
fn opaque(Tone([red, green, blue]): Tone) -> PremultipliedColorU8 {
    // The cast saturates, so nothing needs clamping.
    let part = |value: f32| (value * 255.0 + 0.5) as u8;
    PremultipliedColorU8::from_rgba(part(red), part(green), part(blue), 255)
        .expect("no part exceeds an opaque alpha")
}
