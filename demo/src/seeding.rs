//! What a large store is filled with: a few painted pictures, shared by any number of cards, and a name for each.

use std::sync::{Mutex, PoisonError};

use backend::accounts::{self, Registration};
use backend::cards::{self, NewCard};
use backend::seeding::{Inventions, Seeded, Size};
use backend::{Store, admin, images, seeding};
use domain::{AltText, CardName, EmailAddress, Password, UploadId, Username};

use crate::PASSWORD;
use crate::catalogue::Catalogue;
use crate::dice::Dice;
use crate::filling::Failure;

/// Who adds the pictures that all cards share.
const PAINTER: &str = "seeded-painter";
const SEED: u64 = 21;

/// Common in names, as words are.
const KINDS: [&str; 16] = [
    "Aurora", "Balloon", "Comet", "Dune", "Eclipse", "Fjord", "Glacier", "Harbour", "Island", "Jungle",
    "Koi", "Lantern", "Meadow", "Nebula", "Orchid", "Planet",
];
const MOODS: [&str; 12] = [
    "amber", "blue", "crimson", "distant", "early", "frozen", "golden", "hidden", "last", "quiet", "silver",
    "wild",
];
/// Places are made of these: thousands of words that few cards share.
const SYLLABLES: [&str; 20] = [
    "ba", "dor", "el", "fin", "gra", "hel", "is", "jo", "kar", "lun", "mi", "nor", "os", "pe", "ri", "sol",
    "tam", "ul", "ver", "zan",
];

/// Adds what [`seeding::seed`] adds; `say` is given each per cent once.
///
/// # Errors
/// When the store was seeded before, or whatever it cannot do.
pub async fn seed(store: &Store, size: Size, say: impl Fn(String) + Sync) -> Result<Seeded, Failure> {
    let pictures = paint(store).await?;
    let dice = Mutex::new(Dice::new(SEED, 0));
    let chance = || dice.lock().unwrap_or_else(PoisonError::into_inner).next();
    let password = Password::parse(PASSWORD)?;
    let inventions = Inventions { name: &name, chance: &chance, password, pictures };
    let percent = Mutex::new(0);
    let said = |written: usize, total: usize| {
        let mut percent = percent.lock().unwrap_or_else(PoisonError::into_inner);
        while *percent < written * 100 / total.max(1) {
            *percent += 1;
            say(format!("{percent}% of {total} rows"));
        }
    };
    Ok(seeding::seed(store, size, &inventions, &said).await?)
}

/// One picture of each kind, in the hands of somebody who has nothing else.
async fn paint(store: &Store) -> Result<Vec<UploadId>, Failure> {
    let registration = Registration {
        username: Username::parse(PAINTER)?,
        email: EmailAddress::parse(&format!("{PAINTER}@example.com"))?,
        password: Password::parse(PASSWORD)?,
    };
    accounts::register(store, registration).await?;
    admin::activate(store, PAINTER).await?;
    let painter = accounts::sign_in(store, PAINTER, PASSWORD).await?;
    let mut pictures = Vec::new();
    for plan in Catalogue::of(1).cards {
        let picture = tokio::task::spawn_blocking(move || plan.paint()).await.map_err(Failure::new)?;
        let upload = images::put_with_thumbnail(store, painter, picture.jpeg, picture.thumbnail).await?;
        // A picture that becomes no card would be swept away.
        let card =
            NewCard { name: CardName::parse(&picture.name)?, alt: AltText::parse(&picture.alt)?, upload };
        cards::add(store, painter, card).await?;
        pictures.push(upload);
    }
    Ok(pictures)
}

/// The name of a card by its number: the same every time, with words that many share and one that few do.
#[must_use]
pub fn name(number: usize) -> String {
    let dice = Dice::new(number as u64, 0);
    let place: String = (0..4).map(|_| *dice.pick(&SYLLABLES)).collect();
    format!("{} {} of {}", capital(dice.pick(&MOODS)), dice.pick(&KINDS), capital(&place))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_repeat_themselves_and_differ_from_each_other() {
        let names: std::collections::BTreeSet<String> = (0..1000).map(name).collect();
        assert!(names.len() > 990, "{}", names.len());
        assert_eq!(name(7), name(7));
        assert!(names.iter().all(|name| CardName::parse(name).is_ok()));
    }
}
