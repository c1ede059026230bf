//! Choosing a new password: by mail, or by knowing the old one.

use backend::accounts;
use domain::Refusal;
use futures::future::join_all;

use crate::support::{PASSWORD, World, address, password, refusal};

const NEW: &str = "battery staple";

impl World {
    async fn forgets_password(&self, email: &str) {
        accounts::ask_for_reset(&self.store, address(email)).await.unwrap();
    }

    async fn reset_token(&self, email: &str) -> String {
        self.forgets_password(email).await;
        self.letters_to(email).await.pop().unwrap().token_for("reset")
    }
}

#[tokio::test]
async fn whoever_forgot_a_password_chooses_a_new_one_by_mail() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    let token = world.reset_token("ana@example.com").await;
    let letters = world.letters_to("ana@example.com").await;
    assert_eq!(letters[1].subject(), "Choose a new password for CardStore");

    assert_eq!(accounts::reset_password(&world.store, &token, password(NEW)).await.unwrap(), ana);
    assert_eq!(accounts::sign_in(&world.store, "ana", NEW).await.unwrap(), ana);
    let old = accounts::sign_in(&world.store, "ana", PASSWORD).await;
    assert_eq!(refusal(old), Refusal::WrongCredentials);
}

#[tokio::test]
async fn a_link_to_a_new_password_works_once() {
    let world = World::new().await;
    world.person("ana").await;
    let token = world.reset_token("ana@example.com").await;
    accounts::reset_password(&world.store, &token, password(NEW)).await.unwrap();
    let again = accounts::reset_password(&world.store, &token, password("a third one")).await;
    assert_eq!(refusal(again), Refusal::LinkUnknown);
    accounts::sign_in(&world.store, "ana", NEW).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_new_password_that_is_used_twice_at_once_works_once() {
    let world = World::new().await;
    let other = world.another_node().await;
    world.person("ana").await;
    let token = world.reset_token("ana@example.com").await;
    let resetting = (0..4).map(|number| {
        let store = if number % 2 == 0 { world.store.clone() } else { other.clone() };
        let token = token.clone();
        tokio::spawn(async move {
            accounts::reset_password(&store, &token, password(&format!("password {number}"))).await
        })
    });
    let outcomes: Vec<_> = join_all(resetting).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let winner = outcomes.iter().position(Result::is_ok).unwrap();
    accounts::sign_in(&world.store, "ana", &format!("password {winner}")).await.unwrap();
    for outcome in outcomes.into_iter().filter(Result::is_err) {
        assert_eq!(refusal(outcome), Refusal::LinkUnknown);
    }
}

#[tokio::test]
async fn a_link_to_a_new_password_lives_for_an_hour_and_is_stored_only_as_a_hash() {
    let world = World::new().await;
    world.person("ana").await;
    let token = world.reset_token("ana@example.com").await;
    let hidden = format!("select count(*) from tokens where hash = '{token}'");
    assert_eq!(world.database.number(&hidden).await, 0);
    let lives = "select t.expires_at_ms - a.reset_mail_at_ms from tokens t \
                 join accounts a on a.id = t.account_id where t.purpose = 'reset'";
    let lives_ms = world.database.number(lives).await;
    assert!((3_600_000..3_660_000).contains(&lives_ms), "{lives_ms}");

    world.database.run("update tokens set expires_at_ms = 1 where purpose = 'reset'").await;
    let late = accounts::reset_password(&world.store, &token, password(NEW)).await;
    assert_eq!(refusal(late), Refusal::LinkExpired);
    accounts::sign_in(&world.store, "ana", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn asking_for_a_new_password_is_answered_the_same_whoever_asks_and_however_often() {
    let world = World::new().await;
    world.person("ana").await;
    for email in ["ANA@example.com", "ana@example.com", "nobody@example.com"] {
        world.forgets_password(email).await;
    }
    assert_eq!(world.letters_to("ana@example.com").await.len(), 2, "one within the cooldown");
    assert!(world.letters_to("nobody@example.com").await.is_empty());
    let first = world.letters_to("ana@example.com").await[1].token_for("reset");

    world.cooldowns_end().await;
    let second = world.reset_token("ana@example.com").await;
    let old = accounts::reset_password(&world.store, &first, password(NEW)).await;
    assert_eq!(refusal(old), Refusal::LinkUnknown, "a new link replaces the old one");
    accounts::reset_password(&world.store, &second, password(NEW)).await.unwrap();
}

#[tokio::test]
async fn an_account_that_waits_for_activation_gets_its_activation_link() {
    let world = World::new().await;
    world.registers("ana", "ana@example.com").await.unwrap();
    world.cooldowns_end().await;
    world.forgets_password("ana@example.com").await;
    let letters = world.letters_to("ana@example.com").await;
    assert_eq!(letters.len(), 2);
    accounts::activate(&world.store, &letters[1].token()).await.unwrap();
}

#[tokio::test]
async fn links_are_for_one_purpose_only() {
    let world = World::new().await;
    world.person("ana").await;
    let reset = world.reset_token("ana@example.com").await;
    assert_eq!(refusal(accounts::activate(&world.store, &reset).await), Refusal::LinkUnknown);
    assert_eq!(refusal(accounts::confirm_email(&world.store, &reset).await), Refusal::LinkUnknown);
    world.registers("bob", "bob@example.com").await.unwrap();
    let activation = world.letters_to("bob@example.com").await[0].token();
    let outcome = accounts::reset_password(&world.store, &activation, password(NEW)).await;
    assert_eq!(refusal(outcome), Refusal::LinkUnknown);
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    for wrong in ["", "wrong horse", &"x".repeat(100_000)] {
        let outcome = accounts::change_password(&world.store, ana, wrong, password(NEW)).await;
        assert_eq!(refusal(outcome), Refusal::PasswordWrong);
    }
    accounts::sign_in(&world.store, "ana", PASSWORD).await.unwrap();
    accounts::change_password(&world.store, ana, PASSWORD, password(NEW)).await.unwrap();
    accounts::sign_in(&world.store, "ana", NEW).await.unwrap();
    let old = accounts::sign_in(&world.store, "ana", PASSWORD).await;
    assert_eq!(refusal(old), Refusal::WrongCredentials);
    let nobody = uuid::Uuid::now_v7().into();
    let outcome = accounts::change_password(&world.store, nobody, PASSWORD, password(NEW)).await;
    assert_eq!(refusal(outcome), Refusal::SignedOut);
}

#[tokio::test]
async fn a_new_password_ends_the_links_that_were_mailed_before() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    let reset = world.reset_token("ana@example.com").await;
    let email = address("new@example.com");
    accounts::change_email(&world.store, ana, PASSWORD, email).await.unwrap();
    let confirm = world.letters_to("new@example.com").await[0].token_for("account/email");

    accounts::change_password(&world.store, ana, PASSWORD, password(NEW)).await.unwrap();
    let outcome = accounts::reset_password(&world.store, &reset, password("a third one")).await;
    assert_eq!(refusal(outcome), Refusal::LinkUnknown);
    assert_eq!(refusal(accounts::confirm_email(&world.store, &confirm).await), Refusal::LinkUnknown);
}
