//! Everything that the store can do, once, so that each of its statements is heard.

use backend::ledger::Filter;
use backend::market::{Query, Sort};
use backend::{accounts, admin, cards, ledger, mail, market, notifications, watching};
use domain::{AltText, CardName};

use crate::support::{PASSWORD, World, address, cents, password, registration};

pub(crate) async fn everything(world: &World) {
    accounts_and_mail(world).await;
    cards_and_market(world).await;
    browsing(world).await;
    operators(world).await;
    leaving(world).await;
}

async fn accounts_and_mail(world: &World) {
    let store = &world.store;
    let ana = world.person("ana").await;
    world.cooldowns_end().await;
    accounts::register(store, registration("other", "ana@example.com")).await.unwrap();
    assert!(accounts::register(store, registration("ana", "other@example.com")).await.is_err());
    world.registers("eve", "eve@example.com").await.unwrap();
    world.cooldowns_end().await;
    world.resends("eve@example.com").await;
    accounts::sign_in(store, "ana@example.com", PASSWORD).await.unwrap();
    accounts::profile(store, ana).await.unwrap();
    accounts::details(store, ana).await.unwrap();

    accounts::ask_for_reset(store, address("ana@example.com")).await.unwrap();
    let token = world.letters_to("ana@example.com").await.pop().unwrap().token_for("reset");
    accounts::reset_password(store, &token, password(PASSWORD)).await.unwrap();
    accounts::change_password(store, ana, PASSWORD, password(PASSWORD)).await.unwrap();
    accounts::change_email(store, ana, PASSWORD, address("new@example.com")).await.unwrap();
    assert!(accounts::change_email(store, ana, PASSWORD, address("new@example.com")).await.is_err());
    let token = world.letters_to("new@example.com").await.pop().unwrap().token_for("account/email");
    accounts::confirm_email(store, &token).await.unwrap();
    mail::deliver_due(store).await.unwrap();
}

async fn cards_and_market(world: &World) {
    let store = &world.store;
    let (bob, cy) = (world.person("bob").await, world.person("cyd").await);
    let card = world.card(bob).await;
    let (name, alt) = (CardName::parse("Joker").unwrap(), AltText::default());
    cards::edit(store, bob, card, name, alt).await.unwrap();
    cards::owned_by(store, bob).await.unwrap();
    cards::collection(store, bob).await.unwrap();
    market::list(store, bob, card, cents(5_00)).await.unwrap();
    assert!(market::list(store, bob, card, cents(5_00)).await.is_err());
    assert!(cards::delete(store, bob, card).await.is_err());
    watching::watch(store, cy, card).await.unwrap();
    watching::unwatch(store, cy, card).await.unwrap();
    watching::watch(store, world.member().await, card).await.unwrap();
    world.reprices(bob, card, 4_00).await;
    assert!(market::reprice(store, bob, card, 1, cents(3_00)).await.is_err());
    let seen = cards::detail(store, card, Some(cy)).await.unwrap().version;
    market::cancel(store, bob, card, seen).await.unwrap();
    market::list(store, bob, card, cents(4_00)).await.unwrap();

    let terms = world.terms(cy, card).await;
    market::buy(store, cy, terms).await.unwrap();
    market::buy(store, cy, terms).await.unwrap();
    assert!(market::buy(store, bob, terms).await.is_err());
    let dear = world.card_on_sale(bob, 900_00).await;
    let short = world.terms(cy, dear).await;
    assert!(market::buy(store, cy, short).await.is_err());
    world.reprices(bob, dear, 800_00).await;
    assert!(market::buy(store, cy, short).await.is_err());
    market::receipt(store, cy, terms.key).await.unwrap();
    for filter in [Filter::All, Filter::Bought, Filter::Sold] {
        ledger::entries(store, cy, filter, None).await.unwrap();
    }
    ledger::all(store, cy).await.unwrap();
    notifications::inbox(store, bob, None).await.unwrap();
    notifications::after(store, bob, 0).await.unwrap();
    notifications::mark_all_read(store, bob, 1).await.unwrap();
    accounts::export(store, bob).await.unwrap();
    cards::delete(store, cy, card).await.unwrap();
}

async fn browsing(world: &World) {
    world.crowd(world.member().await, "common").await;
    for sort in [Sort::Newest, Sort::CheapestFirst, Sort::DearestFirst] {
        for seller in [None, Some("bob".to_owned())] {
            for lowest in [None, Some(cents(1))] {
                for text in [None, Some("ace".to_owned()), Some("common".to_owned())] {
                    let (seller, text) = (seller.clone(), text.clone());
                    let query = Query { text, seller, lowest, sort, ..Query::default() };
                    market::browse(&world.store, &query).await.unwrap();
                }
            }
        }
    }
}

async fn operators(world: &World) {
    let store = &world.store;
    world.registers("dan", "dan@example.com").await.unwrap();
    admin::resend_activation(store, "dan").await.unwrap();
    admin::activate(store, "dan@example.com").await.unwrap();
    admin::adjust(store, "dan", cents(7)).await.unwrap();
    admin::adjust(store, "dan", cents(-7)).await.unwrap();
    admin::suspend(store, "dan").await.unwrap();
    admin::reinstate(store, "dan").await.unwrap();
    let card = world.card_on_sale(world.member().await, 1).await;
    admin::take_down(store, card).await.unwrap();
}

async fn leaving(world: &World) {
    let cy = accounts::sign_in(&world.store, "cyd", PASSWORD).await.unwrap();
    world.card_on_sale(cy, 1).await;
    accounts::delete(&world.store, cy, PASSWORD).await.unwrap();
}
