//! Writing a history down: accounts with their grants, cards with their words, purchases with their entries.

use domain::{AccountId, Money};
use uuid::Uuid;

use super::bulk::{Bulk, Table};
use super::history::{After, History, Sale};
use super::{Inventions, username};
use crate::cards::{coded, name_key, words};
use crate::database::Statement;
use crate::error::Error;

/// How many words are gathered before they are written.
const WORDS_AT_ONCE: usize = 10_000;

pub(super) struct Writing<'a> {
    pub(super) bulk: Bulk<'a>,
    pub(super) history: &'a History,
    pub(super) inventions: &'a Inventions<'a>,
    pub(super) pictures: &'a [Picture],
    pub(super) password_hash: &'a str,
}

/// One that cards share.
pub(super) struct Picture {
    pub(super) key: String,
    pub(super) thumbnail_key: Option<String>,
}

impl Writing<'_> {
    pub(super) async fn everything(mut self) -> Result<(), Error> {
        let History { people, cards, sales, .. } = self.history;
        // Cards have about as many words as the first.
        let words = words(&(self.inventions.name)(0)).len();
        self.bulk.expect(people.len() * 3 + cards.len() * (2 + words) + sales.len() * 3);
        self.people().await?;
        self.cards().await?;
        self.sales().await
    }

    async fn people(&mut self) -> Result<(), Error> {
        let (history, hash) = (self.history, self.password_hash);
        let accounts = Table::new(
            "accounts (id, username, username_key, email, email_key, password_hash, balance_cents, entries, \
             created_at_ms, activated_at_ms, activation_mail_at_ms)",
        );
        self.bulk
            .insert(&accounts, history.people.len(), |statement, row| {
                let (person, name) = (&history.people[row], username(row));
                let (email, at_ms) = (format!("{name}@example.com"), history.began_at_ms + row as i64);
                let statement =
                    statement.bind(person.id).bind(&*name).bind(&*name).bind(&*email).bind(&*email);
                let statement = statement.bind(hash).bind(person.balance_cents).bind(person.entries);
                statement.bind(at_ms).bind(at_ms).bind(at_ms)
            })
            .await?;
        let grants: Vec<String> = history.people.iter().map(|_| Uuid::now_v7().to_string()).collect();
        let grant = Money::WELCOME_GRANT.cents();
        self.bulk
            .insert(&Table::new(LEDGER), history.people.len() * 2, |statement, row| {
                let (person, at_ms) = (row / 2, history.began_at_ms + (row / 2) as i64);
                let (kind, holder, amount_cents) = match row % 2 {
                    0 => ("minted", None, -grant),
                    _ => ("granted", Some((history.people[person].id, 1, grant)), grant),
                };
                Entry { movement: &grants[person], kind, holder, amount_cents, at_ms }.bind(statement)
            })
            .await
    }

    async fn cards(&mut self) -> Result<(), Error> {
        let (History { people, cards, began_at_ms, .. }, pictures) = (self.history, self.pictures);
        let at = |card: usize| began_at_ms + (people.len() + card) as i64;
        let uploads = Table::new(
            "uploads (id, owner_id, image_key, content_type, length_bytes, sha256, state, created_at_ms)",
        );
        self.bulk
            .insert(&uploads, cards.len(), |statement, row| {
                let upload = cards[row].upload.to_string();
                let statement = statement.bind(&*upload).bind(people[cards[row].adder].id).bind(&*upload);
                statement.bind("image/jpeg").bind(1).bind("").bind("used").bind(at(row))
            })
            .await?;
        let table = Table::new(
            "cards (id, owner_id, name, name_key, alt, upload_id, image_key, thumbnail_key, price_cents, listed_at_ms, \
             version, added_at_ms)",
        );
        let invented = self.inventions.name;
        self.bulk
            .insert(&table, cards.len(), |statement, row| {
                let (card, name, picture) = (&cards[row], invented(row), &pictures[row % pictures.len()]);
                let statement =
                    statement.bind(card.id).bind(people[card.owner].id).bind(&*name).bind(name_key(&name));
                let statement = statement.bind(&*name).bind(card.upload.to_string());
                let statement = statement.bind(&*picture.key).bind(picture.thumbnail_key.as_deref());
                let listed_at_ms = card.price_cents.map(|_| at(row));
                statement.bind(card.price_cents).bind(listed_at_ms).bind(card.version).bind(at(row))
            })
            .await?;
        let table = Table::new("card_words (card_id, word)");
        let mut found_by = Vec::new();
        for card in 0..cards.len() {
            found_by.extend(words(&invented(card)).iter().map(|word| (card, coded(word))));
            if found_by.len() >= WORDS_AT_ONCE || card + 1 == cards.len() {
                self.bulk
                    .insert(&table, found_by.len(), |statement, row| {
                        statement.bind(cards[found_by[row].0].id).bind(&*found_by[row].1)
                    })
                    .await?;
                found_by.clear();
            }
        }
        Ok(())
    }

    async fn sales(&mut self) -> Result<(), Error> {
        let (history, invented) = (self.history, self.inventions.name);
        let History { people, cards, sales, began_at_ms } = history;
        let at = |sale: usize| began_at_ms + (people.len() + cards.len() + sale) as i64;
        let purchases = Table::new(
            "purchases (id, purchase_key, card_id, card_name, card_version, buyer_id, seller_id, price_cents, \
             bought_at_ms)",
        );
        self.bulk
            .insert(&purchases, sales.len(), |statement, row| {
                let Sale { id, key, card, card_version, price_cents, buyer, seller } = &sales[row];
                let statement =
                    statement.bind(*id).bind(key.to_string()).bind(cards[*card].id).bind(invented(*card));
                let statement = statement.bind(*card_version).bind(people[buyer.person].id);
                statement.bind(people[seller.person].id).bind(*price_cents).bind(at(row))
            })
            .await?;
        self.bulk
            .insert(&Table::new(LEDGER), sales.len() * 2, |statement, row| {
                let sale = &sales[row / 2];
                let (kind, After { person, number, balance_cents }, amount_cents) = match row % 2 {
                    0 => ("bought", sale.buyer, -sale.price_cents),
                    _ => ("sold", sale.seller, sale.price_cents),
                };
                let holder = Some((people[person].id, number, balance_cents));
                Entry { movement: &sale.id.to_string(), kind, holder, amount_cents, at_ms: at(row / 2) }
                    .bind(statement)
            })
            .await
    }
}

const LEDGER: &str =
    "ledger (movement_id, kind, account_id, number, amount_cents, balance_after_cents, at_ms)";

struct Entry<'a> {
    movement: &'a str,
    kind: &'static str,
    /// Whose it is, the how manieth of theirs, and their balance after it; nobody's is the house's.
    holder: Option<(AccountId, i64, i64)>,
    amount_cents: i64,
    at_ms: i64,
}

impl Entry<'_> {
    fn bind(self, statement: Statement) -> Statement {
        let statement = statement.bind(self.movement).bind(self.kind).bind(self.holder.map(|it| it.0));
        let statement = statement.bind(self.holder.map(|it| it.1)).bind(self.amount_cents);
        statement.bind(self.holder.map(|it| it.2)).bind(self.at_ms)
    }
}
