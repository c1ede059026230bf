//! Who lives in the demo: how they register, activate by the link in their mail, and sign in.

use std::time::{Duration, Instant};

use backend::accounts::{self, Registration};
use backend::{Store, mail};
use domain::{AccountId, EmailAddress, Password, Username};

use crate::filling::Failure;
use crate::letters::Letters;

/// Usernames; the first is the one to sign in with.
pub const PEOPLE: [&str; 12] = [
    "mira", "tomasz", "ines", "olu", "kenji", "saoirse", "bruno", "amara", "linnea", "rafael", "yuki",
    "farid",
];
/// Everybody's.
pub const PASSWORD: &str = "demo-password";

/// A node may take a letter out of the demo's hands and write it itself; it looks every two seconds.
const LETTER_TIMEOUT: Duration = Duration::from_secs(30);
const LETTER_INTERVAL: Duration = Duration::from_millis(50);

/// Makes all accounts, at once: hashing passwords is what takes time. In the order of [`PEOPLE`].
pub(crate) async fn settle(store: &Store, letters: &Letters) -> Result<Vec<AccountId>, Failure> {
    let arrivals: Vec<_> =
        PEOPLE.into_iter().map(|name| tokio::spawn(arrive(store.clone(), letters.clone(), name))).collect();
    let mut accounts = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        accounts.push(arrival.await.map_err(Failure::new)??);
    }
    Ok(accounts)
}

async fn arrive(store: Store, letters: Letters, name: &'static str) -> Result<AccountId, Failure> {
    // RFC 2606 keeps the domain free of real mailboxes.
    let address = format!("{name}@example.com");
    let registration = Registration {
        username: Username::parse(name)?,
        email: EmailAddress::parse(&address)?,
        password: Password::parse(PASSWORD)?,
    };
    accounts::register(&store, registration).await?;
    let token = receive(&store, &letters, &address).await?;
    accounts::activate(&store, &token).await?;
    Ok(accounts::sign_in(&store, name, PASSWORD).await?)
}

async fn receive(store: &Store, letters: &Letters, address: &str) -> Result<String, Failure> {
    let started = Instant::now();
    loop {
        mail::deliver_due(store).await?;
        if let Some(token) = letters.take_token(address).map_err(Failure::new)? {
            return Ok(token);
        }
        if started.elapsed() > LETTER_TIMEOUT {
            return Err(Failure::new(format!("no activation mail for {address} came into the mail folder")));
        }
        tokio::time::sleep(LETTER_INTERVAL).await;
    }
}
