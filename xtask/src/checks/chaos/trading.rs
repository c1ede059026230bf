//! Trade under fire: cards go from hand to hand, each purchase pressed until there is a receipt, some twice.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::browser::Browser;
use super::chance::Chance;
use crate::progress::Step;
use crate::signals::stop_asked;

const CARDS_EACH: usize = 2;
const WELCOME_CENTS: i64 = 100_00;
/// Small, so that nobody runs out of money.
const DEAREST_CENTS: u64 = 50;
/// One purchase in this many is sent once more after its receipt.
const PRESSED_AGAIN: usize = 10;
const BOUNDARY: &str = "one-part-after-another";
/// A grey pixel.
const PICTURE: &[u8] = include_bytes!("pixel.png");

pub(super) struct Market<'a> {
    traders: Vec<Browser<'a>>,
    /// Each is in one hand at a time.
    cards: Vec<Mutex<Card>>,
    begun: AtomicUsize,
    receipts: Mutex<Vec<Receipt>>,
}

struct Card {
    id: String,
    /// Its place among the traders.
    owner: usize,
}

struct Receipt {
    key: String,
    card: String,
    seller: usize,
    buyer: usize,
    cents: i64,
}

impl<'a> Market<'a> {
    pub(super) fn open(traders: Vec<Browser<'a>>) -> Result<Market<'a>> {
        let mut cards = Vec::new();
        for (owner, trader) in traders.iter().enumerate() {
            for _ in 0..CARDS_EACH {
                add_card(trader)?;
            }
            let dashboard = dashboard(trader)?;
            let added = dashboard["cards"].as_array().context("a dashboard lists cards")?;
            for card in added {
                let id = card["id"].as_str().context("a card has an id")?.to_owned();
                cards.push(Mutex::new(Card { id, owner }));
            }
        }
        Ok(Market { traders, cards, begun: AtomicUsize::new(0), receipts: Mutex::default() })
    }

    /// Buys until so many purchases were begun by all hands.
    pub(super) fn trade(&self, purchases: usize, step: &Step) -> Result<()> {
        let chance = Chance::new();
        loop {
            let number = self.begun.fetch_add(1, Ordering::Relaxed);
            if number >= purchases || stop_asked() {
                return Ok(());
            }
            let mut card =
                self.cards[number % self.cards.len()].lock().unwrap_or_else(PoisonError::into_inner);
            let buyer = (card.owner + 1 + chance.below(self.traders.len() - 1)) % self.traders.len();
            let receipt = self.sell(&card, buyer, &chance)?;
            card.owner = buyer;
            step.advance(format!("{} is sold", receipt.card));
            self.receipts.lock().unwrap_or_else(PoisonError::into_inner).push(receipt);
        }
    }

    fn sell(&self, card: &Card, buyer: usize, chance: &Chance) -> Result<Receipt> {
        let cents = chance.between(1, DEAREST_CENTS);
        let page = format!("/cards/{}/sell", card.id);
        let price = format!("0.{cents:02}");
        let listed =
            self.traders[card.owner].post(&page, "put_on_sale", &[("card", &card.id), ("price", &price)])?;
        // The answer of an earlier try was lost, not the listing.
        if !(listed.broken > 0
            && listed.status == 409
            && listed.body.contains("This card is already on sale."))
        {
            listed.done("a listing")?;
        }

        let page = format!("/cards/{}/buy", card.id);
        let confirmation = self.traders[buyer].get(&page)?;
        let field =
            |name| confirmation.hidden(name).with_context(|| format!("no {name}: {}", confirmation.alert()));
        let key = field("key")?;
        let terms = [
            ("card", field("card")?),
            ("version", field("version")?),
            ("price", field("price")?),
            ("key", key),
        ];
        ensure!(
            field("price")? == cents.to_string(),
            "a card is offered for {} instead of {cents}",
            field("price")?
        );
        for _ in 0..if chance.below(PRESSED_AGAIN) == 0 { 2 } else { 1 } {
            let answer = self.traders[buyer].post(&page, "buy", &terms)?;
            let to = answer.done("a purchase")?;
            ensure!(to == format!("{page}?receipt={key}"), "a purchase leads to {to}");
        }
        Ok(Receipt {
            key: key.to_owned(),
            card: card.id.clone(),
            seller: card.owner,
            buyer,
            cents: cents as i64,
        })
    }

    /// Compares what people hold with their receipts; answers how many there are.
    pub(super) fn agree(&self) -> Result<usize> {
        let receipts = self.receipts.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: HashSet<_> = receipts.iter().map(|receipt| &receipt.key).collect();
        ensure!(keys.len() == receipts.len(), "a purchase key was handed out twice");
        let mut balances = vec![WELCOME_CENTS; self.traders.len()];
        for Receipt { seller, buyer, cents, .. } in &*receipts {
            balances[*seller] += cents;
            balances[*buyer] -= cents;
        }
        let mut owners: HashMap<String, usize> = HashMap::new();
        for (place, trader) in self.traders.iter().enumerate() {
            let dashboard = dashboard(trader)?;
            let held = dashboard["profile"]["balance"].as_i64().context("a dashboard has a balance")?;
            ensure!(
                held == balances[place],
                "trader {place} holds {held} and has receipts for {}",
                balances[place]
            );
            for card in dashboard["cards"].as_array().into_iter().flatten() {
                let id = card["id"].as_str().unwrap_or_default().to_owned();
                ensure!(owners.insert(id, place).is_none(), "a card has two owners");
            }
        }
        for card in &self.cards {
            let card = card.lock().unwrap_or_else(PoisonError::into_inner);
            ensure!(owners.get(&card.id) == Some(&card.owner), "card {} is not its last buyer's", card.id);
        }
        Ok(receipts.len())
    }
}

fn dashboard(trader: &Browser<'_>) -> Result<Value> {
    let answer = trader.get("/api/dashboard")?;
    ensure!(answer.status == 200, "a dashboard is answered with {}", answer.status);
    Ok(serde_json::from_str(&answer.body)?)
}

/// As a browser without script does: the picture comes along with the form.
fn add_card(trader: &Browser<'_>) -> Result<()> {
    let mut body = Vec::new();
    for (name, value) in [("name", "Survivor"), ("alt", "A grey pixel")] {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let file = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"pixel.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    body.extend_from_slice(file.as_bytes());
    body.extend_from_slice(PICTURE);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    trader.post_as("/dashboard/add", "add_card", &kind, &body)?.done("a new card").map(drop)
}
