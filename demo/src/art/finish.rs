//! The last hand on every picture: vignette, grain, keyline, and the file it is kept in.

use domain::image::THUMBNAIL;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::canvas::{Canvas, HEIGHT, WIDTH, veil};
use super::noise::{Noise, step};
use super::shapes::rounded;
use super::tone::{Tone, WHITE};

const GRAIN: f32 = 0.016;
const KEYLINE_INSET: f32 = 24.0;
/// The first that makes a file small enough is taken; only pictures full of fine lines need another than the best.
const QUALITIES: [u8; 3] = [86, 77, 68];
const THUMBNAIL_QUALITY: u8 = 60;
/// What the page of a card may cost a phone.
const LARGE_BYTES: usize = 80_000;

/// What makes a sheet one of the collection: darker corners, the tooth of paper, a fine line inside the edge.
pub(crate) fn finish(canvas: &mut Canvas, seed: u64) {
    let grain = Noise::new(seed);
    canvas.each_pixel(0.0, |x, y, tone| {
        let (dx, dy) = (x / WIDTH - 0.5, y / HEIGHT - 0.5);
        // Pale paper shows dirt sooner than a dark sky does.
        let deepest = 0.26 - 0.19 * tone.0[1];
        let shade = 1.0 - deepest * step(0.36, 0.9, (dx * dx + dy * dy).sqrt());
        let tooth = grain.speck(x, y) * GRAIN;
        let [red, green, blue] = tone.0;
        Tone([red * shade + tooth, green * shade + tooth, blue * shade + tooth])
    });
    let inset = rounded(
        KEYLINE_INSET,
        KEYLINE_INSET,
        WIDTH - 2.0 * KEYLINE_INSET,
        HEIGHT - 2.0 * KEYLINE_INSET,
        14.0,
    );
    canvas.stroke(&inset, 1.6, &veil(WHITE, 0.42));
}

/// The files of a picture: itself and its thumbnail.
pub(crate) fn to_jpegs(canvas: Canvas) -> (Vec<u8>, Vec<u8>) {
    let size = (WIDTH as usize, HEIGHT as usize);
    let rgb = canvas.into_rgb();
    let [best, better, good] = QUALITIES;
    // Flat shapes side by side would bleed with less of their colour; nobody sees it on a tile.
    let (full, half) = (SamplingFactor::F_1_1, SamplingFactor::F_2_2);
    let whole = [best, better]
        .into_iter()
        .map(|quality| encode(&rgb, size, quality, full))
        .find(|file| file.len() <= LARGE_BYTES)
        .unwrap_or_else(|| encode(&rgb, size, good, full));
    let small = (THUMBNAIL.0 as usize, THUMBNAIL.1 as usize);
    (whole, encode(&shrink(&rgb, size, small), small, THUMBNAIL_QUALITY, half))
}

/// Each pixel becomes the mean of those that it stands for.
fn shrink(rgb: &[u8], (width, height): (usize, usize), (new_width, new_height): (usize, usize)) -> Vec<u8> {
    let part = |place: usize, new: usize, old: usize| place * old / new..((place + 1) * old).div_ceil(new);
    let mut small = Vec::with_capacity(new_width * new_height * 3);
    for y in 0..new_height {
        for x in 0..new_width {
            let (rows, columns) = (part(y, new_height, height), part(x, new_width, width));
            let count = rows.len() * columns.len();
            for colour in 0..3 {
                let pixels =
                    rows.clone().flat_map(|row| columns.clone().map(move |column| row * width + column));
                let sum: usize = pixels.map(|pixel| usize::from(rgb[pixel * 3 + colour])).sum();
                small.push((sum / count) as u8);
            }
        }
    }
    small
}

/// A progressive JPEG, which shows something after the first kilobytes on a slow line.
fn encode(rgb: &[u8], (width, height): (usize, usize), quality: u8, colours: SamplingFactor) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality);
    encoder.set_sampling_factor(colours);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(rgb, width as u16, height as u16, ColorType::Rgb).expect("size and buffer agree");
    file
}
