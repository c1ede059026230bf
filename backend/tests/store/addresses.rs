//! Moving an account to another e-mail address.

use backend::accounts;
use domain::{AccountId, Refusal};

use crate::support::{PASSWORD, World, address, refusal};

impl World {
    async fn moves_to(&self, account: AccountId, email: &str) -> Result<(), backend::Error> {
        accounts::change_email(&self.store, account, PASSWORD, address(email)).await
    }

    async fn address_of(&self, account: AccountId) -> String {
        let details = accounts::details(&self.store, account).await.unwrap().unwrap();
        details.email.as_str().to_owned()
    }
}

#[tokio::test]
async fn an_account_moves_when_the_new_address_confirms_and_the_old_one_is_told() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    world.moves_to(ana, "New@example.com").await.unwrap();
    assert_eq!(world.address_of(ana).await, "ana@example.com", "not before it confirmed");
    assert_eq!(world.letters_to("ana@example.com").await.len(), 1, "only the activation");

    let letter = world.letters_to("New@example.com").await.pop().unwrap();
    assert_eq!(letter.subject(), "Confirm your new address for CardStore");
    for _ in 0..2 {
        let token = letter.token_for("account/email");
        assert_eq!(accounts::confirm_email(&world.store, &token).await.unwrap(), ana);
    }
    assert_eq!(world.address_of(ana).await, "New@example.com");
    accounts::sign_in(&world.store, "new@EXAMPLE.com", PASSWORD).await.unwrap();
    let old = accounts::sign_in(&world.store, "ana@example.com", PASSWORD).await;
    assert_eq!(refusal(old), Refusal::WrongCredentials);
    let told = world.letters_to("ana@example.com").await;
    assert_eq!(told.len(), 2, "confirming twice tells once");
    assert_eq!(told[1].subject(), "Your CardStore account has a new address");
    assert!(!told[1].text.contains("New@example.com") && !told[1].text.contains("token="));
}

#[tokio::test]
async fn a_taken_address_is_answered_the_same_and_its_owner_is_told() {
    let world = World::new().await;
    let (ana, _) = (world.person("ana").await, world.person("bob").await);
    world.moves_to(ana, "BOB@example.com").await.unwrap();
    let letters = world.letters_to("bob@example.com").await;
    assert_eq!(letters[1].subject(), "You already have a CardStore account");
    assert!(!letters[1].text.contains("token="));
    assert_eq!(world.address_of(ana).await, "ana@example.com");
}

#[tokio::test]
async fn an_address_that_somebody_took_meanwhile_is_not_confirmed() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    world.moves_to(ana, "bob@example.com").await.unwrap();
    let token = world.letters_to("bob@example.com").await[0].token_for("account/email");
    let bob = world.person("bob").await;
    assert_eq!(refusal(accounts::confirm_email(&world.store, &token).await), Refusal::LinkUnknown);
    assert_eq!(world.address_of(ana).await, "ana@example.com");
    assert_eq!(world.address_of(bob).await, "bob@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_confirm_one_address_at_once_one_has_it() {
    let world = World::new().await;
    let other = world.another_node().await;
    let (ana, bob) = (world.person("ana").await, world.person("bob").await);
    world.moves_to(ana, "new@example.com").await.unwrap();
    world.moves_to(bob, "new@example.com").await.unwrap();
    let letters = world.letters_to("new@example.com").await;
    let (first, second) = (letters[0].token_for("account/email"), letters[1].token_for("account/email"));
    let (first, second) =
        tokio::join!(accounts::confirm_email(&world.store, &first), accounts::confirm_email(&other, &second));
    let (winner, loser) = if first.is_ok() { (first, second) } else { (second, first) };
    assert_eq!(world.address_of(winner.unwrap()).await, "new@example.com");
    assert_eq!(refusal(loser), Refusal::LinkUnknown);
}

#[tokio::test]
async fn an_old_link_and_an_unknown_one_move_nothing() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    world.moves_to(ana, "new@example.com").await.unwrap();
    let token = world.letters_to("new@example.com").await[0].token_for("account/email");
    world.database.run("update tokens set expires_at_ms = 1 where purpose = 'email'").await;
    assert_eq!(refusal(accounts::confirm_email(&world.store, &token).await), Refusal::LinkExpired);
    assert_eq!(refusal(accounts::confirm_email(&world.store, "x").await), Refusal::LinkUnknown);
    assert_eq!(world.address_of(ana).await, "ana@example.com");
}

#[tokio::test]
async fn only_the_password_moves_an_account_and_only_once_a_minute() {
    let world = World::new().await;
    let ana = world.person("ana").await;
    let wrong = accounts::change_email(&world.store, ana, "wrong horse", address("new@example.com")).await;
    assert_eq!(refusal(wrong), Refusal::PasswordWrong);
    world.moves_to(ana, "new@example.com").await.unwrap();
    let Refusal::TooManyTries { seconds } = refusal(world.moves_to(ana, "other@example.com").await) else {
        panic!("within the cooldown")
    };
    assert!((1..=60).contains(&seconds), "{seconds}");
    world.cooldowns_end().await;
    let old = world.letters_to("new@example.com").await[0].token_for("account/email");
    world.moves_to(ana, "other@example.com").await.unwrap();
    assert_eq!(refusal(accounts::confirm_email(&world.store, &old).await), Refusal::LinkUnknown);
}
