//! Fills an empty store with people, pictures, offers and sales, so that a newcomer sees it alive at once.

pub mod art;
pub mod catalogue;
mod dice;
mod filling;
mod letters;
mod people;
mod prices;
mod seeding;

pub use filling::{Failure, Filled, fill};
pub use letters::Letters;
pub use people::{PASSWORD, PEOPLE};
pub use seeding::{name, seed};
