//! Seeding: a store of any size within minutes, for measuring. What people would have done is worked out in memory and
//! written in bulk; the books are as whole as if they had.

mod bulk;
mod history;
mod writing;

use domain::{Password, Refusal, UploadId};

use crate::database::sql;
use crate::error::Error;
use crate::store::Store;
use bulk::Bulk;
use history::History;
use writing::{Picture, Writing};

/// How many accounts there are to be, and cards in their hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub accounts: usize,
    pub cards: usize,
}

/// What the one who seeds makes up.
pub struct Inventions<'a> {
    /// The name of a card, by its number.
    pub name: &'a (dyn Fn(usize) -> String + Sync),
    /// A random number.
    pub chance: &'a (dyn Fn() -> u64 + Sync),
    /// Everybody's; hashed once.
    pub password: Password,
    /// Confirmed uploads whose pictures the cards share.
    pub pictures: Vec<UploadId>,
}

/// What is there now that was not before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    pub accounts: usize,
    pub cards: usize,
    pub listings: usize,
    pub sales: usize,
}

/// The username of a seeded account, by its number.
#[must_use]
pub fn username(number: usize) -> String {
    format!("seeded{number}")
}

/// Adds accounts that hold the welcome, cards with shared pictures of which a third is on sale, and sales between the
/// accounts. Once per store. `said` hears how many of how many rows are written.
///
/// # Errors
/// [`Refusal::UsernameTaken`] when the store was seeded before, [`Refusal::PictureMissing`] without pictures, or
/// faults; what was written until then stays.
pub async fn seed(
    store: &Store,
    size: Size,
    inventions: &Inventions<'_>,
    said: &(dyn Fn(usize, usize) + Sync),
) -> Result<Seeded, Error> {
    let before = sql("select id from accounts where username_key = $1").bind(username(0));
    if store.database().maybe(before).await?.is_some() {
        return Err(Refusal::UsernameTaken.into());
    }
    let mut pictures = Vec::new();
    for picture in &inventions.pictures {
        let upload = sql("select image_key, thumbnail_key from uploads where id = $1").bind(*picture);
        let row = store.database().maybe(upload).await?.ok_or(Refusal::PictureMissing)?;
        pictures.push(Picture { key: row.get("image_key")?, thumbnail_key: row.get("thumbnail_key")? });
    }
    if pictures.is_empty() {
        return Err(Refusal::PictureMissing.into());
    }
    let password_hash = store.passwords().hash(&inventions.password).await?;
    let history = History::invent(size, inventions.chance);
    let bulk = Bulk::into_store(store, said);
    let (pictures, password_hash) = (&*pictures, &*password_hash);
    Writing { bulk, history: &history, inventions, pictures, password_hash }.everything().await?;
    Ok(Seeded {
        accounts: history.people.len(),
        cards: history.cards.len(),
        listings: history.cards.iter().filter(|card| card.price_cents.is_some()).count(),
        sales: history.sales.len(),
    })
}
