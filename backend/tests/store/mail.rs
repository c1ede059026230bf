//! The outbox: letters survive rollbacks, dead mail servers and dead nodes.

use backend::accounts::{self, Registration};
use backend::mail::{self, Delivered, Transport};
use backend::{Settings, Store};
use domain::{EmailAddress, Language, Password, Refusal, Username};
use tokio_util::sync::CancellationToken;

use crate::support::{SmtpServer, World, logged, mails, nowhere, refusal, settings};

fn registration(username: &str) -> Registration {
    Registration {
        username: Username::parse(username).unwrap(),
        email: EmailAddress::parse(&format!("{username}@example.com")).unwrap(),
        password: Password::parse("correct horse").unwrap(),
    }
}

impl World {
    async fn with_smtp(&self, server: &SmtpServer) -> Store {
        let mut settings: Settings = settings(&self.database, &self.folder, nowhere());
        settings.mail.transport = Transport::Smtp { url: server.url.clone() };
        Store::open(settings).await.unwrap()
    }

    /// Backoffs and leases end without anybody waiting for them.
    async fn everything_is_due(&self) {
        self.database.run("update outbox set due_at_ms = 0").await;
    }
}

#[tokio::test]
async fn a_letter_is_plain_text_and_html_and_named_by_its_time() {
    let world = World::new().await;
    accounts::register(&world.store, registration("ana")).await.unwrap();
    assert_eq!(mail::deliver_due(&world.store).await.unwrap(), Delivered { accepted: 1, postponed: 0 });
    let [letter] = &mails(world.folder.path())[..] else { panic!("one letter") };

    let (time_ms, rest) = letter.file.split_once('-').unwrap();
    assert!(time_ms.parse::<i64>().unwrap() > 1_700_000_000_000);
    assert!(rest.strip_suffix(".eml").unwrap().parse::<uuid::Uuid>().is_ok());
    for part in [
        "From: CardStore <cards@example.com>",
        "To: ana@example.com",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "Hello ana,",
        "<a href=\"https://cards.example.com/activate?token=",
    ] {
        assert!(letter.text.contains(part), "{part} in {}", letter.text);
    }
    assert_eq!(std::fs::read_dir(world.folder.path()).unwrap().count(), 1, "nothing unfinished is left");
}

#[tokio::test]
async fn a_letter_is_written_in_the_language_of_whoever_caused_it_by_whichever_node_sends_it() {
    let world = World::new().await;
    accounts::register(&world.store.in_language(Language::German), registration("ana")).await.unwrap();
    mail::deliver_due(&world.another_node().await).await.unwrap();
    let [letter] = &mails(world.folder.path())[..] else { panic!("one letter") };
    assert_eq!(letter.subject(), "Aktiviere dein Konto bei CardStore");
    for part in ["Hallo ana,", "100,00 warten auf dich", "<html lang=\"de\">", "/activate?token="] {
        assert!(letter.text.contains(part), "{part} in {}", letter.text);
    }
}

#[tokio::test]
async fn a_refused_registration_sends_nothing() {
    let world = World::new().await;
    world.named_member("ana").await;
    let mut taken = registration("ana");
    taken.email = EmailAddress::parse("other@example.com").unwrap();
    assert_eq!(refusal(accounts::register(&world.store, taken).await), Refusal::UsernameTaken);
    assert_eq!(mail::deliver_due(&world.store).await.unwrap(), Delivered::default());
}

#[tokio::test]
async fn a_letter_goes_out_by_smtp_once() {
    let world = World::new().await;
    let server = SmtpServer::start(0).await;
    let store = world.with_smtp(&server).await;
    accounts::register(&store, registration("ana")).await.unwrap();
    for accepted in [1, 0] {
        assert_eq!(mail::deliver_due(&store).await.unwrap(), Delivered { accepted, postponed: 0 });
    }
    let [letter] = &server.accepted()[..] else { panic!("one letter") };
    assert!(letter.contains("Subject: Activate your CardStore account"));
    assert!(mails(world.folder.path()).is_empty());
}

#[tokio::test]
async fn a_mail_server_that_refuses_is_asked_again_later_and_longer_apart() {
    let world = World::new().await;
    let server = SmtpServer::start(3).await;
    let store = world.with_smtp(&server).await;
    accounts::register(&store, registration("ana")).await.unwrap();
    let mut waited_ms = 0;
    for _ in 0..3 {
        let outcome = mail::deliver_due(&store).await.unwrap();
        assert_eq!(outcome, Delivered { accepted: 0, postponed: 1 });
        let wait_ms = world.database.number("select due_at_ms - created_at_ms from outbox").await;
        assert!(wait_ms > waited_ms);
        waited_ms = wait_ms;
        world.everything_is_due().await;
    }
    assert_eq!(mail::deliver_due(&store).await.unwrap(), Delivered { accepted: 1, postponed: 0 });
    assert_eq!(server.accepted().len(), 1);
}

#[tokio::test]
async fn a_refused_letter_is_logged_without_its_address() {
    let world = World::new().await;
    let server = SmtpServer::start(1).await;
    let store = world.with_smtp(&server).await;
    accounts::register(&store, registration("ana")).await.unwrap();
    let log = logged(async { mail::deliver_due(&store).await.unwrap() }).await;
    assert!(log.contains("a letter waits") && log.contains("451"), "{log}");
    assert!(!log.contains("ana@example.com") && !log.contains("token="), "{log}");
}

#[tokio::test]
async fn a_dead_mail_server_loses_nothing() {
    let world = World::new().await;
    let mut dead = settings(&world.database, &world.folder, nowhere());
    dead.mail.transport = Transport::Smtp { url: "smtp://127.0.0.1:9".into() };
    let store = Store::open(dead).await.unwrap();
    accounts::register(&store, registration("ana")).await.unwrap();
    assert_eq!(mail::deliver_due(&store).await.unwrap(), Delivered { accepted: 0, postponed: 1 });
    world.everything_is_due().await;
    assert_eq!(mail::deliver_due(&world.store).await.unwrap(), Delivered { accepted: 1, postponed: 0 });
    assert!(mails(world.folder.path())[0].is_to("ana@example.com"));
}

#[tokio::test]
async fn a_letter_whose_node_died_is_sent_by_another_when_its_lease_ends() {
    let world = World::new().await;
    accounts::register(&world.store, registration("ana")).await.unwrap();
    // A node claimed it and died.
    let hour_ms = 60 * 60 * 1000;
    world.database.run(&format!("update outbox set due_at_ms = due_at_ms + {hour_ms}, tries = 1")).await;
    let other = world.another_node().await;
    assert_eq!(mail::deliver_due(&other).await.unwrap(), Delivered::default());
    world.everything_is_due().await;
    assert_eq!(mail::deliver_due(&other).await.unwrap(), Delivered { accepted: 1, postponed: 0 });
}

#[tokio::test]
async fn the_background_delivers_until_it_is_stopped() {
    let world = World::new().await;
    let stop = CancellationToken::new();
    let background = tokio::spawn({
        let (store, stop) = (world.store.clone(), stop.clone());
        async move { store.run_background(stop).await }
    });
    accounts::register(&world.store, registration("ana")).await.unwrap();
    while mails(world.folder.path()).is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    stop.cancel();
    background.await.unwrap();
}
