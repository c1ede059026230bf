//! Two people who buy the same cards from each other, over and over, and remember every receipt.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Result, ensure};

use super::answer::Answer;
use super::client::form;
use super::person::Person;

const PRICE: &str = "0.50";
/// What a page of terms stands for that has nothing to agree to.
const NOT_ON_SALE: u16 = 409;
/// What the way to the page for signing in stands for.
const SIGNED_OUT: u16 = 401;

/// Clones trade with the same cards.
#[derive(Clone)]
pub(crate) struct Trade {
    people: Arc<[Person; 2]>,
    cards: Arc<Mutex<VecDeque<Card>>>,
    receipts: Arc<Mutex<Vec<Receipt>>>,
}

struct Card {
    id: String,
    /// Which of the two has it.
    owner: usize,
    on_sale: bool,
    /// A purchase whose answer never came: it is sent again, with the same key, until one does.
    unanswered: Option<Vec<u8>>,
}

struct Receipt {
    buyer: usize,
    address: String,
}

impl Trade {
    /// Gives each of the two half of the cards and puts them all on sale.
    pub(crate) fn open(people: [Person; 2], cards: usize) -> Result<Trade> {
        let mut ring = VecDeque::new();
        for number in 0..cards {
            let owner = number % 2;
            let id = people[owner].add_card(&format!("{} {number}", people[owner].name))?;
            let mut card = Card { id, owner, on_sale: false, unanswered: None };
            let status = put_on_sale(&people[owner], &mut card)?;
            ensure!(card.on_sale, "putting a card on sale was answered with {status}");
            ring.push_back(card);
        }
        Ok(Trade { people: Arc::new(people), cards: Arc::new(Mutex::new(ring)), receipts: Arc::default() })
    }

    pub(crate) fn people(&self) -> &[Person; 2] {
        &self.people
    }

    /// One purchase as a person makes it, of a card that the other one offers: look at the terms, press the button.
    /// Answers the first status that is no success, or 303 with the receipt.
    pub(crate) fn buy_once(&self) -> Result<u16> {
        let Some(mut card) = self.cards().pop_front() else { return Ok(303) };
        let done = self.buy(&mut card);
        self.cards().push_back(card);
        done
    }

    fn buy(&self, card: &mut Card) -> Result<u16> {
        let (owner, buyer) = (card.owner, 1 - card.owner);
        if card.unanswered.is_none() {
            if !card.on_sale {
                let status = put_on_sale(&self.people[owner], card)?;
                // Nobody can buy it then, and the page of its terms would only say that it is not on sale.
                if !card.on_sale {
                    return Ok(status);
                }
            }
            let terms = self.people[buyer].get(&format!("/cards/{}/buy", card.id))?;
            if terms.status != 200 {
                return Ok(terms.status);
            }
            card.unanswered = hidden_fields(&terms.body, "buy");
            if card.unanswered.is_none() {
                card.on_sale = false;
                return Ok(NOT_ON_SALE);
            }
        }
        self.press_the_button(card, buyer)
    }

    /// The answer decides; without one the purchase may have happened or not.
    fn press_the_button(&self, card: &mut Card, buyer: usize) -> Result<u16> {
        let filled = card.unanswered.clone().unwrap_or_default();
        let answer = self.people[buyer].post(&format!("/cards/{}/buy?/buy", card.id), &filled)?;
        let status = status_of(&answer);
        if status == 303 {
            let address = answer.header("location").unwrap_or_default().to_owned();
            self.receipts().push(Receipt { buyer, address });
            (card.owner, card.on_sale, card.unanswered) = (buyer, false, None);
            // A card that cannot be offered now is offered before the next purchase.
            let _ = put_on_sale(&self.people[buyer], card);
        } else if (400..500).contains(&status) && status != SIGNED_OUT {
            (card.on_sale, card.unanswered) = (false, None);
        }
        Ok(status)
    }

    /// Sends what was never answered until it is.
    pub(crate) fn settle(&self) -> Result<()> {
        let mut cards = self.cards();
        for card in cards.iter_mut().filter(|card| card.unanswered.is_some()) {
            let buyer = 1 - card.owner;
            let status = self.press_the_button(card, buyer)?;
            ensure!(card.unanswered.is_none(), "a purchase is still answered with {status}");
        }
        Ok(())
    }

    /// Every purchase that was ever acknowledged still has its receipt; answers how many there are.
    pub(crate) fn check_receipts(&self) -> Result<usize> {
        let receipts = self.receipts();
        for receipt in receipts.iter() {
            let shown = self.people[receipt.buyer].get(&receipt.address)?;
            ensure!(shown.status == 200, "{} is answered with {}", receipt.address, shown.status);
        }
        Ok(receipts.len())
    }

    fn cards(&self) -> MutexGuard<'_, VecDeque<Card>> {
        self.cards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receipts(&self) -> MutexGuard<'_, Vec<Receipt>> {
        self.receipts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A conflict says that it is on sale already.
fn put_on_sale(owner: &Person, card: &mut Card) -> Result<u16> {
    let fields = form(&[("card", &card.id), ("price", PRICE)]);
    let answer = owner.post(&format!("/cards/{}/sell?/put_on_sale", card.id), &fields)?;
    let status = status_of(&answer);
    card.on_sale = matches!(status, 303 | 409);
    Ok(status)
}

fn status_of(answer: &Answer) -> u16 {
    let leads_to_sign_in = answer.header("location").is_some_and(|to| to.starts_with("/login?"));
    if leads_to_sign_in { SIGNED_OUT } else { answer.status }
}

/// What the page filled in for the form of this function, ready to be sent.
fn hidden_fields(page: &str, function: &str) -> Option<Vec<u8>> {
    let form_of_it = page.split_once(&format!("action=\"?/{function}\""))?.1.split_once("</form>")?.0;
    let attribute = |input: &str, name: &str| {
        Some(input.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0.to_owned())
    };
    let inputs = form_of_it.split("<input").skip(1).filter_map(|rest| {
        let input = rest.split_once('>')?.0;
        Some((attribute(input, "name")?, attribute(input, "value")?))
    });
    let fields: Vec<(String, String)> = inputs.collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    (!fields.is_empty()).then(|| form(&fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_as_the_page_filled_it_in() {
        let page = "<form action=\"?/other\"><input name=\"x\" value=\"1\"></form><form method=\"post\" \
            action=\"?/buy\"><input type=\"hidden\" name=\"card\" value=\"a-b\"/><input type=\"hidden\" \
            name=\"price\" value=\"50\"><button>Buy</button></form>";
        assert_eq!(hidden_fields(page, "buy").unwrap(), b"card=a-b&price=50");
        assert!(hidden_fields(page, "sell").is_none());
    }
}
