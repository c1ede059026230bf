//! The inbox: what happened while somebody was away, without gaps and in order.

use backend::{accounts, cards, market, notifications, watching};
use domain::{AccountId, Inbox, Notification, NotificationKind, Refusal, Terms};
use futures::future::join_all;

use crate::support::{World, cents, refusal};

impl World {
    async fn inbox(&self, account: AccountId) -> Inbox {
        notifications::inbox(&self.store, account, None).await.unwrap()
    }

    /// What the bell counts, which every page and the inbox agree on.
    async fn unread(&self, account: AccountId) -> i64 {
        let unread = notifications::unread(&self.store, account).await.unwrap();
        assert_eq!(self.inbox(account).await.unread, unread);
        let (profile, newest) = (accounts::profile(&self.store, account), self.inbox(account));
        let (profile, newest) = (profile.await.unwrap().unwrap(), newest.await.notifications);
        assert_eq!(profile.unread, unread);
        assert_eq!(profile.newest, newest.first().map_or(0, |newest| newest.number));
        unread
    }
}

fn numbers(notifications: &[Notification]) -> Vec<i64> {
    notifications.iter().map(|notification| notification.number).collect()
}

#[tokio::test]
async fn the_seller_hears_of_a_sale_once() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    assert_eq!(world.inbox(ana).await, Inbox::default());
    let card = world.named_card(ana, "<b>Ace</b>").await;
    market::list(&world.store, ana, card, cents(12_50)).await.unwrap();
    let terms = world.terms(bo, card).await;
    for _ in 0..2 {
        market::buy(&world.store, bo, terms).await.unwrap();
    }
    let inbox = world.inbox(ana).await;
    let [told] = &inbox.notifications[..] else { panic!("{inbox:?}") };
    assert_eq!((told.number, told.kind, told.card, told.read), (1, NotificationKind::Sold, card, false));
    assert_eq!((told.card_name.as_str(), told.amount), ("<b>Ace</b>", Some(cents(12_50))));
    assert_eq!((world.unread(ana).await, world.unread(bo).await), (1, 0));

    cards::delete(&world.store, bo, card).await.unwrap();
    assert_eq!(world.inbox(ana).await.notifications.len(), 1, "it outlives the card");
}

#[tokio::test]
async fn a_refused_purchase_tells_nobody() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 200_00).await;
    let terms = world.terms(bo, card).await;
    assert_eq!(refusal(market::buy(&world.store, bo, terms).await), Refusal::Short { by: cents(100_00) });
    let forged = Terms { price: cents(1), ..terms };
    assert!(market::buy(&world.store, bo, forged).await.is_err());
    assert_eq!(world.unread(ana).await, 0);
}

#[tokio::test]
async fn whoever_watches_hears_of_a_lower_price_and_of_no_higher_one() {
    let world = World::new().await;
    let (ana, bo, cy) = (world.member().await, world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    watching::watch(&world.store, bo, card).await.unwrap();
    for price in [12_00, 12_00, 9_00] {
        world.reprices(ana, card, price).await;
    }
    let inbox = world.inbox(bo).await;
    let told: Vec<_> = inbox.notifications.iter().map(|told| (told.kind, told.amount)).collect();
    assert_eq!(told, [(NotificationKind::PriceDropped, Some(cents(9_00)))]);
    assert_eq!((world.unread(ana).await, world.unread(cy).await), (0, 0));

    let stale = market::reprice(&world.store, ana, card, 2, cents(1_00)).await;
    assert_eq!(refusal(stale), Refusal::ListingChanged);
    assert_eq!(world.unread(bo).await, 1, "a refused price is no news");
}

#[tokio::test]
async fn whoever_watches_hears_of_a_sale_to_somebody_else() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let card = world.card_on_sale(ana, 10_00).await;
    let mut watchers = Vec::new();
    for _ in 0..5 {
        let watcher = world.member().await;
        watching::watch(&world.store, watcher, card).await.unwrap();
        watchers.push(watcher);
    }
    watching::watch(&world.store, bo, card).await.unwrap();
    world.buys(bo, card).await;
    for watcher in watchers {
        let inbox = world.inbox(watcher).await;
        let told: Vec<_> = inbox.notifications.iter().map(|told| (told.kind, told.amount)).collect();
        assert_eq!(told, [(NotificationKind::WatchedSold, Some(cents(10_00)))]);
    }
    assert_eq!(world.unread(bo).await, 0, "the buyer knows");
    assert!(!cards::detail(&world.store, card, Some(bo)).await.unwrap().watched, "and owns it now");
    assert_eq!(world.inbox(ana).await.notifications[0].kind, NotificationKind::Sold);
}

#[tokio::test]
async fn an_inbox_is_read_page_by_page_and_caught_up_from_a_number() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    let all = notifications::PAGE_SIZE as i64 + 3;
    for _ in 0..all {
        world.buys(bo, world.card_on_sale(ana, 1).await).await;
    }
    let first = world.inbox(ana).await;
    let second = notifications::inbox(&world.store, ana, first.next).await.unwrap();
    assert_eq!((first.notifications.len(), second.next), (notifications::PAGE_SIZE, None));
    let mut read = numbers(&first.notifications);
    read.extend(numbers(&second.notifications));
    assert_eq!(read, (1..=all).rev().collect::<Vec<_>>());

    let missed = notifications::after(&world.store, ana, all - 2).await.unwrap();
    assert_eq!(numbers(&missed), [all - 1, all], "oldest first");
    assert!(notifications::after(&world.store, ana, all).await.unwrap().is_empty());
    let mine = notifications::after(&world.store, ana, 0).await.unwrap();
    assert_eq!(mine.len() as i64, all.min(notifications::MOST_CAUGHT_UP));
    assert!(notifications::after(&world.store, bo, 0).await.unwrap().is_empty(), "nobody else's");
}

#[tokio::test]
async fn marking_as_read_leaves_what_was_not_seen() {
    let world = World::new().await;
    let (ana, bo) = (world.member().await, world.member().await);
    for _ in 0..3 {
        world.buys(bo, world.card_on_sale(ana, 1).await).await;
    }
    notifications::mark_all_read(&world.store, bo, 3).await.unwrap();
    assert_eq!(world.unread(ana).await, 3, "somebody else marked theirs");
    notifications::mark_all_read(&world.store, ana, 2).await.unwrap();
    let inbox = world.inbox(ana).await;
    let read: Vec<_> = inbox.notifications.iter().map(|told| told.read).collect();
    assert_eq!((read, world.unread(ana).await), (vec![false, true, true], 1));
    notifications::mark_all_read(&world.store, ana, i64::MAX).await.unwrap();
    assert_eq!(world.unread(ana).await, 0);
}

#[tokio::test]
async fn the_bell_counts_up_to_a_bound() {
    let world = World::new().await;
    let ana = world.member().await;
    for number in 1..=domain::notification::COUNTED_UP_TO + 1 {
        world
            .database
            .run(&format!(
                "insert into notifications (account_id, number, kind, card_id, card_name, at_ms) \
                 values ('{ana}', {number}, 'sold', '{ana}', 'Ace', 0)"
            ))
            .await;
    }
    assert_eq!(world.unread(ana).await, domain::notification::COUNTED_UP_TO);
}

#[tokio::test(flavor = "multi_thread")]
async fn news_from_everywhere_at_once_are_numbered_without_gaps() {
    let world = World::new().await;
    let other = world.another_node().await;
    let people = [world.member().await, world.member().await, world.member().await, world.member().await];
    let mut acts = Vec::new();
    for (place, owner) in people.iter().enumerate() {
        for round in 0..6 {
            let card = world.card_on_sale(*owner, 2_00).await;
            for watcher in people.iter().filter(|person| *person != owner) {
                watching::watch(&world.store, *watcher, card).await.unwrap();
            }
            let buyer = people[(place + 1 + round % 3) % 4];
            let terms = world.terms(buyer, card).await;
            let store = if round % 2 == 0 { world.store.clone() } else { other.clone() };
            acts.push(tokio::spawn(async move { market::buy(&store, buyer, terms).await }));
        }
    }
    for act in join_all(acts).await {
        act.unwrap().unwrap();
    }
    for person in people {
        let told = notifications::after(&world.store, person, 0).await.unwrap();
        assert_eq!(numbers(&told), (1..=told.len() as i64).collect::<Vec<_>>());
        let sold = told.iter().filter(|told| told.kind == NotificationKind::Sold).count();
        assert_eq!((sold, told.len()), (6, 6 + 12), "six sales, and two of three bought by others");
    }
    world.assert_books_are_whole().await;
}
