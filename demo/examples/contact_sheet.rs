//! Paints the whole collection onto one PNG, to judge it by eye:
//! `cargo run --release -p demo --example contact_sheet -- sheet.png`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for one person at a terminal")]

use demo::catalogue::Catalogue;
use tiny_skia::{Color, FilterQuality, Pixmap, PixmapPaint, PremultipliedColorU8, Transform};

const COLUMNS: usize = 8;
const SCALE: f32 = 0.3;
const GAP: f32 = 10.0;

fn main() {
    let file = std::env::args().nth(1).unwrap_or_else(|| "contact-sheet.png".to_owned());
    let cards = Catalogue::draw_up().cards;
    let (wide, high) = (720.0 * SCALE + GAP, 960.0 * SCALE + GAP);
    let rows = cards.len().div_ceil(COLUMNS);
    let mut sheet =
        Pixmap::new((wide * COLUMNS as f32 + GAP) as u32, (high * rows as f32 + GAP) as u32).unwrap();
    sheet.fill(Color::from_rgba8(24, 24, 28, 255));
    for (index, plan) in cards.iter().enumerate() {
        let artwork = plan.paint();
        println!("{:>4} kB  {}: {}", artwork.jpeg.len() / 1024, artwork.name, artwork.alt);
        let (column, row) = ((index % COLUMNS) as f32, (index / COLUMNS) as f32);
        let place = Transform::from_scale(SCALE, SCALE).post_translate(GAP + wide * column, GAP + high * row);
        let paint = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
        sheet.draw_pixmap(0, 0, decoded(&artwork.jpeg).as_ref(), &paint, place, None);
    }
    sheet.save_png(file).unwrap();
}

fn decoded(jpeg: &[u8]) -> Pixmap {
    let rgb = jpeg_decoder::Decoder::new(jpeg).decode().unwrap();
    let mut picture = Pixmap::new(720, 960).unwrap();
    for (pixel, rgb) in picture.pixels_mut().iter_mut().zip(rgb.as_chunks::<3>().0) {
        *pixel = PremultipliedColorU8::from_rgba(rgb[0], rgb[1], rgb[2], 255).unwrap();
    }
    picture
}
