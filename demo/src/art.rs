//! Paints collectible cards: the same family, number and seed give the same picture, name and description.

mod canvas;
mod families;
mod finish;
mod mood;
mod noise;
mod scenery;
mod shapes;
mod tone;

pub use families::Family;

use crate::dice::Dice;
use canvas::Canvas;

/// One card as its owner would upload it.
pub struct Artwork {
    /// "Ember over Salt Lake No. 7".
    pub name: String,
    /// What is to be seen, in plain words.
    pub alt: String,
    /// A portrait JPEG, 720 by 960 pixels.
    pub jpeg: Vec<u8>,
    /// The same as tiles show it, 320 by 427 pixels.
    pub thumbnail: Vec<u8>,
}

/// What a picture turned out to show.
pub(crate) struct Story {
    pub(crate) name: String,
    pub(crate) alt: String,
}

/// The picture with this number (from 1) of a family.
pub fn paint(family: Family, number: usize, seed: u64) -> Artwork {
    let dice = Dice::new(seed, number);
    let mut canvas = Canvas::new();
    let moods = family.moods();
    let story = family.paint(&mut canvas, &dice, moods[(number - 1) % moods.len()]);
    finish::finish(&mut canvas, dice.next());
    let (jpeg, thumbnail) = finish::to_jpegs(canvas);
    Artwork { name: format!("{} No. {number}", story.name), alt: story.alt, jpeg, thumbnail }
}
