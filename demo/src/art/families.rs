//! Every kind of picture there is; each has a file of its own.

mod aurora;
mod balloons;
mod bauhaus;
mod charts;
mod currents;
mod dunes;
mod flora;
mod koi;
mod moths;
mod planets;
mod ridges;
mod seas;
mod towns;

use super::Story;
use super::canvas::Canvas;
use super::mood::Mood;
use crate::dice::Dice;

/// A kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    Ridges,
    Dunes,
    Seas,
    Aurora,
    Planets,
    Bauhaus,
    Flora,
    Moths,
    Koi,
    Towns,
    Balloons,
    Charts,
    Currents,
}

impl Family {
    pub const ALL: [Self; 13] = [
        Self::Ridges,
        Self::Moths,
        Self::Planets,
        Self::Seas,
        Self::Bauhaus,
        Self::Aurora,
        Self::Koi,
        Self::Towns,
        Self::Charts,
        Self::Flora,
        Self::Dunes,
        Self::Balloons,
        Self::Currents,
    ];

    /// The palettes that suit it, in the order in which its pictures take them.
    pub(crate) fn moods(self) -> &'static [&'static Mood] {
        match self {
            Self::Ridges => ridges::MOODS,
            Self::Dunes => dunes::MOODS,
            Self::Seas => seas::MOODS,
            Self::Aurora => aurora::MOODS,
            Self::Planets => planets::MOODS,
            Self::Bauhaus => bauhaus::MOODS,
            Self::Flora => flora::MOODS,
            Self::Moths => moths::MOODS,
            Self::Koi => koi::MOODS,
            Self::Towns => towns::MOODS,
            Self::Balloons => balloons::MOODS,
            Self::Charts => charts::MOODS,
            Self::Currents => currents::MOODS,
        }
    }

    pub(crate) fn paint(self, canvas: &mut Canvas, dice: &Dice, mood: &Mood) -> Story {
        match self {
            Self::Ridges => ridges::paint(canvas, dice, mood),
            Self::Dunes => dunes::paint(canvas, dice, mood),
            Self::Seas => seas::paint(canvas, dice, mood),
            Self::Aurora => aurora::paint(canvas, dice, mood),
            Self::Planets => planets::paint(canvas, dice, mood),
            Self::Bauhaus => bauhaus::paint(canvas, dice, mood),
            Self::Flora => flora::paint(canvas, dice, mood),
            Self::Moths => moths::paint(canvas, dice, mood),
            Self::Koi => koi::paint(canvas, dice, mood),
            Self::Towns => towns::paint(canvas, dice, mood),
            Self::Balloons => balloons::paint(canvas, dice, mood),
            Self::Charts => charts::paint(canvas, dice, mood),
            Self::Currents => currents::paint(canvas, dice, mood),
        }
    }
}
