//! Who watches which card.

use backend::{cards, market, watching};
use domain::{AccountId, CardId, Refusal};

use crate::support::{World, refusal};

impl World {
    async fn watches(&self, visitor: AccountId, card: CardId) -> bool {
        cards::detail(&self.store, card, Some(visitor)).await.unwrap().watched
    }
}

#[tokio::test]
async fn a_card_is_watched_until_it_is_not() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    for _ in 0..2 {
        watching::watch(&world.store, bo, card).await.unwrap();
        assert!(world.watches(bo, card).await);
    }
    assert!(market::offer(&world.store, bo, card).await.unwrap().card.watched);
    assert!(!world.watches(ana, card).await, "to somebody else it is not");
    assert!(!cards::detail(&world.store, card, None).await.unwrap().watched);
    for _ in 0..2 {
        watching::unwatch(&world.store, bo, card).await.unwrap();
        assert!(!world.watches(bo, card).await);
    }
}

#[tokio::test]
async fn neither_my_own_card_nor_none_is_watched() {
    let world = World::new().await;
    let ana = world.member().await;
    let card = world.card(ana).await;
    assert_eq!(refusal(watching::watch(&world.store, ana, card).await), Refusal::OwnCard);
    let unknown = uuid::Uuid::now_v7().into();
    assert_eq!(refusal(watching::watch(&world.store, ana, unknown).await), Refusal::NotFound);
    let nobody = uuid::Uuid::now_v7().into();
    assert_eq!(refusal(watching::watch(&world.store, nobody, card).await), Refusal::SignedOut);
}

#[tokio::test]
async fn a_deleted_card_is_watched_by_nobody() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card(ana).await;
    watching::watch(&world.store, bo, card).await.unwrap();
    cards::delete(&world.store, ana, card).await.unwrap();
    assert_eq!(world.database.number("select count(*) from watches").await, 0);
}
