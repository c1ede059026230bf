//! Registering, activating, signing in.

use backend::accounts;
use domain::{Money, Refusal};
use futures::future::join_all;

use crate::support::{PASSWORD, World, refusal, registration};

#[tokio::test]
async fn whoever_registers_activates_and_signs_in_has_the_welcome_grant() {
    let world = World::new().await;
    world.registers("Ana", "Ana@Example.com").await.unwrap();
    let letters = world.letters_to("Ana@Example.com").await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject(), "Activate your CardStore account");

    let username = accounts::activate(&world.store, &letters[0].token()).await.unwrap();
    assert_eq!(username.as_str(), "Ana");
    for name in ["Ana", "ana", " ANA ", "ana@example.COM"] {
        let account = accounts::sign_in(&world.store, name, PASSWORD).await.unwrap();
        let profile = accounts::profile(&world.store, account).await.unwrap().unwrap();
        assert_eq!((profile.username.as_str(), profile.balance), ("Ana", Money::WELCOME_GRANT));
    }
    world.assert_books_are_whole().await;
}

#[tokio::test]
async fn a_known_address_is_answered_like_an_unknown_one_and_told_by_mail() {
    let world = World::new().await;
    let ana = world.named_member("ana").await;
    world.registers("somebody", "ANA@example.com").await.unwrap();

    let letters = world.letters_to("ana@example.com").await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject(), "You already have a CardStore account");
    assert!(!letters[0].text.contains("token="));
    assert_eq!(world.database.number("select count(*) from accounts").await, 1);
    assert_eq!(accounts::profile(&world.store, ana).await.unwrap().unwrap().username.as_str(), "ana");
}

#[tokio::test]
async fn registering_again_before_activation_sends_a_new_link_to_the_first_account() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    world.cooldowns_end().await;
    world.registers("anabel", "ana@example.com").await.unwrap();

    let letters = world.letters_to("ana@example.com").await;
    assert_eq!(letters.len(), 2);
    let username = accounts::activate(&world.store, &letters[1].token()).await.unwrap();
    assert_eq!(username.as_str(), "ana");
}

#[tokio::test]
async fn reminders_to_one_address_are_a_minute_apart() {
    let world = World::new().await;
    world.named_member("ana").await;
    world.registers("first", "ana@example.com").await.unwrap();
    world.registers("second", "ana@example.com").await.unwrap();
    assert_eq!(world.letters_to("ana@example.com").await.len(), 1);
    world.cooldowns_end().await;
    world.registers("third", "ana@example.com").await.unwrap();
    assert_eq!(world.letters_to("ana@example.com").await.len(), 2);
}

#[tokio::test]
async fn a_username_in_other_letters_is_taken_too() {
    let world = World::new().await;
    world.named_member("ana").await;
    assert_eq!(refusal(world.registers("ANA", "other@example.com").await), Refusal::UsernameTaken);
    // The same words whether the address is known or not.
    assert_eq!(refusal(world.registers("Ana", "ana@example.com").await), Refusal::UsernameTaken);
    assert!(world.letters_to("other@example.com").await.is_empty());
}

#[tokio::test]
async fn registering_one_username_at_once_makes_one_account() {
    let world = World::new().await;
    let other = world.another_node().await;
    let registering =
        (0..4).map(|number| {
            let store = if number % 2 == 0 { world.store.clone() } else { other.clone() };
            async move {
                accounts::register(&store, registration("ana", &format!("ana{number}@example.com"))).await
            }
        });
    let outcomes = join_all(registering.map(tokio::spawn)).await;
    let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().map(Result::unwrap).partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 3));
    for outcome in refused {
        assert_eq!(refusal(outcome), Refusal::UsernameTaken);
    }
    assert_eq!(world.database.number("select count(*) from outbox").await, 1);
}

#[tokio::test]
async fn a_link_works_twice_and_grants_once() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    let token = world.letters_to("ana@example.com").await[0].token();
    for _ in 0..2 {
        assert_eq!(accounts::activate(&world.store, &token).await.unwrap().as_str(), "ana");
    }
    assert_eq!(world.database.number("select balance_cents from accounts").await, 100_00);
    world.assert_books_are_whole().await;
}

#[tokio::test]
async fn an_unknown_link_and_an_old_one_are_told_apart() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    let token = world.letters_to("ana@example.com").await[0].token();
    for unknown in ["", "x", &token.to_uppercase(), &format!("{token}x")] {
        assert_eq!(refusal(accounts::activate(&world.store, unknown).await), Refusal::LinkUnknown);
    }
    world.database.run("update tokens set expires_at_ms = 1").await;
    assert_eq!(refusal(accounts::activate(&world.store, &token).await), Refusal::LinkExpired);
    assert_eq!(world.database.number("select balance_cents from accounts").await, 0);
}

#[tokio::test]
async fn a_link_lives_for_a_day_and_is_stored_only_as_a_hash() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    let token = world.letters_to("ana@example.com").await[0].token();
    assert_eq!(token.len(), 43, "256 bits in base64");
    let hidden = format!("select count(*) from tokens where hash <> '{token}' and length(hash) = 64");
    assert_eq!(world.database.number(&hidden).await, 1);
    let day_ms = 24 * 60 * 60 * 1000;
    let lives_ms = world
        .database
        .number(
            "select t.expires_at_ms - a.created_at_ms from tokens t join accounts a on a.id = t.account_id",
        )
        .await;
    assert!((day_ms..day_ms + 60_000).contains(&lives_ms), "{lives_ms}");
    assert_eq!(world.database.number("select count(*) from outbox").await, 0, "the sent link is forgotten");
}

#[tokio::test]
async fn a_link_that_is_sent_again_replaces_the_old_one() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    let old = world.letters_to("ana@example.com").await[0].token();
    world.cooldowns_end().await;
    world.resends("ana@EXAMPLE.com").await;
    let new = world.letters_to("ana@example.com").await[1].token();

    assert_eq!(refusal(accounts::activate(&world.store, &old).await), Refusal::LinkUnknown);
    assert_eq!(accounts::activate(&world.store, &new).await.unwrap().as_str(), "ana");
}

#[tokio::test]
async fn resending_is_answered_the_same_whoever_asks_and_however_often() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    world.resends("ana@example.com").await;
    world.resends("nobody@example.com").await;
    assert_eq!(world.letters_to("ana@example.com").await.len(), 1, "within the cooldown nothing is sent");
    assert!(world.letters_to("nobody@example.com").await.is_empty());

    world.named_member("bob").await;
    world.resends("bob@example.com").await;
    assert_eq!(
        world.letters_to("bob@example.com").await[0].subject(),
        "You already have a CardStore account"
    );
}

#[tokio::test]
async fn wrong_names_and_wrong_passwords_sound_the_same() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    for (name, password) in [
        ("ana", "wrong horse"),
        ("ana", ""),
        ("nobody", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("ana", &"x".repeat(100_000)),
        (&"x".repeat(100_000), PASSWORD),
        ("' or 1=1 --", PASSWORD),
    ] {
        assert_eq!(refusal(accounts::sign_in(&world.store, name, password).await), Refusal::WrongCredentials);
    }
}

#[tokio::test]
async fn only_who_knows_the_password_hears_that_the_account_is_not_active() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    assert_eq!(refusal(accounts::sign_in(&world.store, "ana", PASSWORD).await), Refusal::NotActivated);
    assert_eq!(
        refusal(accounts::sign_in(&world.store, "ana", "wrong horse").await),
        Refusal::WrongCredentials
    );
}

#[tokio::test]
async fn nobody_has_a_profile_before_activation() {
    let world = World::new().await;
    let nobody = uuid::Uuid::now_v7().into();
    assert_eq!(accounts::profile(&world.store, nobody).await.unwrap(), None);
    let ana = world.member().await;
    world.database.run("update accounts set activated_at_ms = null").await;
    assert_eq!(accounts::profile(&world.store, ana).await.unwrap(), None);
}
