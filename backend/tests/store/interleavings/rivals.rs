//! Everybody acts at once on what they see at that moment; what must hold is looked at when they have stopped.

use backend::market::Query;
use backend::{Error, Store, cards, ledger, market, notifications, watching};
use domain::{AccountId, CardId, Money};
use futures::future::join_all;

use super::dice::Dice;
use crate::support::{World, cents};

const PEOPLE: usize = 6;
const CARDS_EACH: usize = 3;
const ACTS_EACH: usize = 60;

pub(super) async fn act_at_once() {
    let world = World::new().await;
    let other = world.another_node().await;
    let (mut people, mut all_cards) = (Vec::new(), Vec::new());
    for _ in 0..PEOPLE {
        let person = world.member().await;
        for _ in 0..CARDS_EACH {
            all_cards.push(world.card_on_sale(person, 5_00).await);
        }
        people.push(person);
    }
    let acting = people.iter().enumerate().map(|(number, person)| {
        let store = if number % 2 == 0 { world.store.clone() } else { other.clone() };
        let (person, all_cards) = (*person, all_cards.clone());
        tokio::spawn(async move {
            let mut dice = Dice::new(number as u64);
            for _ in 0..ACTS_EACH {
                let card = all_cards[dice.roll(all_cards.len())];
                match act(&store, &mut dice, person, card).await {
                    Ok(()) | Err(Error::Refused(_)) => {}
                    Err(Error::Fault(fault)) => panic!("{}", fault.chain()),
                }
            }
        })
    });
    for actor in join_all(acting).await {
        actor.unwrap();
    }
    everything_holds(&world, &people).await;
}

async fn act(store: &Store, dice: &mut Dice, who: AccountId, card: CardId) -> Result<(), Error> {
    let seen = cards::detail(store, card, Some(who)).await?;
    let price = cents(1 + dice.roll(20_00) as i64);
    if !seen.mine {
        if dice.roll(4) == 0 {
            return watching::watch(store, who, card).await;
        }
        let terms = market::offer(store, who, card).await?.terms;
        return market::buy(store, who, terms).await.map(|_| ());
    }
    match (seen.price, dice.roll(6)) {
        (None, 0) => cards::delete(store, who, card).await,
        (None, _) => market::list(store, who, card, price).await,
        (Some(_), 0) => market::cancel(store, who, card, seen.version).await,
        (Some(_), _) => market::reprice(store, who, card, seen.version, price).await,
    }
}

async fn everything_holds(world: &World, people: &[AccountId]) {
    let books = ledger::verify(&world.store).await.unwrap();
    assert!(books.are_whole(), "{books:?}");
    assert_eq!(books.held.cents(), PEOPLE as i64 * Money::WELCOME_GRANT.cents());
    let sales = world.database.number("select count(*) from purchases").await;
    assert!(sales > 0, "nobody was rich or quick enough to tell anything");

    let last_buyer_is_not_the_owner = "select count(*) from cards c join purchases p on p.card_id = c.id \
         where p.buyer_id <> c.owner_id \
         and p.card_version = (select max(card_version) from purchases where card_id = c.id)";
    assert_eq!(world.database.number(last_buyer_is_not_the_owner).await, 0);
    let sold_by_somebody_else_than_bought_it = "select count(*) from (select seller_id, \
             lag(buyer_id) over (partition by card_id order by card_version) as owner from purchases) as chain \
         where owner is not null and owner <> seller_id";
    assert_eq!(world.database.number(sold_by_somebody_else_than_bought_it).await, 0);

    let mut told_of_sales = 0;
    let mut owned = 0;
    for person in people {
        let newest =
            format!("select coalesce(max(number), 0) from notifications where account_id = '{person}'");
        let count = format!("select count(*) from notifications where account_id = '{person}'");
        let newest = world.database.number(&newest).await;
        assert_eq!(newest, world.database.number(&count).await, "numbered without gaps");
        assert!(notifications::after(&world.store, *person, newest).await.unwrap().is_empty());
        let sold =
            format!("select count(*) from notifications where account_id = '{person}' and kind = 'sold'");
        told_of_sales += world.database.number(&sold).await;
        owned += cards::owned_by(&world.store, *person).await.unwrap().len();
    }
    assert_eq!(told_of_sales, sales, "each sale was told its seller once");
    assert_eq!(owned as i64, world.database.number("select count(*) from cards").await);
    let on_sale = world.database.number("select count(*) from cards where price_cents is not null").await;
    let page = market::browse(&world.store, &Query::default()).await.unwrap();
    assert_eq!(page.matches as i64, on_sale);
}
