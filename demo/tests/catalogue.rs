//! The plan of the demo's market: big enough, paid for, and the same every time.
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a failed test")]

use std::collections::HashSet;

use demo::PEOPLE;
use demo::art::Family;
use demo::catalogue::Catalogue;

#[test]
fn there_is_enough_to_see() {
    let catalogue = Catalogue::draw_up();
    assert!(catalogue.cards.len() >= 90);
    assert!(catalogue.sales.len() >= 30);
    assert!((55..=66).contains(&catalogue.listings.len()), "{}", catalogue.listings.len());
}

#[test]
fn the_plan_is_the_same_every_time() {
    let (first, second) = (Catalogue::draw_up(), Catalogue::draw_up());
    assert_eq!(first.sales, second.sales);
    assert_eq!(first.listings, second.listings);
}

#[test]
fn everybody_sells_what_they_own_and_pays_from_what_they_have() {
    let catalogue = Catalogue::draw_up();
    let (mut owners, mut balances) = (catalogue.owners.clone(), [100_00_i64; PEOPLE.len()]);
    for sale in &catalogue.sales {
        assert_eq!(owners[sale.card], sale.seller);
        assert_ne!(sale.seller, sale.buyer);
        balances[sale.buyer] -= sale.price_cents;
        balances[sale.seller] += sale.price_cents;
        assert!(balances[sale.buyer] >= 0);
        owners[sale.card] = sale.buyer;
    }
    for listing in &catalogue.listings {
        assert_eq!(owners[listing.card], listing.owner);
    }
}

#[test]
fn everybody_has_bought_sold_and_kept_something() {
    let catalogue = Catalogue::draw_up();
    for (person, name) in PEOPLE.iter().enumerate() {
        assert!(catalogue.sales.iter().any(|sale| sale.buyer == person), "{name} buys");
        assert!(catalogue.sales.iter().any(|sale| sale.seller == person), "{name} sells");
        assert!(catalogue.listings.iter().any(|listing| listing.owner == person), "{name} offers");
    }
}

#[test]
fn a_newcomer_can_afford_most_and_dream_of_some() {
    let prices: Vec<_> = Catalogue::draw_up().listings.iter().map(|listing| listing.price_cents).collect();
    assert!(prices.iter().filter(|&&cents| cents <= 100_00).count() * 10 >= prices.len() * 8);
    assert!(prices.iter().any(|&cents| cents < 2_00));
    assert!(prices.iter().any(|&cents| cents > 150_00));
}

#[test]
fn the_first_page_shows_every_kind_and_no_two_of_a_kind_side_by_side() {
    let catalogue = Catalogue::draw_up();
    let page: Vec<_> =
        catalogue.listings[..24].iter().map(|listing| catalogue.cards[listing.card].family).collect();
    assert_eq!(page.iter().collect::<HashSet<_>>().len(), Family::ALL.len());
    assert!(page.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn a_picture_is_small_portrait_and_told_in_words() {
    let artwork = Catalogue::draw_up().cards[0].paint();
    let again = Catalogue::draw_up().cards[0].paint();
    assert_eq!((&artwork.name, &artwork.jpeg), (&again.name, &again.jpeg));
    assert!(artwork.name.ends_with("No. 1"));
    assert!(artwork.alt.ends_with('.'));
    assert!(artwork.jpeg.len() < 250_000);
    let mut decoder = jpeg_decoder::Decoder::new(&artwork.jpeg[..]);
    decoder.read_info().unwrap();
    let info = decoder.info().unwrap();
    assert_eq!((info.width, info.height), (720, 960));
}
