//! Fills an empty store with people, pictures, offers and sales, so that a newcomer sees it alive at once.

pub mod art;
mod dice;
